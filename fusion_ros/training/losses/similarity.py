# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Structural similarity as a loss term: 11x11 Gaussian window, valid pixels, full scale 1.

- [0]: Image quality assessment: from error visibility to structural similarity, 2004.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.training.losses.local_moments import LocalMoments, Window, local_moments

if TYPE_CHECKING:
    from torch import Tensor

    from fusion_ros.training.losses.fused_batch import FusedBatch

WINDOW = Window(11, 1.5)
LUMINANCE_CONSTANT = 0.01**2
CONTRAST_CONSTANT = 0.03**2


def dissimilarity(batch: FusedBatch) -> Tensor:
    """Two, less the mean similarity to each of both sources."""
    return 2 - similarities(batch.fused, batch.sources).sum()


def similarities(fused: Tensor, sources: Tensor) -> Tensor:
    """Mean structural similarity of a batch (B, H, W) to each of some sources (S, B, H, W)."""
    return similarity_maps(local_moments(fused, sources, WINDOW)).mean(dim=(1, 2, 3))


def similarity_maps(local: LocalMoments) -> Tensor:
    """Structural similarity around each pixel, in the shape of the covariance."""
    mean_f, mean_s = local.mean_f, local.mean_s
    luminance = (2 * mean_f * mean_s + LUMINANCE_CONSTANT) / (
        mean_f.square() + mean_s.square() + LUMINANCE_CONSTANT
    )
    contrast = (2 * local.covariance + CONTRAST_CONSTANT) / (
        local.variance_f + local.variance_s + CONTRAST_CONSTANT
    )
    return luminance * contrast
