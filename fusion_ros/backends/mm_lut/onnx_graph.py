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

from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.graphs.onnx_images import (
    IMAGE_AXES,
    block_features,
    cut_to,
    enlarge,
    fused_images,
    pad,
    planes,
    source_images,
)
from fusion_ros.backends.mm_lut.onnx_simplex import look_up
from fusion_ros.backends.mm_lut.signals import LEAKY_SLOPE
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE
from fusion_ros.engines.onnx_writer import OnnxWriter

if TYPE_CHECKING:
    from fusion_ros.backends.mm_lut.model import MmLutModel

SOBEL = np.array(
    [[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]], [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]]]], np.float32
)


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
    colours, grey, thermal = source_images(onnx)
    context = _context(onnx, model, grey, thermal, PRECISIONS[precision])
    signals = (
        onnx.apply("Div", grey, onnx.number(255)),
        _gradient(onnx, grey),
        _pixel_context(onnx, context, grey),
        onnx.apply("Div", thermal, onnx.number(255)),
    )
    # The five shares add up to 1 only to within rounding.
    found = onnx.apply("Div", look_up(onnx, model.table, signals), onnx.number(255))
    weight = onnx.apply("Clip", found, onnx.number(0), onnx.number(1))
    moved = onnx.apply("Mul", weight, onnx.apply("Sub", thermal, grey))
    fused_images(onnx, colours, moved, weight)
    return onnx.to_bytes("mm_lut", {"precision": precision, "model_sha256": model_sha256})


def _gradient(onnx: OnnxWriter, grey: str) -> str:
    """The gradient signal; sums of at most 2040 are exact."""
    padded = pad(onnx, planes(onnx, grey), 1, 1)
    slopes = onnx.apply("Abs", onnx.apply("Conv", padded, onnx.constant(SOBEL)))
    axes = onnx.integers(*IMAGE_AXES)
    magnitude = onnx.apply("ReduceSum", slopes, axes, keepdims=0)
    limit = onnx.number(GRADIENT_FULL_SCALE)
    return onnx.apply("Sqrt", onnx.apply("Div", onnx.apply("Min", magnitude, limit), limit))


def _pixel_context(onnx: OnnxWriter, context: str, like: str) -> str:
    """The context signal of each pixel of `like`."""
    whole = enlarge(onnx, context, CONTEXT_STRIDE_PX)
    return cut_to(onnx, onnx.apply("Squeeze", whole, onnx.integers(*IMAGE_AXES)), like)


def _context(onnx: OnnxWriter, model: MmLutModel, grey: str, thermal: str, dtype: str) -> str:
    """(1, 1, rows, columns) context signal on the grid of blocks."""
    hidden = onnx.cast(block_features(onnx, (grey, thermal), CONTEXT_STRIDE_PX), dtype)
    for index, layer in enumerate(model.layers):
        padded = pad(onnx, hidden, layer.dilation, layer.dilation)
        weight = onnx.constant(layer.weight.astype(dtype))
        bias = onnx.constant(layer.bias.astype(dtype))
        hidden = onnx.apply("Conv", padded, weight, bias, dilations=[layer.dilation] * 2)
        if index + 1 < len(model.layers):
            hidden = onnx.apply("LeakyRelu", hidden, alpha=LEAKY_SLOPE)
    return onnx.cast(onnx.apply("Sigmoid", hidden), "float32")
