# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of pixels through the table: gradient, context, weight, blend and colour.

Each step is a loop of its own over a row or a piece of it, in buffers that stay in the nearest
cache: all but the five reads of the table are then vectorized by the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.kernels.compilation import kernel
from fusion_ros.kernels.pixel_arithmetic import (
    cell_of,
    edge_strength,
    falling,
    key_of,
    level_coordinate,
    luma_change,
    mixed_context,
    mixed_weight,
    share_of,
    shifted_level,
    stride_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Pixels whose corners are found, fetched and mixed at once.
PIECE_PX = 640
CORNERS = 5


@kernel
def edge_row(
    above: NDArray[np.uint8],
    middle: NDArray[np.uint8],
    below: NDArray[np.uint8],
    sums: NDArray[np.int16],
    steps: NDArray[np.int16],
    edges: NDArray[np.int32],
) -> None:
    """|Sobel x| + |Sobel y| of a row of W pixels, limited to the end of the gradient scale.

    Args:
        above: (W,) luma of the row above, or of this row at the upper border.
        middle: (W,) luma of the row.
        below: (W,) luma of the row below, or of this row at the lower border.
        sums: (W + 2,) workspace.
        steps: (W + 2,) workspace.
        edges: (W,), receives 0..`GRADIENT_FULL_SCALE`.
    """
    width = middle.size
    for x in range(width):
        sums[x + 1] = np.int16(above[x]) + np.int16(2) * np.int16(middle[x]) + np.int16(below[x])
        steps[x + 1] = np.int16(below[x]) - np.int16(above[x])
    sums[0], steps[0] = sums[1], steps[1]
    sums[width + 1], steps[width + 1] = sums[width], steps[width]
    for x in range(width):
        across = np.int32(sums[x + 2]) - np.int32(sums[x])
        down = np.int32(steps[x]) + np.int32(2) * np.int32(steps[x + 1]) + np.int32(steps[x + 2])
        edges[x] = edge_strength(across, down)


@kernel
def gradient_row(edges: NDArray[np.int32], ramp: NDArray[np.uint16]) -> None:
    """Replace the edge strengths of a row by their table coordinates."""
    for x in range(edges.size):
        edges[x] = ramp[np.uint32(edges[x])]


@kernel
def context_row(
    above: NDArray[np.uint16],
    below: NDArray[np.uint16],
    y: int,
    line: NDArray[np.int32],
    places: NDArray[np.int32],
) -> None:
    """Bilinear interpolation of the context for one row of pixels.

    Block centres lie at pixels 1.5, 5.5, …, so weights are odd eighths.

    Args:
        above: (w,) context of the blocks whose centres lie above the row.
        below: (w,) context of those below.
        y: Row of pixels.
        line: (w + 2,) workspace.
        places: (4 w + 4,), receives the coordinates of the row from its third element on.
    """
    columns = above.size
    down = np.int32((2 * y - 3) & 7)
    for column in range(columns):
        upper = np.int32(np.int32(above[column]) * np.int32(np.int32(8) - down))
        line[column + 1] = upper + np.int32(np.int32(below[column]) * down)
    line[0], line[columns + 1] = line[1], line[columns]
    for column in range(columns + 1):
        left = np.int32(line[column])
        start = np.int32(left * np.int32(8) + np.int32(32))
        difference = np.int32(line[column + 1] - left)
        x = np.uint32(4 * column)
        places[x] = mixed_context(start, difference, 1)
        places[x + 1] = mixed_context(start, difference, 3)
        places[x + 2] = mixed_context(start, difference, 5)
        places[x + 3] = mixed_context(start, difference, 7)


@kernel
def find_corners(
    grey: NDArray[np.uint8],
    gradients: NDArray[np.int32],
    contexts: NDArray[np.int32],
    thermal: NDArray[np.uint8],
    axes: NDArray[np.uint32],
    corners: NDArray[np.uint32],
    shares: NDArray[np.uint16],
) -> None:
    """Walk of each pixel of a piece through its cell, along its largest fraction first.

    Args:
        grey: (n,) luma.
        gradients: (n,) table coordinates.
        contexts: (n,) table coordinates.
        thermal: (n,) thermal grey.
        axes: (4, 3) scale, last cell and stride of luma, gradient, context and thermal.
        corners: (5, PIECE_PX), receives offsets in the table.
        shares: (4, PIECE_PX), receives the fractions, the largest first.
    """
    scale_l, last_l, stride_l = axes[0, 0], axes[0, 1], axes[0, 2]
    last_g, stride_g = axes[1, 1], axes[1, 2]
    last_c, stride_c = axes[2, 1], axes[2, 2]
    scale_t, last_t, stride_t = axes[3, 0], axes[3, 1], axes[3, 2]
    for x in range(grey.size):
        place_l, place_t = level_coordinate(grey[x], scale_l), level_coordinate(thermal[x], scale_t)
        place_g, place_c = np.uint32(gradients[x]), np.uint32(contexts[x])
        cell_l, cell_g = cell_of(place_l, last_l), cell_of(place_g, last_g)
        cell_c, cell_t = cell_of(place_c, last_c), cell_of(place_t, last_t)
        key_l, key_g = key_of(place_l, cell_l, stride_l), key_of(place_g, cell_g, stride_g)
        key_c, key_t = key_of(place_c, cell_c, stride_c), key_of(place_t, cell_t, stride_t)
        a, b, c, d = falling(key_l, key_g, key_c, key_t)
        first = np.uint32(cell_l * stride_l + cell_g * stride_g)
        corners[0, x] = first = np.uint32(first + cell_c * stride_c + cell_t * stride_t)
        corners[1, x] = second = np.uint32(first + stride_of(a))
        corners[2, x] = third = np.uint32(second + stride_of(b))
        corners[3, x] = fourth = np.uint32(third + stride_of(c))
        corners[4, x] = np.uint32(fourth + stride_of(d))
        shares[0, x], shares[1, x] = share_of(a), share_of(b)
        shares[2, x], shares[3, x] = share_of(c), share_of(d)


@kernel
def fetch_corners(
    table: NDArray[np.uint8], corners: NDArray[np.uint32], values: NDArray[np.uint8], count: int
) -> None:
    """Read the table at the corners of the first `count` pixels of a piece."""
    for corner in range(CORNERS):
        for x in range(count):
            values[corner, x] = table[corners[corner, x]]


@kernel
def mix_corners(
    values: NDArray[np.uint8], shares: NDArray[np.uint16], weights: NDArray[np.int32]
) -> None:
    """Weights of a piece, 0..`FULL_WEIGHT`."""
    for x in range(weights.size):
        corners = (values[0, x], values[1, x], values[2, x], values[3, x], values[4, x])
        weights[x] = mixed_weight(corners, (shares[0, x], shares[1, x], shares[2, x], shares[3, x]))


@kernel
def blend_row(
    bgr: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    weights: NDArray[np.int32],
    changes: NDArray[np.int32],
    fused: NDArray[np.uint8],
) -> None:
    """Move one row of pixels towards the thermal grey by its weights, keeping chroma."""
    for x in range(weights.size):
        changes[x] = luma_change(grey[x], thermal[x], weights[x])
    # Channels written out, in a flat row: so the compiler vectorizes it, four times faster.
    for x in range(weights.size):
        blue = np.uint32(3 * x)
        fused[blue] = shifted_level(bgr[blue], changes[x])
        fused[blue + 1] = shifted_level(bgr[blue + 1], changes[x])
        fused[blue + 2] = shifted_level(bgr[blue + 2], changes[x])
