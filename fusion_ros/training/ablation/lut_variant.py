# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUTs that lack a part, or do it another way; trained for comparison, never deployed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork
from fusion_ros.training.networks.simplex_lookup import interpolate_simplex

if TYPE_CHECKING:
    from fusion_ros.training.network_shapes import MmLutShape

GRADIENT, CONTEXT = 1, 2
HELD_AT = 0.5
# A grey value moves by so much less than a logit; one learning rate then suits both.
VALUE_SLOPE = 8.0


@dataclass(frozen=True, slots=True)
class LutVariant:
    """How a variant differs from the MM-LUT.

    Attributes:
        context: Whether the context is looked at; without, it is held at one half.
        gradient: Likewise.
        corners: Interpolate between all 16 corners of a cell, not 5 of them.
        values: The table holds grey values, not blend weights.
        context_stride_px: Side of the blocks of pixels that share one value of the context.
    """

    context: bool = True
    gradient: bool = True
    corners: bool = False
    values: bool = False
    context_stride_px: int = CONTEXT_STRIDE_PX


class LutVariantNetwork(MmLutNetwork):
    """A variant; in evaluation mode its table is rounded to 8 bit, as it would be deployed."""

    def __init__(self, shape: MmLutShape, variant: LutVariant) -> None:
        """Create an untrained network."""
        super().__init__(shape)
        self.variant = LutVariant()
        if variant.values:
            self.start = super().grey_at_nodes().detach()
        self.variant = variant
        self.multiple_px = variant.context_stride_px
        if not variant.context:
            # Parameters that nothing reaches would have no gradient.
            self.layers.requires_grad_(False)

    def forward(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse (B, H, W) in 0..255."""
        found = self.weight(luma, thermal)
        if self.variant.values:
            return 255 * found
        return luma + found * (thermal - luma)

    def weight(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """What the table says: blend weights, or grey values in [0, 1]."""
        look_up = interpolate_corners if self.variant.corners else interpolate_simplex
        return look_up(self.table(), self.signals(luma, thermal))

    def signals(self, luma: Tensor, thermal: Tensor) -> tuple[Tensor, ...]:
        """Signals as in the MM-LUT, of which some may be held."""
        signals = list(super().signals(luma, thermal))
        for axis, used in ((GRADIENT, self.variant.gradient), (CONTEXT, self.variant.context)):
            if not used:
                signals[axis] = torch.full_like(signals[axis], HELD_AT)
        return tuple(signals)

    def table(self) -> Tensor:
        """Weights or values at the nodes, in [0, 1]."""
        if self.variant.values:
            table = (self.start + self.change / VALUE_SLOPE).clamp(0, 1)
        else:
            table = super().table()
        return table if self.training else torch.round(table * 255) / 255

    def grey_at_nodes(self) -> Tensor:
        """Fused grey at the nodes."""
        return self.table() if self.variant.values else super().grey_at_nodes()


def interpolate_corners(table: Tensor, signals: tuple[Tensor, ...]) -> Tensor:
    """Multilinear interpolation: every corner of the cell counts.

    Args:
        table: One axis for each signal.
        signals: Tensors of one shape, in [0, 1].
    """
    cells, fractions = [], []
    for signal, nodes in zip(signals, table.shape, strict=True):
        coordinate = signal * (nodes - 1)
        cell = coordinate.detach().long().clamp(0, nodes - 2)
        cells.append(cell)
        fractions.append(coordinate - cell)
    total = torch.zeros_like(signals[0])
    for corner in product((0, 1), repeat=table.ndim):
        share = torch.ones_like(signals[0])
        position = torch.zeros_like(cells[0])
        axes = zip(corner, cells, fractions, table.shape, strict=True)
        for upper, cell, fraction, nodes in axes:
            share = share * (fraction if upper else 1 - fraction)
            position = position * nodes + cell + upper
        total = total + share * nn.functional.embedding(position, table.reshape(-1, 1))[..., 0]
    return total
