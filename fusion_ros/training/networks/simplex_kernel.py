# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The simplicial look-up and its derivatives, compiled for the CPU.

One pass over the pixels replaces some eighty tensor operations; what is computed is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

AXES = 4
# A key holds a fraction in fixed point above the number of its axis: sorting keys sorts both.
AXIS_BITS = 2
AXIS_MASK = (1 << AXIS_BITS) - 1
FRACTION_ONE = 1 << 24
UNIT = np.float32(1 / FRACTION_ONE)


@kernel
def _place(
    signals: NDArray[np.float32], pixel: int, shape: tuple[int, int, int, int]
) -> tuple[int, tuple[int, int, int, int]]:
    """Find a pixel's cell, and the keys of its fractions, largest first."""
    position, first = _cell(signals[0, pixel], 0, shape[0], 0)
    position, second = _cell(signals[1, pixel], 1, shape[1], position)
    position, third = _cell(signals[2, pixel], 2, shape[2], position)
    position, fourth = _cell(signals[3, pixel], 3, shape[3], position)
    # A network of comparisons: unlike branches it costs the same for every order.
    first, second = max(first, second), min(first, second)
    third, fourth = max(third, fourth), min(third, fourth)
    first, third = max(first, third), min(first, third)
    second, fourth = max(second, fourth), min(second, fourth)
    second, third = max(second, third), min(second, third)
    return position, (first, second, third, fourth)


@kernel
def _cell(signal: float, axis: int, nodes: int, position: int) -> tuple[int, int]:
    """Add an axis to a position in the table; also the key of the fraction beyond it."""
    coordinate = np.int64(signal * np.float32(nodes - 1) * np.float32(FRACTION_ONE))
    cell = min(max(coordinate // FRACTION_ONE, 0), nodes - 2)
    fraction = coordinate - cell * FRACTION_ONE
    return position * nodes + cell, (fraction << AXIS_BITS) | (AXIS_MASK - axis)


@kernel
def _strides(shape: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Distance of neighbouring nodes in the flat table, along each axis."""
    return shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1


@kernel
def look_up(
    first: int,
    end: int,
    table: NDArray[np.float32],
    signals: NDArray[np.float32],
    values: NDArray[np.float32],
) -> None:
    """Interpolate some pixels.

    Args:
        first: First pixel.
        end: Pixel after the last.
        table: Four axes.
        signals: (4, N) in [0, 1].
        values: (N,), written.
    """
    flat, strides = table.ravel(), _strides(table.shape)
    for pixel in range(first, end):
        position, keys = _place(signals, pixel, table.shape)
        before = flat[position]
        total = before
        for key in keys:
            position += strides[AXIS_MASK - (key & AXIS_MASK)]
            after = flat[position]
            total += np.float32(key >> AXIS_BITS) * UNIT * (after - before)
            before = after
        values[pixel] = total


@kernel
def push_back(
    first: int,
    end: int,
    table: NDArray[np.float32],
    signals: NDArray[np.float32],
    upstream: NDArray[np.float32],
    derivatives: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    """Derivatives of `look_up`, for some bands of pixels.

    Args:
        first: First band.
        end: Band after the last.
        table: Four axes.
        signals: (4, N) in [0, 1].
        upstream: (N,) derivative with respect to the interpolated values.
        derivatives: With respect to the table, (bands, nodes), zeros, each band adds to its
            own row; and to the signals, (4, N), written.
    """
    table_grads, signal_grads = derivatives
    flat, shape = table.ravel(), table.shape
    strides = _strides(shape)
    bands, pixels = table_grads.shape[0], upstream.size
    for band in range(first, end):
        grads = table_grads[band]
        for pixel in range(pixels * band // bands, pixels * (band + 1) // bands):
            position, keys = _place(signals, pixel, shape)
            outer = upstream[pixel]
            before = flat[position]
            higher = np.float32(1.0)
            for key in keys:
                axis = AXIS_MASK - (key & AXIS_MASK)
                fraction = np.float32(key >> AXIS_BITS) * UNIT
                grads[position] += outer * (higher - fraction)
                higher = fraction
                position += strides[axis]
                after = flat[position]
                signal_grads[axis, pixel] = outer * (after - before) * np.float32(shape[axis] - 1)
                before = after
            grads[position] += outer * higher
