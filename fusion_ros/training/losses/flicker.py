# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How much a fused video flickers, where its sources are still, because the choice does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from fusion_ros.metrics.temporal.flicker import STILL_BELOW_LEVELS

if TYPE_CHECKING:
    from torch import Tensor

# Where both sources are alike, the choice changes nothing.
SMALLEST_CONTRAST = 0.5


def flicker(frame: tuple[Tensor, ...], later: tuple[Tensor, ...]) -> Tensor:
    """Mean change, where both sources are still, that changed weights bring about.

    What moves may change at once; what is still must not flicker because of it. What the
    changes of the sources bring about under unchanged weights is left out: an average of both
    sources would be calmest, and is not what is wanted.

    Args:
        frame: Luma, thermal and fused image, (B, H, W) each, in grey levels.
        later: The same a frame later.

    Returns:
        A scalar in grey levels; 0 where nothing is still.
    """
    luma, thermal, fused = frame
    contrast = thermal - luma
    is_choice = contrast.abs() > SMALLEST_CONTRAST
    weight = torch.where(is_choice, (fused - luma) / torch.where(is_choice, contrast, 1.0), 0.5)
    later_luma, later_thermal, later_fused = later
    change = (later_fused - later_luma - weight * (later_thermal - later_luma)).abs()
    moved = torch.maximum((later_luma - luma).abs(), (later_thermal - thermal).abs())
    still = moved < STILL_BELOW_LEVELS
    return (change * still).sum() / still.sum().clamp(min=1)
