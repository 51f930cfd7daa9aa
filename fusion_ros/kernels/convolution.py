# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The convolutions of MM-LUT's context network.

Convention:
    Planes as in `fusion_ros.kernels.context_network`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Cells that a convolution adds up before it goes on to the next rows; they stay in the cache.
PIECE_CELLS = 1024
# Output channels that share each reading of the inputs.
GROUP = 4


@kernel
def complete_border(plane: NDArray[np.float32], row: int, border: int) -> None:
    """Replicate the ends of a row of a plane."""
    last = plane.shape[1] - border - 1
    for x in range(border):
        plane[row, x] = plane[row, border]
        plane[row, last + 1 + x] = plane[row, last]


@kernel
def convolve(
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    weights: NDArray[np.float32],
    biases: NDArray[np.float32],
    layout: tuple[int, int, int],
    slope: float,
    rows: tuple[int, int],
    border: int,
) -> None:
    """3x3 convolution and LeakyReLU of some rows of planes.

    Several rows are worked on as one long line; what that writes into the border between them
    is then replaced by the border.

    Args:
        source: (C or more, R, w + 2p) planes.
        target: (D or more, R, w + 2p) planes, receive the result.
        weights: (D or more, C or more, 9).
        biases: (D or more,).
        layout: C, D, and the distance of the taps, at most p.
        slope: Factor of negative results; 1 leaves them.
        rows: First row, and row after the last.
        border: Width p of the planes' border.
    """
    step = max(1, PIECE_CELLS // target.shape[2])
    for first in range(rows[0], rows[1], step):
        end = min(first + step, rows[1])
        for output in range(0, layout[1] - layout[1] % GROUP, GROUP):
            _convolve_group(source, target, weights, biases, layout, output, first, end, border)
        for output in range(layout[1] - layout[1] % GROUP, layout[1]):
            _convolve_one(source, target, weights, biases, layout, output, first, end, border)
        for output in range(layout[1]):
            _activate(target[output], first, end, np.float32(slope), border)


@kernel
def _activate(plane: NDArray[np.float32], first: int, end: int, slope: float, border: int) -> None:
    for y in range(first, end):
        for x in range(border, plane.shape[1] - border):
            value = plane[y, x]
            plane[y, x] = max(value, np.float32(0)) + slope * min(value, np.float32(0))
        complete_border(plane, y, border)


@kernel
def _convolve_group(
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    weights: NDArray[np.float32],
    biases: NDArray[np.float32],
    layout: tuple[int, int, int],
    output: int,
    first: int,
    end: int,
    border: int,
) -> None:
    """Four outputs at once. Unsigned offsets into flat arrays cost no checks and no views."""
    inputs, _, dilation = layout
    plane, width = target.shape[1] * target.shape[2], target.shape[2]
    cells, totals = source.reshape(source.size), target.reshape(target.size)
    count = np.uint64((end - first) * width - 2 * border)
    o0 = np.uint64(output * plane + first * width + border)
    o1, o2, o3 = o0 + np.uint64(plane), o0 + np.uint64(2 * plane), o0 + np.uint64(3 * plane)
    for x in range(count):
        totals[o0 + x], totals[o1 + x] = biases[output], biases[output + 1]
        totals[o2 + x], totals[o3 + x] = biases[output + 2], biases[output + 3]
    far, farther = np.uint64(dilation), np.uint64(2 * dilation)
    for channel in range(inputs):
        p, q = _taps(weights, output, channel), _taps(weights, output + 1, channel)
        r, s = _taps(weights, output + 2, channel), _taps(weights, output + 3, channel)
        m = np.uint64(channel * plane + first * width + border - dilation)
        a, b = m - np.uint64(dilation * width), m + np.uint64(dilation * width)
        for x in range(count):
            above = (cells[a + x], cells[a + x + far], cells[a + x + farther])
            level = (cells[m + x], cells[m + x + far], cells[m + x + farther])
            below = (cells[b + x], cells[b + x + far], cells[b + x + farther])
            totals[o0 + x] += _dot(p, above, level, below)
            totals[o1 + x] += _dot(q, above, level, below)
            totals[o2 + x] += _dot(r, above, level, below)
            totals[o3 + x] += _dot(s, above, level, below)


@kernel
def _convolve_one(
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    weights: NDArray[np.float32],
    biases: NDArray[np.float32],
    layout: tuple[int, int, int],
    output: int,
    first: int,
    end: int,
    border: int,
) -> None:
    inputs, _, dilation = layout
    plane, width = target.shape[1] * target.shape[2], target.shape[2]
    cells, totals = source.reshape(source.size), target.reshape(target.size)
    count = np.uint64((end - first) * width - 2 * border)
    o = np.uint64(output * plane + first * width + border)
    for x in range(count):
        totals[o + x] = biases[output]
    far, farther = np.uint64(dilation), np.uint64(2 * dilation)
    for channel in range(inputs):
        p = _taps(weights, output, channel)
        m = np.uint64(channel * plane + first * width + border - dilation)
        a, b = m - np.uint64(dilation * width), m + np.uint64(dilation * width)
        for x in range(count):
            above = (cells[a + x], cells[a + x + far], cells[a + x + farther])
            level = (cells[m + x], cells[m + x + far], cells[m + x + farther])
            below = (cells[b + x], cells[b + x + far], cells[b + x + farther])
            totals[o + x] += _dot(p, above, level, below)


@kernel
def _taps(weights: NDArray[np.float32], output: int, channel: int) -> tuple[float, ...]:
    return (
        weights[output, channel, 0],
        weights[output, channel, 1],
        weights[output, channel, 2],
        weights[output, channel, 3],
        weights[output, channel, 4],
        weights[output, channel, 5],
        weights[output, channel, 6],
        weights[output, channel, 7],
        weights[output, channel, 8],
    )


@kernel
def _dot(
    taps: tuple[float, ...],
    above: tuple[float, ...],
    level: tuple[float, ...],
    below: tuple[float, ...],
) -> float:
    total = taps[0] * above[0] + taps[1] * above[1] + taps[2] * above[2]
    total += taps[3] * level[0] + taps[4] * level[1] + taps[5] * level[2]
    return total + taps[6] * below[0] + taps[7] * below[1] + taps[8] * below[2]
