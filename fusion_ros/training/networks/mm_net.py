# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-Net: the fusion network that teaches, a small U-Net that predicts a blend weight per pixel.

Its result, like the table's, is a blend of both sources: what a teacher adds beyond that, the
table could not learn. Without normalization layers no statistic of the frame enters, and the
result for a crop is the crop of the result but for the borders.

- [0]: U-Net: Convolutional Networks for Biomedical Image Segmentation, MICCAI 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.training.losses.derivatives import sobel

if TYPE_CHECKING:
    from fusion_ros.training.network_shapes import MmNetShape

SLOPE = 0.1
STRIDE_PX = 2


class MmNet(nn.Module):
    """Levels at a half, a quarter, … of the resolution, and a detail layer at the full one."""

    def __init__(self, shape: MmNetShape) -> None:
        """Create an untrained network, which is a soft maximum of both sources."""
        super().__init__()
        self.initial_slope = shape.initial_slope
        widths = shape.widths
        self.multiple_px = STRIDE_PX ** len(widths)
        entries = (2 * STRIDE_PX**2, *widths[:-1])
        self.down = nn.ModuleList(
            _Convolutions(inputs, width) for inputs, width in zip(entries, widths, strict=True)
        )
        self.up = nn.ModuleList(
            _Convolutions(below + width, width)
            for below, width in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        details = shape.detail_channels
        self.spread = nn.Conv2d(widths[0], details * STRIDE_PX**2, 1)
        # Luma, thermal and their edge strengths beside what the levels below say.
        self.detail = _convolution(details + 4, details)
        self.head = nn.Conv2d(details, 1, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse a batch.

        Args:
            luma: (B, H, W) in 0..255; H and W multiples of `multiple_px`.
            thermal: (B, H, W), likewise.

        Returns:
            (B, H, W) in 0..255, between both sources.
        """
        return luma + self.weight(luma, thermal) * (thermal - luma)

    def weight(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Blend weights of a batch, (B, H, W) in [0, 1]."""
        sources = torch.stack((luma, thermal), dim=1) / 255
        below = functional.pixel_shuffle(self.spread(self._levels(sources)), STRIDE_PX)
        edges = torch.stack([_edge_strength(luma), _edge_strength(thermal)], dim=1) / 255
        hidden = functional.leaky_relu(self.detail(torch.cat((below, sources, edges), 1)), SLOPE)
        start = self.initial_slope * (sources[:, 1] - sources[:, 0])
        return torch.sigmoid(start + self.head(hidden)[:, 0])

    def _levels(self, sources: Tensor) -> Tensor:
        hidden = functional.pixel_unshuffle(sources, STRIDE_PX)
        kept: list[Tensor] = []
        for index, layer in enumerate(self.down):
            hidden = layer(functional.avg_pool2d(hidden, 2) if index else hidden)
            kept.append(hidden)
        for layer, beside in zip(self.up, kept[-2::-1], strict=True):
            above = functional.interpolate(hidden, scale_factor=2, mode="bilinear")
            hidden = layer(torch.cat((above, beside), dim=1))
        return hidden


class _Convolutions(nn.Module):
    """Two 3x3 convolutions; the second is added to what enters it."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = _convolution(inputs, outputs)
        self.second = _convolution(outputs, outputs)

    def forward(self, hidden: Tensor) -> Tensor:
        hidden = functional.leaky_relu(self.first(hidden), SLOPE)
        result: Tensor = hidden + functional.leaky_relu(self.second(hidden), SLOPE)
        return result


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="replicate")


def _edge_strength(image: Tensor) -> Tensor:
    horizontal, vertical = sobel(image)
    return horizontal.abs() + vertical.abs()
