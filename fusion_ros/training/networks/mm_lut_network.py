# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT as a differentiable PyTorch module: the same function as the NumPy reference.

`fusion_ros.backends.mm_lut.reference` defines what is computed, with all its conventions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel
from fusion_ros.backends.mm_lut.signals import CONTEXT_FEATURES, LEAKY_SLOPE
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE
from fusion_ros.training.losses.derivatives import sobel
from fusion_ros.training.networks.block_features import block_features
from fusion_ros.training.networks.simplex_lookup import interpolate_simplex

if TYPE_CHECKING:
    from fusion_ros.training.network_shapes import MmLutShape


class MmLutNetwork(nn.Module):
    """Table and context network of an MM-LUT.

    The table is kept as the change of its logits from the initial soft maximum, so that nodes
    which no pixel ever reaches stay where the smoothness term draws them: near that maximum.
    """

    multiple_px: int = CONTEXT_STRIDE_PX
    start: Tensor

    def __init__(self, shape: MmLutShape) -> None:
        """Create an untrained network; its random numbers come from torch's generator."""
        super().__init__()
        luma = torch.linspace(0.0, 1.0, shape.nodes[0])[:, None, None, None]
        thermal = torch.linspace(0.0, 1.0, shape.nodes[3])[None, None, None, :]
        start = (shape.initial_slope * (thermal - luma)).expand(shape.nodes)
        self.register_buffer("start", start.contiguous())
        self.change = nn.Parameter(torch.zeros(shape.nodes))
        widths = [CONTEXT_FEATURES] + [shape.channels] * (len(shape.dilations) - 1) + [1]
        self.layers = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3, dilation=dilation)
            for inputs, outputs, dilation in zip(
                widths[:-1], widths[1:], shape.dilations, strict=True
            )
        )

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse a batch.

        Args:
            luma: (B, H, W) float, whole numbers 0..255; H and W multiples of 4.
            thermal: (B, H, W), likewise.

        Returns:
            (B, H, W) in 0..255.
        """
        return luma + self.weight(luma, thermal) * (thermal - luma)

    def weight(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Blend weights of a batch, (B, H, W) in [0, 1]."""
        return interpolate_simplex(self.table(), self.signals(luma, thermal))

    def signals(self, luma: Tensor, thermal: Tensor) -> tuple[Tensor, ...]:
        """What addresses the table: luma, gradient, context, thermal, (B, H, W) in [0, 1]."""
        context = functional.interpolate(
            self.context(luma, thermal), scale_factor=self.multiple_px, mode="bilinear"
        )
        # The table is read in float32, also where the convolutions are not.
        return luma / 255, gradient_signal(luma), context[:, 0].float(), thermal / 255

    def table(self) -> Tensor:
        """Blend weights at the nodes, (luma, gradient, context, thermal) in [0, 1]."""
        return torch.sigmoid(self.start + self.change)

    def grey_at_nodes(self) -> Tensor:
        """Fused grey at the nodes, (luma, gradient, context, thermal) in [0, 1]."""
        table = self.table()
        luma = torch.linspace(0.0, 1.0, table.shape[0], device=table.device)
        thermal = torch.linspace(0.0, 1.0, table.shape[3], device=table.device)
        luma = luma[:, None, None, None]
        return luma + table * (thermal - luma)

    def context(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Context of each 4x4 block, (B, 1, H/4, W/4) in [0, 1]."""
        hidden = block_features(luma, thermal, self.multiple_px)
        for index, layer in enumerate(self.layers):
            if index:
                hidden = functional.leaky_relu(hidden, LEAKY_SLOPE)
            reach = layer.dilation[0]
            hidden = layer(functional.pad(hidden, (reach,) * 4, mode="replicate"))
        return torch.sigmoid(hidden)

    def to_model(self) -> MmLutModel:
        """Quantize the table to 8 bit and copy everything into the form that is deployed."""
        table = torch.round(self.table() * 255).to(torch.uint8)
        layers = tuple(
            ContextLayer(_array(layer.weight), _array(layer.bias), int(layer.dilation[0]))
            for layer in self.layers
        )
        return MmLutModel(table=table.cpu().numpy(), layers=layers)


def _array(values: Tensor) -> np.ndarray:
    return np.ascontiguousarray(values.detach().cpu().numpy(), dtype=np.float32)


def gradient_signal(luma: Tensor) -> Tensor:
    """Square root of the scaled Sobel magnitude, (B, H, W) in [0, 1]."""
    horizontal, vertical = sobel(luma)
    magnitude = horizontal.abs() + vertical.abs()
    return torch.sqrt(magnitude.clamp(max=GRADIENT_FULL_SCALE) / GRADIENT_FULL_SCALE)
