# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The pyramid of `fusion_ros.backends.hybrid.pyramid` as nodes of an ONNX graph.

Convention:
    Levels are (n, 1, height, width) float32: planes that are smoothed alike form a batch. Rows
    and columns beyond the border are gathered by their reflected numbers, which are computed
    from the size in float32; padding by reflection would refuse images of one or two pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.hybrid.pyramid import KERNEL
from fusion_ros.core.pyramid_borders import DETAIL_LEVELS

if TYPE_CHECKING:
    from fusion_ros.engines.onnx_writer import OnnxWriter

ROWS, COLUMNS = 2, 3
# Samples that the kernel takes on either side of its centre.
REACH = len(KERNEL) // 2
# What the smaller level adds to the even and to the odd samples of the larger one.
EVEN, ODD = np.array([1, 6, 1]) / 8, np.array([0, 4, 4]) / 8


def blend_difference(onnx: OnnxWriter, difference: str, guidance: str) -> str:
    """What is added to luma; all are (1, 1, height, width)."""
    levels = [onnx.apply("Concat", difference, guidance, axis=0)]
    for _ in range(DETAIL_LEVELS):
        levels.append(_shrink(onnx, levels[-1]))
    differences, guidances = zip(*(_both(onnx, level) for level in levels), strict=True)
    blended = onnx.apply("Mul", guidances[-1], differences[-1])
    for level in range(DETAIL_LEVELS - 1, -1, -1):
        smaller = onnx.apply("Concat", differences[level + 1], blended, axis=0)
        coarse, smooth = _both(onnx, _expand(onnx, smaller, like=differences[level]))
        detail = onnx.apply("Sub", differences[level], coarse)
        weighed = onnx.apply("Mul", guidances[level], detail)
        blended = onnx.apply("Add", smooth, weighed)
    return blended


def hold_inside(onnx: OnnxWriter, fused: str, first: str, second: str) -> str:
    """Limit to the range of two sources in the 3x3 pixels around; all (1, 1, height, width)."""
    around = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [1, 1]}
    brightest = onnx.apply("MaxPool", onnx.apply("Max", first, second), **around)
    turned = onnx.apply("Neg", onnx.apply("Min", first, second))
    darkest = onnx.apply("Neg", onnx.apply("MaxPool", turned, **around))
    return onnx.apply("Min", onnx.apply("Max", fused, darkest), brightest)


def _both(onnx: OnnxWriter, planes: str) -> tuple[str, str]:
    """The two planes of a batch, each (1, 1, height, width)."""
    first, second = (
        onnx.apply("Slice", planes, onnx.integers(i), onnx.integers(i + 1), onnx.integers(0))
        for i in range(2)
    )
    return first, second


def _shrink(onnx: OnnxWriter, level: str) -> str:
    kernel = np.outer(KERNEL, KERNEL).astype(np.float32)[None, None]
    for axis in (ROWS, COLUMNS):
        samples = _samples(onnx, level, axis)
        level = _gather(onnx, level, _reflected(onnx, samples), axis)
    return onnx.apply("Conv", level, onnx.constant(kernel), strides=[2, 2])


def _expand(onnx: OnnxWriter, smaller: str, like: str) -> str:
    kernels = [np.outer(down, across) for down in (EVEN, ODD) for across in (EVEN, ODD)]
    for axis in (ROWS, COLUMNS):
        smaller_samples = _samples(onnx, smaller, axis)
        samples = _samples(onnx, like, axis)
        indices = _reflected_smaller(onnx, smaller_samples, samples)
        smaller = _gather(onnx, smaller, indices, axis)
    weights = onnx.constant(np.stack(kernels)[:, None].astype(np.float32))
    quarters = onnx.apply("Conv", smaller, weights)
    whole = onnx.apply("DepthToSpace", quarters, blocksize=2)
    size = onnx.apply("Slice", onnx.apply("Shape", like), onnx.integers(ROWS), onnx.integers(4))
    return onnx.apply("Slice", whole, onnx.integers(0, 0), size, onnx.integers(ROWS, COLUMNS))


def _samples(onnx: OnnxWriter, level: str, axis: int) -> str:
    """Length of an axis, as a float32 scalar."""
    length = onnx.apply("Gather", onnx.apply("Shape", level), onnx.index(axis))
    return onnx.cast(length, "float32")


def _gather(onnx: OnnxWriter, level: str, indices: str, axis: int) -> str:
    return onnx.apply("Gather", level, onnx.cast(indices, "int64"), axis=axis)


def _reflected(onnx: OnnxWriter, samples: str) -> str:
    """Numbers of the samples from `REACH` before the border to `REACH` after it."""
    last = onnx.apply("Sub", samples, onnx.number(1))
    end = onnx.apply("Add", samples, onnx.bound(REACH))
    index = onnx.apply("Range", onnx.bound(-REACH), end, onnx.bound(1))
    from_end = onnx.apply("Sub", last, onnx.apply("Abs", index))
    inside = onnx.apply("Sub", last, onnx.apply("Abs", from_end))
    return onnx.apply("Max", inside, onnx.number(0))


def _reflected_smaller(onnx: OnnxWriter, smaller_samples: str, samples: str) -> str:
    """Numbers of the smaller level's samples, from one before the border to one after it."""
    end = onnx.apply("Add", smaller_samples, onnx.bound(1))
    index = onnx.apply("Abs", onnx.apply("Range", onnx.bound(-1), end, onnx.bound(1)))
    last = onnx.apply("Sub", samples, onnx.number(1))
    # Beyond the border the reflected number is the smaller of the two, inside it the index.
    beyond = onnx.apply("Greater", onnx.apply("Mul", index, onnx.number(2)), last)
    inside = onnx.apply("Where", beyond, onnx.apply("Sub", last, index), index)
    return onnx.apply("Max", inside, onnx.number(0))
