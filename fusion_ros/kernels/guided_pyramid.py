# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fuses two images by a guidance map, level by level of a pyramid, over bands of rows.

`fusion_ros.backends.hybrid.pyramid` defines what is computed. Each function writes some rows
from rows that an earlier one wrote, so that one must be done in all bands.

Convention:
    A level is an array (3, H, W) float32 of three planes: the difference of thermal and luma,
    the guidance, and what was blended of them. A band's workspace holds lines of W + 2 or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.kernels.compilation import kernel
from fusion_ros.kernels.pixel_arithmetic import shifted_level
from fusion_ros.kernels.pyramid_rows import double_row, expand_row, halve_row, shrink_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Planes = NDArray[np.float32]

DIFFERENCE, GUIDANCE, BLENDED = 0, 1, 2
PLANES = 3
# Lines of workspace for each band.
LINES = 4


@kernel
def shrink_band(first: int, end: int, space: Planes, level: Planes, smaller: Planes) -> None:
    """Rows of difference and guidance of the next smaller level."""
    line = space[0]
    for row in range(first, end):
        for plane in (DIFFERENCE, GUIDANCE):
            shrink_row(level[plane], row, line)
            halve_row(line, level.shape[2], smaller[plane, row])


@kernel
def blend_base(level: Planes) -> None:
    """Blend the smallest level, all of it."""
    for y in range(level.shape[1]):
        for x in range(level.shape[2]):
            level[BLENDED, y, x] = level[GUIDANCE, y, x] * level[DIFFERENCE, y, x]


@kernel
def blend_band(first: int, end: int, space: Planes, level: Planes, smaller: Planes) -> None:
    """Blend rows of one level on top of what was blended of the next smaller one."""
    for y in range(first, end):
        _blend_row(y, space, level, smaller, level[BLENDED, y])


@kernel
def _blend_row(
    y: int, space: Planes, level: Planes, smaller: Planes, blended: NDArray[np.float32]
) -> None:
    _, height, width = level.shape
    line, coarse, smooth = space[0], space[1], space[2]
    expand_row(smaller[DIFFERENCE], y, height, line)
    double_row(line, width, coarse)
    expand_row(smaller[BLENDED], y, height, line)
    double_row(line, width, smooth)
    difference, guidance = level[DIFFERENCE, y], level[GUIDANCE, y]
    for x in range(width):
        blended[x] = smooth[x] + guidance[x] * (difference[x] - coarse[x])


@kernel
def fuse_band(
    first: int,
    end: int,
    space: Planes,
    level: Planes,
    smaller: Planes,
    bgr: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    fused: NDArray[np.uint8],
) -> None:
    """Blend rows of the full resolution, hold them inside their sources, and colour them.

    Args:
        first: First row.
        end: Row after the last.
        space: Workspace.
        level: Full resolution; what is blended of it is not kept.
        smaller: Half of it.
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        grey: (H, W) its luma.
        thermal: (H, W) thermal image.
        fused: (H, 3 W), receives the fused image.
    """
    height, width = grey.shape
    darkest, brightest, change = space[0], space[1], space[3]
    for y in range(first, end):
        _blend_row(y, space, level, smaller, change)
        above, below = max(y - 1, 0), min(y + 1, height - 1)
        for x in range(width):
            a, b, c = grey[above, x], grey[y, x], grey[below, x]
            d, e, f = thermal[above, x], thermal[y, x], thermal[below, x]
            darkest[x + 1] = np.float32(min(min(min(a, b), c), min(min(d, e), f)))
            brightest[x + 1] = np.float32(max(max(max(a, b), c), max(max(d, e), f)))
        darkest[0], darkest[width + 1] = darkest[1], darkest[width]
        brightest[0], brightest[width + 1] = brightest[1], brightest[width]
        for x in range(width):
            level_of_luma = np.float32(grey[y, x])
            lowest = min(min(darkest[x], darkest[x + 1]), darkest[x + 2])
            highest = max(max(brightest[x], brightest[x + 1]), brightest[x + 2])
            held = min(max(level_of_luma + change[x], lowest), highest)
            change[x] = np.floor(held - level_of_luma + np.float32(0.5))
        colour_row(bgr[y], change, fused[y])


@kernel
def colour_row(
    bgr: NDArray[np.uint8], change: NDArray[np.float32], fused: NDArray[np.uint8]
) -> None:
    """Add a change of luma in whole levels to the three channels of each pixel."""
    for x in range(fused.size // 3):
        blue, step = np.uint32(3 * x), np.int32(change[x])
        fused[blue] = shifted_level(bgr[blue], step)
        fused[blue + 1] = shifted_level(bgr[blue + 1], step)
        fused[blue + 2] = shifted_level(bgr[blue + 2], step)
