# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Parts of graphs that fuse images: sources, blocks of pixels, resizing, colour.

Convention:
    Images come and go as (height, width, 3) and (height, width), without a batch. Luma and
    thermal grey are float32 that holds whole numbers, so they are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.luma import LUMA_BLUE, LUMA_GREEN, LUMA_HALF, LUMA_RED, LUMA_SHIFT

if TYPE_CHECKING:
    from fusion_ros.engines.onnx_writer import OnnxWriter

IMAGE_AXES = (0, 1)


def source_images(onnx: OnnxWriter) -> tuple[str, str, str]:
    """Declare the inputs; (3, height, width) colours, and (height, width) luma and thermal."""
    visible = onnx.cast(onnx.input("visible", "uint8", ("height", "width", 3)), "float32")
    colours = onnx.apply("Transpose", visible, perm=[2, 0, 1])
    thermal = onnx.cast(onnx.input("thermal", "uint8", ("height", "width")), "float32")
    return colours, _luma(onnx, colours), thermal


def _luma(onnx: OnnxWriter, colours: str) -> str:
    """(height, width) luma in whole levels of (3, height, width); each partial sum is exact."""
    shares = np.array([LUMA_BLUE, LUMA_GREEN, LUMA_RED], dtype=np.float32)
    products = onnx.apply("Mul", colours, onnx.constant(shares[:, None, None]))
    total = onnx.apply("ReduceSum", products, onnx.integers(0), keepdims=0)
    rounded = onnx.apply("Add", total, onnx.number(LUMA_HALF))
    return onnx.apply("Floor", onnx.apply("Mul", rounded, onnx.number(2.0**-LUMA_SHIFT)))


def fused_images(onnx: OnnxWriter, colours: str, moved: str, weight: str) -> None:
    """Declare the outputs.

    Args:
        onnx: The graph.
        colours: (3, height, width) visible image.
        moved: (height, width) change of luma, not rounded; chroma is kept.
        weight: (height, width) weight of the thermal source.
    """
    change = onnx.apply("Floor", onnx.apply("Add", moved, onnx.number(0.5)))
    shifted = onnx.apply("Add", colours, onnx.apply("Unsqueeze", change, onnx.integers(0)))
    clipped = onnx.apply("Clip", shifted, onnx.number(0), onnx.number(255))
    fused = onnx.cast(onnx.apply("Transpose", clipped, perm=[1, 2, 0]), "uint8")
    onnx.output("fused", fused, "uint8", ("height", "width", 3))
    onnx.output("weight", weight, "float32", ("height", "width"))


def planes(onnx: OnnxWriter, image: str) -> str:
    """(height, width) as (1, 1, height, width), for operators on images."""
    return onnx.apply("Unsqueeze", image, onnx.integers(*IMAGE_AXES))


def pad(onnx: OnnxWriter, images: str, before: int, after: int) -> str:
    """Replicate the borders of (n, channels, height, width)."""
    amounts = onnx.integers(0, 0, before, before, 0, 0, after, after)
    return onnx.apply("Pad", images, amounts, mode="edge")


def block_features(onnx: OnnxWriter, images: tuple[str, ...], side_px: int) -> str:
    """Mean and maximum of the blocks of some (height, width), (1, 2 n, rows, columns) in [0, 1].

    Blocks that the border cuts miss at most a side less one pixel; with that much border,
    windows that would leave the image are left out, and those that remain are the blocks.
    """
    side = [side_px] * 2
    features = []
    for image in images:
        padded = pad(onnx, planes(onnx, image), 0, side_px - 1)
        for pool in ("AveragePool", "MaxPool"):
            features.append(onnx.apply(pool, padded, kernel_shape=side, strides=side))
    joined = onnx.apply("Concat", *features, axis=1)
    return onnx.apply("Div", joined, onnx.number(255))


def enlarge(onnx: OnnxWriter, images: str, factor: int) -> str:
    """Interpolate (n, channels, rows, columns) linearly between centres of cells."""
    scales = onnx.constant(np.array([1, 1, factor, factor], np.float32))
    # The second input, a region of interest, is not used by this way of resizing.
    return onnx.apply(
        "Resize", images, "", scales, mode="linear", coordinate_transformation_mode="half_pixel"
    )


def cut_to(onnx: OnnxWriter, image: str, like: str) -> str:
    """The upper left part of (rows, columns) that is as large as another."""
    size = onnx.apply("Shape", like)
    return onnx.apply("Slice", image, onnx.integers(0, 0), size, onnx.integers(*IMAGE_AXES))
