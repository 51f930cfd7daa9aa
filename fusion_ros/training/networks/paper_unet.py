# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The guidance network of the HybridFusion paper, in front of our pyramid.

It is here to be measured against, and to teach. Of the paper's two outputs only the guidance is
kept: the other is the variance of a policy that its loss never samples.

- [0]: U-Net: Convolutional Networks for Biomedical Image Segmentation, MICCAI 2015.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.training.networks.pyramid import fuse_by_guidance

if TYPE_CHECKING:
    from fusion_ros.training.network_shapes import PaperUnetShape

WHITE = 255.0


class PaperUnet(nn.Module):
    """A U-Net at the full resolution.

    Attributes:
        multiple_px: Sides of images that every level can be halved from.
    """

    multiple_px: int

    def __init__(self, shape: PaperUnetShape) -> None:
        """Create an untrained network; its random numbers come from torch's generator."""
        super().__init__()
        widths = shape.widths
        self.multiple_px = 2 ** (len(widths) - 1)
        self.down = nn.ModuleList(
            _twice(inputs, width, width) for inputs, width in pairwise((2, *widths))
        )
        below, self.up = widths[-1], nn.ModuleList()
        for level in range(len(widths) - 2, -1, -1):
            entry, output = widths[level] + below, widths[max(level - 1, 0)]
            self.up.append(_twice(entry, entry // 2, output))
            below = output
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse a batch (B, H, W) in 0..255, sides of `multiple_px` or more; see `HybridNetwork`."""
        return fuse_by_guidance(luma, thermal, self.weight(luma, thermal))

    def weight(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Guidance of a batch, (B, H, W) in [0, 1]."""
        hidden = torch.stack((luma, thermal), dim=1) / (WHITE / 2) - 1
        kept: list[Tensor] = []
        for level, convolutions in enumerate(self.down):
            hidden = convolutions(functional.max_pool2d(hidden, 2) if level else hidden)
            kept.append(hidden)
        for convolutions, beside in zip(self.up, kept[-2::-1], strict=True):
            hidden = convolutions(torch.cat((beside, _enlarge(hidden, beside)), dim=1))
        return torch.sigmoid(self.head(hidden)[:, 0].float())


def _enlarge(hidden: Tensor, beside: Tensor) -> Tensor:
    above = functional.interpolate(hidden, scale_factor=2, mode="bilinear", align_corners=True)
    down, across = (beside.shape[axis] - above.shape[axis] for axis in (-2, -1))
    border = (across // 2, across - across // 2, down // 2, down - down // 2)
    return functional.pad(above, border)


def _twice(inputs: int, middle: int, outputs: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for entry, exit_ in ((inputs, middle), (middle, outputs)):
        layers += [
            nn.Conv2d(entry, exit_, 3, padding=1, bias=False),
            nn.BatchNorm2d(exit_),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)
