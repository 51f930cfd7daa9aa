# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A batch of fused crops with its sources, and what several loss terms need of it."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from fusion_ros.training.losses.derivatives import sobel


class FusedBatch:
    """A fused batch, its sources and their derivatives, each computed when first asked for."""

    def __init__(self, fused: Tensor, luma: Tensor, thermal: Tensor) -> None:
        """Keep three tensors (B, H, W) in [0, 1]; gradients flow to the first."""
        self.fused = fused
        self.sources = torch.stack((luma, thermal))

    @cached_property
    def fused_edges(self) -> Tensor:
        """Horizontal and vertical derivative of the fused image, (2, B, H, W)."""
        return torch.stack(sobel(self.fused))

    @cached_property
    def source_edges(self) -> Tensor:
        """Derivatives of both sources, (direction, source, B, H, W)."""
        with torch.no_grad():
            both = torch.stack(sobel(self.sources.flatten(0, 1)))
            return both.unflatten(1, self.sources.shape[:2])
