# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The fused loop of MM-LUT: gradient, context, table, blend and colour in one pass over a row.

All arithmetic is in integers. A table coordinate has 8 bits of fraction; per axis, a value's
cell and fraction come from a small table (`axis_cells`, `axis_keys`), so nodes may be spaced
in any way without cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.signal_scales import GRADIENT_FULL_SCALE
from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRACTION_BITS = 8
ONE = 1 << FRACTION_BITS
# A key holds an axis' fraction above its stride, so that sorting keys sorts fractions.
KEY_SHIFT = 16
STRIDE_MASK = (1 << KEY_SHIFT) - 1
# Table value of a weight of 1, times the fixed-point one.
FULL_WEIGHT = 255 * ONE


@kernel
def fuse_rows(
    first: int,
    end: int,
    bgr: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    context: NDArray[np.uint16],
    table: NDArray[np.uint8],
    shape: tuple[int, int, int, int],
    cells: NDArray[np.uint32],
    keys: NDArray[np.uint32],
    scratch: NDArray[np.int32],
    fused: NDArray[np.uint8],
    guidance: NDArray[np.float32],
) -> None:
    """Fuse some rows.

    Args:
        first: First row.
        end: Row after the last.
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        grey: (H, W) its luma.
        thermal: (H, W) thermal image.
        context: (h, w) context coordinates of the 4x4 blocks, 8 bits of fraction.
        table: Flat table of weights, 255 is a weight of 1.
        shape: Nodes of the luma, gradient, context and thermal axes.
        cells: (3, 1021) uint32, offset of a value's cell in the table, for luma, gradient, thermal.
        keys: (3, 1021) uint32, fraction and stride of a value, for the same axes.
        scratch: (H, 3, W); row `first` of a band is its workspace.
        fused: (H, 3 W), receives the fused image.
        guidance: (H, W) or empty, receives the weights.
    """
    edges, places, weights = scratch[first, 0], scratch[first, 1], scratch[first, 2]
    for y in range(first, end):
        _edge_row(grey, y, edges)
        _context_row(context, y, weights, places)
        _weight_row(grey[y], thermal[y], edges, places, table, shape, cells, keys, weights)
        _blend_row(bgr[y], grey[y], thermal[y], weights, places, fused[y])
        if guidance.size > 0:
            for x in range(weights.size):
                guidance[y, x] = weights[x] * np.float32(1.0 / FULL_WEIGHT)


@kernel
def _weight_row(
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    edges: NDArray[np.int32],
    places: NDArray[np.int32],
    table: NDArray[np.uint8],
    shape: tuple[int, int, int, int],
    cells: NDArray[np.uint32],
    keys: NDArray[np.uint32],
    weights: NDArray[np.int32],
) -> None:
    """Look up one row of pixels; weights are 0..FULL_WEIGHT."""
    last_cell, stride = np.uint32(shape[2] - 2), np.uint32(shape[3])
    for x in range(weights.size):
        # Unsigned throughout: an index that cannot be negative needs no check.
        base, heat, edge = np.uint32(grey[x]), np.uint32(thermal[x]), np.uint32(edges[x])
        place = np.uint32(places[x])
        cell = min(np.uint32(place >> FRACTION_BITS), last_cell)
        position = np.uint32(cells[0, base] + cells[1, edge] + cells[2, heat] + cell * stride)
        key = np.uint32(((place - (cell << FRACTION_BITS)) << KEY_SHIFT) | stride)
        weights[x] = _walk_simplex(
            table, position, keys[0, base], keys[1, edge], keys[2, heat], key
        )


@kernel
def _blend_row(
    bgr: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    weights: NDArray[np.int32],
    changes: NDArray[np.int32],
    fused: NDArray[np.uint8],
) -> None:
    """Move one row of pixels towards the thermal grey by its weights, keeping chroma."""
    for x in range(weights.size):
        changes[x] = _divide_rounding((np.int32(thermal[x]) - np.int32(grey[x])) * weights[x])
    # Channels written out, in a flat row: so the compiler vectorizes it, four times faster.
    for x in range(weights.size):
        blue = np.uint32(3 * x)
        fused[blue] = _shifted(bgr[blue], changes[x])
        fused[blue + 1] = _shifted(bgr[blue + 1], changes[x])
        fused[blue + 2] = _shifted(bgr[blue + 2], changes[x])


@kernel
def _shifted(level: int, change: int) -> int:
    return np.uint8(min(max(np.int32(level) + change, np.int32(0)), np.int32(255)))


