# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Luma, and how a change of luma is written back into a colour image.

Convention:
    Luma is full-range BT.601 rounded to 8 bit, as OpenCV's ``BGR2GRAY`` computes it to within
    one level. Chroma is kept by adding the change of luma to all three channels, which is
    exactly what a round trip through YCbCr does. Where a channel would leave 0..255 it is
    clipped; the clipped pixel's luma still lies between the old luma and the wanted one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# BT.601 weights of blue, green, red in units of 2**-16; they add up to 2**16.
LUMA_BLUE, LUMA_GREEN, LUMA_RED = 7471, 38470, 19595
LUMA_SHIFT = 16
LUMA_HALF = 1 << (LUMA_SHIFT - 1)


def luma(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luma of a BGR image.

    Args:
        bgr: (H, W, 3) uint8.

    Returns:
        (H, W) uint8.
    """
    blue, green, red = (bgr[..., channel].astype(np.int32) for channel in range(3))
    total = LUMA_BLUE * blue + LUMA_GREEN * green + LUMA_RED * red + LUMA_HALF
    return (total >> LUMA_SHIFT).astype(np.uint8)


def blend_luma(
    bgr: NDArray[np.uint8], thermal: NDArray[np.uint8], weight: NDArray[np.floating]
) -> NDArray[np.uint8]:
    """Move the luma of `bgr` towards `thermal` by `weight`, keeping its chroma.

    Args:
        bgr: (H, W, 3) uint8.
        thermal: (H, W) uint8.
        weight: (H, W) in [0, 1]; 0 leaves the pixel as it is, 1 gives it the thermal grey.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    base = luma(bgr).astype(np.float64)
    change = np.floor(weight * (thermal - base) + 0.5)
    return replace_luma_by(bgr, change)


def replace_luma_by(bgr: NDArray[np.uint8], change: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Add a change of luma, (H, W) in grey levels, to all channels of `bgr`."""
    return np.clip(bgr + change[..., None], 0, 255).astype(np.uint8)
