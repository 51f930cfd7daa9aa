# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Visual information fidelity as loss terms: the finest scale alone, or all four.

- [0]: Image information and visual quality, IEEE Transactions on Image Processing 15(2), 2006.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from fusion_ros.training.losses.local_moments import Window, local_moments, smooth

if TYPE_CHECKING:
    from fusion_ros.training.losses.fused_batch import FusedBatch

WINDOWS = tuple(Window(size, size / 5) for size in (17, 9, 5, 3))
NOISE_VARIANCE = 2 / 255**2
SMALL = 1e-6
# Information of an image of nearly nothing but noise, for each pixel of the finest scale.
NO_INFORMATION = 1e-3


def lost_information(batch: FusedBatch) -> Tensor:
    """Information that is lost at the finest scale.

    The root makes the source of which less is kept count more.
    """
    return 2 - fidelities(batch, scales=1).sqrt().mean(dim=1).sum()


def lost_information_of_all_scales(batch: FusedBatch) -> Tensor:
    """Likewise, over all four scales of the metric."""
    return 2 - fidelities(batch, scales=len(WINDOWS)).sqrt().mean(dim=1).sum()


def lost_information_of_the_poorer(batch: FusedBatch) -> Tensor:
    """One, less the fidelity to that source of which less is kept in a crop, over all scales."""
    return 1 - fidelities(batch, scales=len(WINDOWS)).amin(dim=0).mean()


def fidelities(batch: FusedBatch, scales: int) -> Tensor:
    """Fidelity to each source in each crop.

    Args:
        batch: Crops large enough for the coarsest scale: 17 px for one scale, 41 px for four.
        scales: How many, finest first.

    Returns:
        (2, B), more than 0.
    """
    fused, sources = batch.fused, batch.sources
    pixels = fused.shape[-2] * fused.shape[-1]
    kept, possible = fused.new_zeros(()), fused.new_zeros(())
    for scale, window in enumerate(WINDOWS[:scales]):
        if scale:
            fused = smooth(fused, window, step=2)
            sources = smooth(sources, window, step=2)
        scale_kept, scale_possible = _information(fused, sources, window)
        kept, possible = kept + scale_kept, possible + scale_possible
    # A source without any information has none that could get lost.
    nothing = NO_INFORMATION * pixels
    return (kept + nothing) / (possible + nothing)


def _information(fused: Tensor, sources: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    local = local_moments(fused, sources, window)
    gain = local.covariance.clamp(min=0) / (local.variance_s + SMALL)
    rest = (local.variance_f - gain * local.covariance).clamp(min=0)
    kept = torch.log1p(gain.square() * local.variance_s / (rest + NOISE_VARIANCE))
    possible = torch.log1p(local.variance_s / NOISE_VARIANCE)
    return kept.sum(dim=(2, 3)), possible.sum(dim=(2, 3))
