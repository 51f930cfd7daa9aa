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
    cells: NDArray[np.int32],
    keys: NDArray[np.int32],
    scratch: NDArray[np.int32],
    fused: NDArray[np.uint8],
    guidance: NDArray[np.float32],
) -> None:
    """Fuse some rows.

    Args:
        first: First row.
        end: Row after the last.
        bgr: (H, W, 3) visible image.
        grey: (H, W) its luma.
        thermal: (H, W) thermal image.
        context: (h, w) context coordinates of the 4x4 blocks, 8 bits of fraction.
        table: Flat table of weights, 255 is a weight of 1.
        shape: Nodes of the luma, gradient, context and thermal axes.
        cells: (3, 1021) offset of a value's cell in the table, for luma, gradient, thermal.
        keys: (3, 1021) fraction and stride of a value, for the same axes.
        scratch: (H, 2, W); row `first` of a band is its workspace.
        fused: (H, W, 3), receives the fused image.
        guidance: (H, W) or empty, receives the weights.
    """
    width = thermal.shape[1]
    want_guidance = guidance.size > 0
    edges, places = scratch[first, 0], scratch[first, 1]
    context_stride, last_cell = shape[3], shape[2] - 2
    for y in range(first, end):
        _edge_row(grey, y, edges)
        _context_row(context, y, places)
        for x in range(width):
            base, heat = np.int32(grey[y, x]), np.int32(thermal[y, x])
            edge, place = edges[x], places[x]
            cell = min(place >> FRACTION_BITS, last_cell)
            position = cells[0, base] + cells[1, edge] + cells[2, heat] + cell * context_stride
            key = ((place - (cell << FRACTION_BITS)) << KEY_SHIFT) | context_stride
            weight = _walk_simplex(
                table, position, keys[0, base], keys[1, edge], keys[2, heat], key
            )
            change = _divide_rounding((heat - base) * weight)
            for channel in range(3):
                fused[y, x, channel] = min(max(bgr[y, x, channel] + change, 0), 255)
            if want_guidance:
                guidance[y, x] = weight * np.float32(1.0 / FULL_WEIGHT)


@kernel
def _divide_rounding(product: int) -> int:
    """Divide by `FULL_WEIGHT` to the nearest integer, for products of a grey difference."""
    # Kept positive: then the compiler needs no correction for the sign.
    shifted = np.uint32(product + (256 * FULL_WEIGHT + FULL_WEIGHT // 2))
    return np.int32(shifted // np.uint32(FULL_WEIGHT)) - 256


@kernel
def _walk_simplex(
    table: NDArray[np.uint8], position: int, a: int, b: int, c: int, d: int
) -> int:
    """Interpolate on the simplex that holds a point; 0..FULL_WEIGHT.

    Args:
        table: Flat table.
        position: Offset of the lower corner of the point's cell.
        a: Key of the first axis; `b`, `c`, `d` of the others.
    """
    a, b = max(a, b), min(a, b)
    c, d = max(c, d), min(c, d)
    a, c = max(a, c), min(a, c)
    b, d = max(b, d), min(b, d)
    b, c = max(b, c), min(b, c)
    share_a, share_b = a >> KEY_SHIFT, b >> KEY_SHIFT
    share_c, share_d = c >> KEY_SHIFT, d >> KEY_SHIFT
    total = np.int32(table[position]) * (ONE - share_a)
    position += a & STRIDE_MASK
    total += np.int32(table[position]) * (share_a - share_b)
    position += b & STRIDE_MASK
    total += np.int32(table[position]) * (share_b - share_c)
    position += c & STRIDE_MASK
    total += np.int32(table[position]) * (share_c - share_d)
    position += d & STRIDE_MASK
    return total + np.int32(table[position]) * share_d


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
    return min(abs(across) + abs(down), np.int32(1020))


@kernel
def _context_row(context: NDArray[np.uint16], y: int, places: NDArray[np.int32]) -> None:
    """Bilinear interpolation of the context for one row of pixels.

    Block centres lie at pixels 1.5, 5.5, …, so weights are odd eighths.
    """
    rows, columns = context.shape
    lower = (2 * y - 3) >> 3
    down = (2 * y - 3) - 8 * lower
    above = context[max(lower, 0)]
    below = context[min(lower + 1, rows - 1)]
    for x in range(places.size):
        lower = (2 * x - 3) >> 3
        across = (2 * x - 3) - 8 * lower
        left, right = max(lower, 0), min(lower + 1, columns - 1)
        west = np.int32(above[left]) * (8 - down) + np.int32(below[left]) * down
        east = np.int32(above[right]) * (8 - down) + np.int32(below[right]) * down
        places[x] = (west * (8 - across) + east * across + 32) >> 6
