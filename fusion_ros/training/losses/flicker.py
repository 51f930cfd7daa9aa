# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How much a fused video of a scene at rest flickers because the choice of source does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

# Where both sources are alike, the choice changes nothing.
SMALLEST_CONTRAST = 0.5


def flicker(frame: tuple[Tensor, ...], later: tuple[Tensor, ...]) -> Tensor:
    """Mean change from one frame to the next that changed weights bring about.

    What the changes of the sources bring about under unchanged weights is left out: an average
    of both sources would be calmest, and is not what is wanted.

    Args:
        frame: Luma, thermal and fused image, (B, H, W) each, in grey levels.
        later: The same a frame later.

    Returns:
        A scalar in grey levels.
    """
    luma, thermal, fused = frame
    contrast = thermal - luma
    is_choice = contrast.abs() > SMALLEST_CONTRAST
    weight = torch.where(is_choice, (fused - luma) / torch.where(is_choice, contrast, 1.0), 0.5)
    later_luma, later_thermal, later_fused = later
    return (later_fused - later_luma - weight * (later_thermal - later_luma)).abs().mean()
