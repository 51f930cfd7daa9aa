# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT as a differentiable PyTorch module: the same function as the NumPy reference.

`fusion_ros.backends.mm_lut.reference` defines what is computed, with all its conventions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel
from fusion_ros.backends.mm_lut.signals import CONTEXT_FEATURES, LEAKY_SLOPE
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE

if TYPE_CHECKING:
    from fusion_ros.training.mm_lut_config import MmLutConfig


class MmLutNetwork(nn.Module):
    """Table and context network of an MM-LUT.

    The table is kept as the change of its logits from the initial soft maximum, so that nodes
    which no pixel ever reaches stay where the smoothness term draws them: near that maximum.
    """

    start: Tensor

    def __init__(self, config: MmLutConfig) -> None:
        """Create an untrained network; its random numbers come from torch's generator."""
        super().__init__()
        luma = torch.linspace(0.0, 1.0, config.nodes[0])[:, None, None, None]
        thermal = torch.linspace(0.0, 1.0, config.nodes[3])[None, None, None, :]
        start = (config.initial_slope * (thermal - luma)).expand(config.nodes)
        self.register_buffer("start", start.contiguous())
        self.change = nn.Parameter(torch.zeros(config.nodes))
        widths = [CONTEXT_FEATURES] + [config.channels] * (len(config.dilations) - 1) + [1]
        self.layers = nn.ModuleList(
            nn.Conv2d(inputs, outputs, 3, dilation=dilation)
            for inputs, outputs, dilation in zip(
                widths[:-1], widths[1:], config.dilations, strict=True
            )
        )

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Blend weights.

        Args:
            luma: (B, H, W) float, whole numbers 0..255; H and W multiples of 4.
            thermal: (B, H, W), likewise.

        Returns:
            (B, H, W) in [0, 1].
        """
        context = functional.interpolate(
            self.context(luma, thermal), scale_factor=CONTEXT_STRIDE_PX, mode="bilinear"
        )
        signals = (luma / 255, gradient_signal(luma), context[:, 0], thermal / 255)
        return interpolate_simplex(self.table(), signals)

    def table(self) -> Tensor:
        """Blend weights at the nodes, (luma, gradient, context, thermal) in [0, 1]."""
        return torch.sigmoid(self.start + self.change)

    def context(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Context of each 4x4 block, (B, 1, H/4, W/4) in [0, 1]."""
        hidden = block_features(luma, thermal)
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


def block_features(luma: Tensor, thermal: Tensor) -> Tensor:
    """Mean and maximum of 4x4 blocks of both images, (B, 4, H/4, W/4) in [0, 1]."""
    features = []
    for image in (luma[:, None] / 255, thermal[:, None] / 255):
        features.append(functional.avg_pool2d(image, CONTEXT_STRIDE_PX))
        features.append(functional.max_pool2d(image, CONTEXT_STRIDE_PX))
    return torch.cat(features, dim=1)


def gradient_signal(luma: Tensor) -> Tensor:
    """Square root of the scaled Sobel magnitude, (B, H, W) in [0, 1]."""
    horizontal, vertical = sobel(luma)
    magnitude = horizontal.abs() + vertical.abs()
    return torch.sqrt(magnitude.clamp(max=GRADIENT_FULL_SCALE) / GRADIENT_FULL_SCALE)


def sobel(image: Tensor) -> tuple[Tensor, Tensor]:
    """Horizontal and vertical 3x3 Sobel derivative of (B, H, W), borders replicated."""
    padded = functional.pad(image[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
    # Slices and sums: several times faster than a one-channel convolution on a CPU.
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    columns = padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]
    return rows[:, :, 2:] - rows[:, :, :-2], columns[:, 2:] - columns[:, :-2]


def interpolate_simplex(table: Tensor, signals: tuple[Tensor, ...]) -> Tensor:
    """Look signals up by linear interpolation on the simplices of the lattice.

    Args:
        table: One axis for each signal.
        signals: Tensors of one shape, in [0, 1]; gradients flow to them and to the table.

    Returns:
        Interpolated table values, in the shape of the signals.
    """
    result: Tensor = _SimplexLookup.apply(table, *signals)
    return result


class _SimplexLookup(torch.autograd.Function):
    """Written out by hand, because most steps of the look-up need no derivative."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, *signals: Tensor) -> Tensor:
        strides = table.contiguous().stride()
        position = torch.zeros(signals[0].numel(), dtype=torch.int64, device=table.device)
        fractions, steps = [], []
        for signal, nodes, stride in zip(signals, table.shape, strides, strict=True):
            coordinate = signal.reshape(-1) * (nodes - 1)
            cell = coordinate.to(torch.int64).clamp_(0, nodes - 2)
            position += cell * stride
            fractions.append(coordinate - cell)
            steps.append(torch.full_like(cell, stride))
        _sort_falling(fractions, steps)
        flat = table.reshape(-1)
        positions = [position]
        for step in steps:
            positions.append(positions[-1] + step)
        values = [flat.gather(0, corner) for corner in positions]
        rises = [after - before for before, after in pairwise(values)]
        total = values[0]
        for fraction, rise in zip(fractions, rises, strict=True):
            total = torch.addcmul(total, fraction, rise)
        ctx.shapes = (table.shape, signals[0].shape, strides)
        ctx.save_for_backward(*positions, *fractions, *steps, *rises)
        return total.reshape(signals[0].shape)

    @staticmethod
    def backward(ctx: Any, *outputs: Tensor) -> tuple[Tensor | None, ...]:
        table_shape, shape, strides = ctx.shapes
        axes = len(strides)
        saved = ctx.saved_tensors
        positions, saved = saved[: axes + 1], saved[axes + 1 :]
        fractions, steps, rises = saved[:axes], saved[axes : 2 * axes], saved[2 * axes :]
        grad = outputs[0].reshape(-1)
        bounds = [torch.ones_like(grad), *fractions, torch.zeros_like(grad)]
        table_grad = torch.zeros(table_shape.numel(), dtype=grad.dtype, device=grad.device)
        for corner, position in enumerate(positions):
            table_grad.scatter_add_(0, position, grad * (bounds[corner] - bounds[corner + 1]))
        signal_grads: list[Tensor | None] = []
        for axis, stride in enumerate(strides):
            if not ctx.needs_input_grad[axis + 1]:
                signal_grads.append(None)
                continue
            slope = torch.zeros_like(grad)
            for step, rise in zip(steps, rises, strict=True):
                slope += torch.where(step == stride, rise, 0.0)
            signal_grads.append((grad * slope * (table_shape[axis] - 1)).reshape(shape))
        return table_grad.reshape(table_shape), *signal_grads


def _sort_falling(fractions: list[Tensor], steps: list[Tensor]) -> None:
    """Sort the fractions of each pixel and their strides along, largest first, in place."""
    # Bubble sort by compare and exchange: for four short lists faster than torch.sort.
    for last in range(len(fractions) - 1, 0, -1):
        for first in range(last):
            second = first + 1
            keep = fractions[first] >= fractions[second]
            for items in (fractions, steps):
                items[first], items[second] = (
                    torch.where(keep, items[first], items[second]),
                    torch.where(keep, items[second], items[first]),
                )