@kernel
def _divide_rounding(product: int) -> int:
    """Divide by `FULL_WEIGHT` to the nearest integer, for products of a grey difference."""
    # Kept positive: then the compiler needs no correction for the sign.
    shifted = np.uint32(product + np.int32(256 * FULL_WEIGHT + FULL_WEIGHT // 2))
    return np.int32(np.uint32(shifted // np.uint32(FULL_WEIGHT))) - np.int32(256)


@kernel
def _walk_simplex(table: NDArray[np.uint8], position: int, a: int, b: int, c: int, d: int) -> int:
    """Interpolate on the simplex that holds a point; 0..FULL_WEIGHT.

    Args:
        table: Flat table.
        position: Offset of the lower corner of the point's cell.
        a: Key of the luma axis.
        b: Key of the gradient axis.
        c: Key of the thermal axis.
        d: Key of the context axis.
    """
    a, b = max(a, b), min(a, b)
    c, d = max(c, d), min(c, d)
    a, c = max(a, c), min(a, c)
    b, d = max(b, d), min(b, d)
    b, c = max(b, c), min(b, c)
    share_a, share_b = np.uint32(a >> KEY_SHIFT), np.uint32(b >> KEY_SHIFT)
    share_c, share_d = np.uint32(c >> KEY_SHIFT), np.uint32(d >> KEY_SHIFT)
    second = np.uint32(position + (a & STRIDE_MASK))
    third = np.uint32(second + (b & STRIDE_MASK))
    fourth = np.uint32(third + (c & STRIDE_MASK))
    fifth = np.uint32(fourth + (d & STRIDE_MASK))
    total = np.uint32(table[position]) * np.uint32(ONE - share_a)
    total += np.uint32(table[second]) * np.uint32(share_a - share_b)
    total += np.uint32(table[third]) * np.uint32(share_b - share_c)
    total += np.uint32(table[fourth]) * np.uint32(share_c - share_d)
    total += np.uint32(table[fifth]) * share_d
    return np.int32(total)


@kernel
def _edge_row(grey: NDArray[np.uint8], y: int, edges: NDArray[np.int32]) -> None:
    """|Sobel x| + |Sobel y| of one row, limited to the end of the gradient scale."""
    height, width = grey.shape
    above, middle, below = grey[max(y - 1, 0)], grey[y], grey[min(y + 1, height - 1)]
    for x in range(1, width - 1):
        edges[x] = _edge(above, middle, below, x - 1, x, x + 1)
    edges[0] = _edge(above, middle, below, 0, 0, min(1, width - 1))
    edges[width - 1] = _edge(above, middle, below, max(width - 2, 0), width - 1, width - 1)


@kernel
def _edge(
    above: NDArray[np.uint8],
    middle: NDArray[np.uint8],
    below: NDArray[np.uint8],
    left: int,
    x: int,
    right: int,
) -> int:
    nw, n, ne = np.int32(above[left]), np.int32(above[x]), np.int32(above[right])
    w, e = np.int32(middle[left]), np.int32(middle[right])
    sw, s, se = np.int32(below[left]), np.int32(below[x]), np.int32(below[right])
    across = (ne + 2 * e + se) - (nw + 2 * w + sw)
    down = (sw + 2 * s + se) - (nw + 2 * n + ne)
    return min(abs(across) + abs(down), np.int32(GRADIENT_FULL_SCALE))


@kernel
def _context_row(
    context: NDArray[np.uint16], y: int, line: NDArray[np.int32], places: NDArray[np.int32]
) -> None:
    """Bilinear interpolation of the context for one row of pixels.

    Block centres lie at pixels 1.5, 5.5, …, so weights are odd eighths.
    """
    rows, columns = context.shape
    width = places.size
    lower = (2 * y - 3) >> 3
    down = np.int32((2 * y - 3) - 8 * lower)
    above = context[max(lower, 0)]
    below = context[min(lower + 1, rows - 1)]
    for column in range(columns):
        line[column] = above[column] * (np.int32(8) - down) + below[column] * down
    for x in range(min(2, width)):
        places[x] = (8 * line[0] + 32) >> 6
    for column in range(columns - 1):
        for step in range(min(4, width - 4 * column - 2)):
            across = np.int32(2 * step + 1)
            mixed = line[column] * (np.int32(8) - across) + line[column + 1] * across
            places[4 * column + 2 + step] = (mixed + 32) >> 6
    for x in range(4 * columns - 2, width):
        places[x] = (8 * line[columns - 1] + 32) >> 6
