# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Look-up in a 4-D table as ONNX nodes: interpolation on the simplices of the lattice.

Convention:
    Places in the table are float32 that hold whole numbers below 2**24, so they are exact.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.engines.onnx_writer import OnnxWriter


def look_up(onnx: OnnxWriter, table: NDArray[np.uint8], signals: Sequence[str]) -> str:
    """Interpolate a table; what `interpolate_simplex` of the reference computes.

    Args:
        onnx: The graph to add to.
        table: Four axes.
        signals: Names of the values in [0, 1] that address its axes.

    Returns:
        Name of the interpolated values, 0..255.
    """
    strides = [int(np.prod(table.shape[axis + 1 :], dtype=int)) for axis in range(table.ndim)]
    cells, fractions = [], []
    for signal, nodes in zip(signals, table.shape, strict=True):
        cell, fraction = _cell(onnx, signal, nodes)
        cells.append(cell)
        fractions.append(fraction)
    falling = _sort_falling(onnx, fractions)
    values = onnx.constant(table.ravel().astype(np.float32))
    corners = _corners(onnx, cells, fractions, falling, strides)
    terms = []
    for corner, share in zip(corners, _shares(onnx, falling), strict=True):
        entry = onnx.apply("Gather", values, onnx.cast(corner, "int32"), axis=0)
        terms.append(onnx.apply("Mul", entry, share))
    return _sum(onnx, terms)


def _cell(onnx: OnnxWriter, signal: str, nodes: int) -> tuple[str, str]:
    """Index of the cell, and the fraction of the way through it."""
    coordinate = onnx.apply("Mul", signal, onnx.number(nodes - 1))
    cell = onnx.apply("Min", onnx.apply("Floor", coordinate), onnx.number(nodes - 2))
    return cell, onnx.apply("Sub", coordinate, cell)


def _corners(
    onnx: OnnxWriter,
    cells: Sequence[str],
    fractions: Sequence[str],
    falling: Sequence[str],
    strides: Sequence[int],
) -> list[str]:
    """Places in the flat table of the simplex' five corners, the lowest first.

    The corner of a rank lies one step up on each axis whose fraction is at least the fraction
    of that rank. Where fractions are equal this is a corner too many steps up, but it is in
    the same cell, and its share is zero.
    """
    offsets = [
        onnx.apply("Mul", cell, onnx.number(stride))
        for cell, stride in zip(cells, strides, strict=True)
    ]
    lowest = _sum(onnx, offsets)
    corners = [lowest]
    for threshold in falling[:-1]:
        steps = [
            _step(onnx, fraction, threshold, stride)
            for fraction, stride in zip(fractions, strides, strict=True)
        ]
        corners.append(onnx.apply("Add", lowest, _sum(onnx, steps)))
    return [*corners, onnx.apply("Add", lowest, onnx.number(sum(strides)))]


def _sort_falling(onnx: OnnxWriter, values: Sequence[str]) -> list[str]:
    """Sort four values with five comparisons, the largest first."""
    ordered = list(values)
    for first, second in ((0, 1), (2, 3), (0, 2), (1, 3), (1, 2)):
        pair = ordered[first], ordered[second]
        ordered[first], ordered[second] = onnx.apply("Max", *pair), onnx.apply("Min", *pair)
    return ordered


def _step(onnx: OnnxWriter, fraction: str, threshold: str, stride: int) -> str:
    below = onnx.apply("Less", fraction, threshold)
    return onnx.apply("Where", below, onnx.number(0), onnx.number(stride))


def _shares(onnx: OnnxWriter, falling: Sequence[str]) -> list[str]:
    """How much each corner counts, the lowest corner first."""
    bounds = [onnx.number(1), *falling]
    shares = [onnx.apply("Sub", upper, lower) for upper, lower in pairwise(bounds)]
    return [*shares, falling[-1]]


def _sum(onnx: OnnxWriter, values: Sequence[str]) -> str:
    total = values[0]
    for value in values[1:]:
        total = onnx.apply("Add", total, value)
    return total
