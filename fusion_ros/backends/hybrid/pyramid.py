# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The fixed pyramid that fuses two images by a guidance map, in plain float64 NumPy.

- [0]: Burt, Adelson: The Laplacian Pyramid as a Compact Image Code, 1983.

Each level of the fused pyramid is ``V + g (T - V)``, with the guidance carried down by the same
Gaussian pyramid. All of this is linear, and the visible pyramid collapses to the visible image
itself; so what is computed is the pyramid of the difference ``T - V`` alone, weighed, collapsed
and added to the visible image. A guidance of 0 gives that image back bit for bit.

Convention:
    `DETAIL_LEVELS` of details and a base, whatever the size; kernel 1-4-6-4-1 in both directions,
    borders as `core.pyramid_borders` has them. The result is held inside the range of both
    sources in the 3x3 pixels around each (fewer at borders), so no sum of details invents a
    light or a dark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.core.pyramid_borders import (
    DETAIL_LEVELS,
    reflected,
    reflected_smaller,
    smaller_side,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Plane = NDArray[np.float64]

KERNEL = np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16.0


def fuse_by_guidance(luma: NDArray[np.uint8], thermal: NDArray[np.uint8], guidance: Plane) -> Plane:
    """Fuse two images.

    Args:
        luma: (H, W) uint8, of the visible image; any size from 1x1.
        thermal: (H, W) uint8.
        guidance: (H, W) in [0, 1]: the weight of the thermal source.

    Returns:
        (H, W) grey levels, not rounded.
    """
    difference = thermal.astype(np.float64) - luma
    fused = luma + blend_difference(difference, guidance)
    darkest = extreme_around(np.minimum(luma, thermal), np.minimum)
    brightest = extreme_around(np.maximum(luma, thermal), np.maximum)
    return np.clip(fused, darkest, brightest)


def blend_difference(difference: Plane, guidance: Plane) -> Plane:
    """What is added to luma: the pyramid of the difference, weighed on each level.

    Args:
        difference: (H, W) thermal less luma.
        guidance: (H, W) in [0, 1].

    Returns:
        (H, W); under a constant guidance this is guidance times difference.
    """
    return blend_levels(difference, guidance, shrink, expand)


def blend_levels(
    difference: Any,
    guidance: Any,
    shrink: Callable[[Any], Any],
    expand: Callable[[Any, int, int], Any],
) -> Any:
    """`blend_difference` of any kind of arrays (..., H, W), by what makes levels of them."""
    differences, guidances = [difference], [guidance]
    for _ in range(DETAIL_LEVELS):
        differences.append(shrink(differences[-1]))
        guidances.append(shrink(guidances[-1]))
    blended = guidances[-1] * differences[-1]
    for level in range(DETAIL_LEVELS - 1, -1, -1):
        height, width = differences[level].shape[-2:]
        detail = differences[level] - expand(differences[level + 1], height, width)
        blended = expand(blended, height, width) + guidances[level] * detail
    return blended


def shrink(image: Plane) -> Plane:
    """The next smaller level of a Gaussian pyramid, (ceil(H/2), ceil(W/2)) of (H, W)."""
    return _shrink_rows(_shrink_rows(image).T).T


def expand(image: Plane, height: int, width: int) -> Plane:
    """Bring a level back to the (height, width) that it was shrunk from, smoothly."""
    return _expand_rows(_expand_rows(image, height).T, width).T


def extreme_around(
    image: NDArray[np.uint8], pick: Callable[..., NDArray[np.uint8]]
) -> NDArray[np.uint8]:
    """Minimum or maximum of the 3x3 pixels around each."""
    padded = np.pad(image, 1, mode="edge")
    rows = pick(pick(padded[:-2], padded[1:-1]), padded[2:])
    return pick(pick(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])


def _shrink_rows(image: Plane) -> Plane:
    samples = len(image)
    total = np.zeros((smaller_side(samples), image.shape[1]))
    for tap, share in enumerate(KERNEL):
        rows = [reflected(2 * row + tap - 2, samples) for row in range(len(total))]
        total += share * image[rows]
    return total


def _expand_rows(image: Plane, samples: int) -> Plane:
    before, here, after = (
        image[[reflected_smaller(row + step, samples) for row in range(len(image))]]
        for step in (-1, 0, 1)
    )
    both = np.stack(((before + 6 * here + after) / 8, (here + after) / 2), axis=1)
    return both.reshape(-1, image.shape[1])[:samples]
