# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT's integer arithmetic for one pixel: one source for the CPU and the CUDA kernels.

Only scalars go in and out, so that the same functions are compiled into loops that vectorize,
into device code, and run under Numba's CUDA simulator.

Convention:
    A table coordinate has 8 bits of fraction. A *key* holds the fraction of an axis above the
    axis' stride in the table, so that sorting keys sorts fractions. Everything is 32 bits wide
    and unsigned where it cannot be negative: the compiler then needs no checks.
"""

from __future__ import annotations

import numpy as np

from fusion_ros.core.luma import LUMA_BLUE, LUMA_GREEN, LUMA_HALF, LUMA_RED, LUMA_SHIFT
from fusion_ros.core.signal_scales import GRADIENT_FULL_SCALE
from fusion_ros.kernels.compilation import kernel

FRACTION_BITS = 8
ONE = 1 << FRACTION_BITS
KEY_SHIFT = 16
STRIDE_MASK = (1 << KEY_SHIFT) - 1
# Table value of a weight of 1, times the fixed-point one.
FULL_WEIGHT = 255 * ONE
# Fixed point of the factor that turns a grey level into a coordinate.
SCALE_SHIFT = 19
SCALE_HALF = 1 << (SCALE_SHIFT - 1)


@kernel
def luma_level(blue: int, green: int, red: int) -> int:
    """Luma of a pixel, 0..255."""
    total = np.int32(LUMA_BLUE) * np.int32(blue) + np.int32(LUMA_GREEN) * np.int32(green)
    total += np.int32(LUMA_RED) * np.int32(red) + np.int32(LUMA_HALF)
    return np.uint8(np.int32(total) >> np.int32(LUMA_SHIFT))


@kernel
def edge_strength(across: int, down: int) -> int:
    """Both Sobel responses to 0..`GRADIENT_FULL_SCALE`."""
    total = np.int32(abs(np.int32(across))) + np.int32(abs(np.int32(down)))
    return min(np.int32(total), np.int32(GRADIENT_FULL_SCALE))


@kernel
def level_coordinate(level: int, scale: int) -> int:
    """Coordinate of a grey level on an axis of nodes spaced evenly."""
    product = np.uint32(np.uint32(level) * np.uint32(scale)) + np.uint32(SCALE_HALF)
    return np.uint32(np.uint32(product) >> np.uint32(SCALE_SHIFT))


@kernel
def mixed_context(doubled: int, difference: int, eighths: int) -> int:
    """Context between two block centres, from values that are already mixed across rows.

    Args:
        doubled: The left value times 8, plus 32 for rounding.
        difference: The right value minus the left.
        eighths: Distance from the left centre, in eighths of a block.
    """
    mixed = np.int32(doubled) + np.int32(np.int32(difference) * np.int32(eighths))
    return np.int32(mixed) >> np.int32(6)


@kernel
def cell_of(coordinate: int, last_cell: int) -> int:
    """Index of the cell that a coordinate lies in."""
    return min(np.uint32(np.uint32(coordinate) >> np.uint32(FRACTION_BITS)), np.uint32(last_cell))


@kernel
def key_of(coordinate: int, cell: int, stride: int) -> int:
    """Fraction within the cell, above the stride of the axis."""
    fraction = np.uint32(np.uint32(coordinate) - np.uint32(np.uint32(cell) << np.uint32(8)))
    return np.uint32(np.uint32(fraction << np.uint32(KEY_SHIFT)) | np.uint32(stride))


@kernel
def falling(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """Sort four keys, the largest first."""
    a, b = max(a, b), min(a, b)
    c, d = max(c, d), min(c, d)
    a, c = max(a, c), min(a, c)
    b, d = max(b, d), min(b, d)
    b, c = max(b, c), min(b, c)
    return a, b, c, d


@kernel
def stride_of(key: int) -> int:
    """Stride in a key."""
    return np.uint32(np.uint32(key) & np.uint32(STRIDE_MASK))


@kernel
def share_of(key: int) -> int:
    """Fraction in a key, 0..`ONE`."""
    return np.uint32(np.uint32(key) >> np.uint32(KEY_SHIFT))


@kernel
def mixed_weight(values: tuple[int, ...], shares: tuple[int, ...]) -> int:
    """Interpolate on a simplex; 0..`FULL_WEIGHT`.

    Args:
        values: The table at the five corners, in the order of the walk.
        shares: The four fractions, the largest first.
    """
    a, b, c, d = shares
    total = np.uint32(values[0]) * np.uint32(np.uint32(ONE) - np.uint32(a))
    total += np.uint32(values[1]) * np.uint32(np.uint32(a) - np.uint32(b))
    total += np.uint32(values[2]) * np.uint32(np.uint32(b) - np.uint32(c))
    total += np.uint32(values[3]) * np.uint32(np.uint32(c) - np.uint32(d))
    total += np.uint32(values[4]) * np.uint32(d)
    return np.int32(np.uint32(total))


@kernel
def luma_change(grey: int, thermal: int, weight: int) -> int:
    """Change of luma for a weight of 0..`FULL_WEIGHT`, to the nearest level."""
    product = np.int32((np.int32(thermal) - np.int32(grey)) * np.int32(weight))
    # Kept positive: then the compiler needs no correction for the sign.
    shifted = np.uint32(product + np.int32(256 * FULL_WEIGHT + FULL_WEIGHT // 2))
    return np.int32(np.uint32(shifted // np.uint32(FULL_WEIGHT))) - np.int32(256)


@kernel
def shifted_level(level: int, change: int) -> int:
    """A channel's level after a change of luma, limited to 0..255."""
    return np.uint8(min(max(np.int32(level) + np.int32(change), np.int32(0)), np.int32(255)))
