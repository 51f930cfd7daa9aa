# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A rival of the table: two 3x3 convolutions, 113 parameters with four channels.

The size of the smallest published fusion network. What it cannot do at equal training, the
table's memory is good for.

- [0]: MMDRFuse: Distilled Mini-Model with Dynamic Refresh for Multi-Modality Image Fusion,
  ACM Multimedia 2024.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from fusion_ros.training.network_shapes import TinyCnnShape

SLOPE = 0.2


class TinyCnn(nn.Module):
    """Sees 5x5 pixels of both sources; gives the fused grey, or the weight to blend with."""

    multiple_px = 1

    def __init__(self, shape: TinyCnnShape) -> None:
        """Create an untrained network."""
        super().__init__()
        self.output = shape.output
        self.initial_slope = shape.initial_slope
        self.first = nn.Conv2d(2, shape.channels, 3, padding=1, padding_mode="replicate")
        self.second = nn.Conv2d(shape.channels, 1, 3, padding=1, padding_mode="replicate")

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse a batch of (B, H, W) in 0..255; a value is kept in that range."""
        sources = torch.stack((luma, thermal), dim=1) / 255
        hidden = functional.leaky_relu(self.first(sources), SLOPE)
        result = self.second(hidden)[:, 0]
        if self.output == "value":
            # Starts near the maximum; the clamp passes no gradient outside, so it is soft.
            return 255 * _soft_clamp(sources.amax(dim=1) + result)
        weight = torch.sigmoid(self.initial_slope * (sources[:, 1] - sources[:, 0]) + result)
        return luma + weight * (thermal - luma)


def _soft_clamp(value: Tensor) -> Tensor:
    """Clamp to [0, 1] forwards; backwards the identity."""
    return value + (value.clamp(0, 1) - value).detach()
