# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT as one ONNX graph: two 8-bit images in, the fused image and the weights out.

Convention:
    All that decides which table entries a pixel reads is float32 that holds whole numbers
    below 2**24, so it is exact. In a float16 graph only the context network is float16.
    Images come as (height, width, 3) and (height, width), without a batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.onnx_simplex import look_up
from fusion_ros.backends.mm_lut.signals import LEAKY_SLOPE
from fusion_ros.core.luma import LUMA_BLUE, LUMA_GREEN, LUMA_HALF, LUMA_RED, LUMA_SHIFT
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE
from fusion_ros.engines.onnx_writer import OnnxWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_ros.backends.mm_lut.model import MmLutModel

# Type of the context network's arithmetic, by name of the graph's precision.
NETWORK_TYPES: Mapping[str, str] = {"fp32": "float32", "fp16": "float16"}
SOBEL = np.array(
    [[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]], [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]]]], np.float32
)
IMAGE_AXES = (0, 1)


def export_onnx(model: MmLutModel, precision: str, model_sha256: str) -> bytes:
    """Write a model as an ONNX file.

    Args:
        model: The table and the context network.
        precision: ``fp32`` or ``fp16``.
        model_sha256: Checksum of the model's own file, noted in the metadata.

    Returns:
        The file, with inputs ``visible`` (height, width, 3) and ``thermal`` (height, width),
        and outputs ``fused`` (height, width, 3), all uint8, and ``weight`` (height, width)
        float32 in [0, 1].
    """
    onnx = OnnxWriter()
    visible = onnx.cast(onnx.input("visible", "uint8", ("height", "width", 3)), "float32")
    colours = onnx.apply("Transpose", visible, perm=[2, 0, 1])
    thermal = onnx.cast(onnx.input("thermal", "uint8", ("height", "width")), "float32")
    grey = _luma(onnx, colours)
    context = _context(onnx, model, grey, thermal, NETWORK_TYPES[precision])
    signals = (
        onnx.apply("Div", grey, onnx.number(255)),
        _gradient(onnx, grey),
        _upsample(onnx, context, like=grey),
        onnx.apply("Div", thermal, onnx.number(255)),
    )
    # The five shares add up to 1 only to within rounding.
    found = onnx.apply("Div", look_up(onnx, model.table, signals), onnx.number(255))
    weight = onnx.apply("Clip", found, onnx.number(0), onnx.number(1))
    fused = _blend(onnx, colours, grey, thermal, weight)
    onnx.output("fused", fused, "uint8", ("height", "width", 3))
    onnx.output("weight", weight, "float32", ("height", "width"))
    return onnx.to_bytes("mm_lut", {"precision": precision, "model_sha256": model_sha256})


def _luma(onnx: OnnxWriter, colours: str) -> str:
    """(height, width) luma in whole levels of (3, height, width); each partial sum is exact."""
    shares = np.array([LUMA_BLUE, LUMA_GREEN, LUMA_RED], dtype=np.float32)
    products = onnx.apply("Mul", colours, onnx.constant(shares[:, None, None]))
    total = onnx.apply("ReduceSum", products, onnx.integers(0), keepdims=0)
    rounded = onnx.apply("Add", total, onnx.number(LUMA_HALF))
    return onnx.apply("Floor", onnx.apply("Mul", rounded, onnx.number(2.0**-LUMA_SHIFT)))


def _planes(onnx: OnnxWriter, image: str) -> str:
    """(height, width) as (1, 1, height, width), for operators on images."""
    return onnx.apply("Unsqueeze", image, onnx.integers(*IMAGE_AXES))


def _pad(onnx: OnnxWriter, planes: str, before: int, after: int) -> str:
    """Replicate the borders."""
    amounts = onnx.integers(0, 0, before, before, 0, 0, after, after)
    return onnx.apply("Pad", planes, amounts, mode="edge")


def _gradient(onnx: OnnxWriter, grey: str) -> str:
    """The gradient signal; sums of at most 2040 are exact."""
    padded = _pad(onnx, _planes(onnx, grey), 1, 1)
    slopes = onnx.apply("Abs", onnx.apply("Conv", padded, onnx.constant(SOBEL)))
    axes = onnx.integers(*IMAGE_AXES)
    magnitude = onnx.apply("ReduceSum", slopes, axes, keepdims=0)
    limit = onnx.number(GRADIENT_FULL_SCALE)
    return onnx.apply("Sqrt", onnx.apply("Div", onnx.apply("Min", magnitude, limit), limit))


def _context(onnx: OnnxWriter, model: MmLutModel, grey: str, thermal: str, dtype: str) -> str:
    """(1, 1, rows, columns) context signal on the grid of blocks."""
    hidden = onnx.cast(_block_features(onnx, grey, thermal), dtype)
    for index, layer in enumerate(model.layers):
        padded = _pad(onnx, hidden, layer.dilation, layer.dilation)
        weight = onnx.constant(layer.weight.astype(dtype))
        bias = onnx.constant(layer.bias.astype(dtype))
        hidden = onnx.apply("Conv", padded, weight, bias, dilations=[layer.dilation] * 2)
        if index + 1 < len(model.layers):
            hidden = onnx.apply("LeakyRelu", hidden, alpha=LEAKY_SLOPE)
    return onnx.cast(onnx.apply("Sigmoid", hidden), "float32")


def _block_features(onnx: OnnxWriter, grey: str, thermal: str) -> str:
    """(1, 4, rows, columns): mean and maximum of the blocks of both images.

    Blocks that the border cuts miss at most a side less one pixel; with that much border,
    windows that would leave the image are left out, and those that remain are the blocks.
    """
    side = [CONTEXT_STRIDE_PX] * 2
    features = []
    for image in (grey, thermal):
        padded = _pad(onnx, _planes(onnx, image), 0, CONTEXT_STRIDE_PX - 1)
        for pool in ("AveragePool", "MaxPool"):
            features.append(onnx.apply(pool, padded, kernel_shape=side, strides=side))
    joined = onnx.apply("Concat", *features, axis=1)
    return onnx.apply("Div", joined, onnx.number(255))


def _upsample(onnx: OnnxWriter, context: str, like: str) -> str:
    """The context signal of each pixel of `like`."""
    scales = onnx.constant(np.array([1, 1, CONTEXT_STRIDE_PX, CONTEXT_STRIDE_PX], np.float32))
    # The second input, a region of interest, is not used by this way of resizing.
    whole = onnx.apply(
        "Resize", context, "", scales, mode="linear", coordinate_transformation_mode="half_pixel"
    )
    plane = onnx.apply("Squeeze", whole, onnx.integers(*IMAGE_AXES))
    size = onnx.apply("Shape", like)
    return onnx.apply("Slice", plane, onnx.integers(0, 0), size, onnx.integers(*IMAGE_AXES))


def _blend(onnx: OnnxWriter, colours: str, grey: str, thermal: str, weight: str) -> str:
    """Move luma towards the thermal grey, keeping chroma."""
    moved = onnx.apply("Mul", weight, onnx.apply("Sub", thermal, grey))
    change = onnx.apply("Floor", onnx.apply("Add", moved, onnx.number(0.5)))
    shifted = onnx.apply("Add", colours, onnx.apply("Unsqueeze", change, onnx.integers(0)))
    clipped = onnx.apply("Clip", shifted, onnx.number(0), onnx.number(255))
    return onnx.cast(onnx.apply("Transpose", clipped, perm=[1, 2, 0]), "uint8")
