# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What small networks see of large images: figures of square blocks."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def block_features(luma: Tensor, thermal: Tensor, side_px: int) -> Tensor:
    """Mean and maximum of square blocks of both images.

    Args:
        luma: (B, H, W) in 0..255; H and W multiples of the side.
        thermal: (B, H, W), likewise.
        side_px: Of the blocks.

    Returns:
        (B, 4, H / side, W / side) in [0, 1]: mean and maximum of luma, then of thermal.
    """
    features = []
    for image in (luma[:, None] / 255, thermal[:, None] / 255):
        features.append(functional.avg_pool2d(image, side_px))
        features.append(functional.max_pool2d(image, side_px))
    return torch.cat(features, dim=1)
