# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hybrid backend as a differentiable PyTorch module: a small U-Net in front of the pyramid.

`fusion_ros.backends.hybrid.reference` defines what is computed, with all its conventions.

- [0]: U-Net: Convolutional Networks for Biomedical Image Segmentation, MICCAI 2015.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.backends.hybrid.model import FEATURES, OUTPUTS, Convolution, HybridModel
from fusion_ros.training.network_shapes import HybridShape
from fusion_ros.training.networks.block_features import block_features
from fusion_ros.training.networks.pyramid import fuse_by_guidance

WHITE = 255.0


class HybridNetwork(nn.Module):
    """Guidance network and pyramid.

    Untrained, its guidance is a soft maximum of both sources. It may be trained with batch
    normalization, whose statistics are folded into the convolutions that are deployed.
    """

    multiple_px: int = 1

    def __init__(self, shape: HybridShape) -> None:
        """Create an untrained network; its random numbers come from torch's generator."""
        super().__init__()
        self.stride_px = shape.stride_px
        widths, normalized = shape.widths, shape.normalized
        entries = (FEATURES, *widths[:-1])
        self.down = nn.ModuleList(
            _twice(inputs, width, normalized) for inputs, width in zip(entries, widths, strict=True)
        )
        self.up = nn.ModuleList(
            _twice(below + width, width, normalized) for width, below in pairwise(widths)
        )
        self.head = nn.Conv2d(widths[0] + FEATURES, OUTPUTS, 1)
        nn.init.zeros_(self.head.weight)
        with torch.no_grad():
            self.head.bias.copy_(torch.tensor([0.0, shape.initial_slope]))

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse a batch.

        Args:
            luma: (B, H, W) float, whole numbers 0..255; any size.
            thermal: (B, H, W), likewise.

        Returns:
            (B, H, W) in 0..255.
        """
        return fuse_by_guidance(luma, thermal, self.weight(luma, thermal))

    def weight(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Guidance of a batch, (B, H, W) in [0, 1]."""
        height, width = luma.shape[-2:]
        multiple = self.stride_px * 2 ** len(self.up)
        border = (0, -width % multiple, 0, -height % multiple)
        wide_luma, wide_thermal = (
            functional.pad(image[:, None], border, mode="replicate")[:, 0]
            for image in (luma, thermal)
        )
        features = block_features(wide_luma, wide_thermal, self.stride_px)
        hidden = self._levels(features)
        outputs = self.head(torch.cat((hidden, features), dim=1)).float()
        each = functional.interpolate(outputs, scale_factor=self.stride_px, mode="bilinear")
        logit, gain = each[..., :height, :width].unbind(dim=1)
        return torch.sigmoid(logit + gain * (thermal - luma) / WHITE)

    def _levels(self, hidden: Tensor) -> Tensor:
        kept: list[Tensor] = []
        for level, convolutions in enumerate(self.down):
            hidden = convolutions(functional.max_pool2d(hidden, 2) if level else hidden)
            kept.append(hidden)
        for convolutions, beside in zip(reversed(self.up), kept[-2::-1], strict=True):
            above = functional.interpolate(hidden, scale_factor=2, mode="bilinear")
            hidden = convolutions(torch.cat((above, beside), dim=1))
        return hidden

    def to_model(self) -> HybridModel:
        """Fold the normalization and copy everything into the form that is deployed."""
        down, up = (tuple(_folded(level) for level in part) for part in (self.down, self.up))
        # Deployed, the gain is for a grey level; here it is for the full scale.
        scale = torch.tensor([1.0, 1 / WHITE])
        with torch.no_grad():
            weight, bias = self.head.weight.cpu(), self.head.bias.cpu()
            head = _convolution(weight * scale[:, None, None, None], bias * scale)
        return HybridModel(self.stride_px, down, up, head)

    @classmethod
    @torch.no_grad()
    def from_model(cls, model: HybridModel) -> HybridNetwork:
        """The network of a deployed model, without normalization."""
        widths = tuple(second.bias.size for _, second in model.down)
        network = cls(HybridShape(model.stride_px, widths, initial_slope=0.0, normalized=False))
        for ours, theirs in ((network.down, model.down), (network.up, model.up)):
            for level, pair in zip(ours, theirs, strict=True):
                layers = [layer for layer in level if isinstance(layer, nn.Conv2d)]
                for layer, convolution in zip(layers, pair, strict=True):
                    layer.weight.copy_(torch.from_numpy(convolution.weight))
                    layer.bias.copy_(torch.from_numpy(convolution.bias))
        scale = torch.tensor([1.0, WHITE])
        head = torch.from_numpy(model.head.weight) * scale[:, None, None, None]
        network.head.weight.copy_(head)
        network.head.bias.copy_(torch.from_numpy(model.head.bias) * scale)
        return network


def _twice(inputs: int, outputs: int, normalized: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for entry in (inputs, outputs):
        layers.append(
            nn.Conv2d(entry, outputs, 3, padding=1, padding_mode="replicate", bias=not normalized)
        )
        if normalized:
            layers.append(nn.BatchNorm2d(outputs))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers)


@torch.no_grad()
def _folded(level: nn.Sequential) -> tuple[Convolution, Convolution]:
    """The convolutions of a level, each with what normalizes its results."""
    found: list[Convolution] = []
    weight, bias = torch.empty(0), torch.empty(0)
    for layer in level:
        if isinstance(layer, nn.Conv2d):
            weight = layer.weight
            bias = torch.zeros(len(weight)) if layer.bias is None else layer.bias
        elif isinstance(layer, nn.BatchNorm2d):
            scale = layer.weight / (layer.running_var + layer.eps).sqrt()
            weight = weight * scale[:, None, None, None]
            bias = (bias - layer.running_mean) * scale + layer.bias
        else:
            found.append(_convolution(weight, bias))
    first, second = found
    return first, second


def _convolution(weight: Tensor, bias: Tensor) -> Convolution:
    return Convolution(
        weight.detach().cpu().float().numpy().copy(), bias.detach().cpu().float().numpy().copy()
    )
