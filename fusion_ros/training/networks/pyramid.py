# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The fixed pyramid of the hybrid backend, differentiable in its guidance.

`fusion_ros.backends.hybrid.pyramid` defines what is computed, with all its conventions.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional

from fusion_ros.backends.hybrid.pyramid import blend_levels
from fusion_ros.core.pyramid_borders import reflected, reflected_smaller, smaller_side


def fuse_by_guidance(luma: Tensor, thermal: Tensor, guidance: Tensor) -> Tensor:
    """Blend both sources level by level.

    Args:
        luma: (B, H, W).
        thermal: (B, H, W).
        guidance: (B, H, W) in [0, 1], the weight of the thermal source.

    Returns:
        (B, H, W), inside the range of both sources in the 3x3 pixels around each.
    """
    change = blend_levels(thermal - luma, guidance, shrink, expand)
    darkest = -_brightest_around(-torch.minimum(luma, thermal))
    brightest = _brightest_around(torch.maximum(luma, thermal))
    return torch.clamp(luma + change, darkest, brightest)


def shrink(image: Tensor) -> Tensor:
    """Smooth (..., H, W) by 1-4-6-4-1 and keep every second row and column."""
    for axis in (-1, -2):
        rows, across = image.shape[axis], smaller_side(image.shape[axis])
        around = image.index_select(axis, _reflected_indices(rows, image.device)).movedim(axis, -1)
        taps = [around[..., tap : tap + 2 * across - 1 : 2] for tap in range(5)]
        sums = taps[0] + taps[4] + 4 * (taps[1] + taps[3]) + 6 * taps[2]
        image = (sums / 16).movedim(-1, axis)
    return image


def expand(image: Tensor, height: int, width: int) -> Tensor:
    """Bring (..., h, w) to the (H, W) that it was shrunk from, smoothly."""
    for axis, samples in ((-2, height), (-1, width)):
        indices = _neighbour_indices(samples, image.device)
        before, here, after = (
            image.index_select(axis, index).movedim(axis, -1) for index in indices
        )
        even, odd = (before + 6 * here + after) / 8, (here + after) / 2
        both = torch.stack((even, odd), dim=-1).flatten(-2)[..., :samples]
        image = both.movedim(-1, axis)
    return image


def _brightest_around(image: Tensor) -> Tensor:
    return functional.max_pool2d(image[:, None], 3, stride=1, padding=1)[:, 0]


@lru_cache(maxsize=64)
def _reflected_indices(samples: int, device: torch.device) -> Tensor:
    return _lasting([reflected(i, samples) for i in range(-2, samples + 3)], device)


@lru_cache(maxsize=64)
def _neighbour_indices(samples: int, device: torch.device) -> tuple[Tensor, Tensor, Tensor]:
    here = range(smaller_side(samples))
    before, same, after = (
        _lasting([reflected_smaller(i + step, samples) for i in here], device)
        for step in (-1, 0, 1)
    )
    return before, same, after


def _lasting(indices: list[int], device: torch.device) -> Tensor:
    """A tensor to keep: one that is made in inference mode can never be trained with."""
    with torch.inference_mode(False):
        return torch.tensor(indices, device=device)
