# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Terms on grey levels: follow the brighter source, and let both sources add what is their own.

- [0]: A new image quality metric for image fusion: the sum of the correlations of
  differences, AEU 69(12), 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from fusion_ros.training.losses.fused_batch import FusedBatch

# Where nothing varies but noise, a correlation means nothing.
FLAT_VARIANCE = 1e-4


def intensity(batch: FusedBatch) -> Tensor:
    """Mean distance to the brighter source."""
    return (batch.fused - batch.sources.amax(dim=0)).abs().mean()


def imbalance(batch: FusedBatch) -> Tensor:
    """Two, less the correlation of what each source adds with that source itself."""
    luma, thermal = batch.sources
    return 2 - correlation(batch.fused - thermal, luma) - correlation(batch.fused - luma, thermal)


def correlation(first: Tensor, second: Tensor) -> Tensor:
    """Pearson's correlation of each image (B, H, W) with its partner, averaged over the batch."""
    first = first - first.mean(dim=(1, 2), keepdim=True)
    second = second - second.mean(dim=(1, 2), keepdim=True)
    product = (first * second).mean(dim=(1, 2))
    variances = first.square().mean(dim=(1, 2)) * second.square().mean(dim=(1, 2))
    # Added under the root, whose derivative at zero is infinite.
    return (product / (variances + FLAT_VARIANCE**2).sqrt()).mean()
