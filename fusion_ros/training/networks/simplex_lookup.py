# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Differentiable look-up by linear interpolation on the simplices of a lattice.

`fusion_ros.backends.mm_lut.reference.interpolate_simplex` defines what is computed. There are
two implementations: tensor operations for every device and type, and compiled loops for 4-D
tables of float32 on a CPU, several times faster there.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fusion_ros.training.networks.simplex_kernel import AXES, look_up, push_back
from fusion_ros.training.threads import run_in_bands

# A fixed number, so that the sum over bands does not depend on the machine.
BANDS = 4


def interpolate_simplex(table: Tensor, signals: tuple[Tensor, ...]) -> Tensor:
    """Look signals up.

    Args:
        table: One axis for each signal.
        signals: Tensors of one shape, in [0, 1]; gradients flow to them and to the table.

    Returns:
        Interpolated table values, in the shape of the signals.
    """
    compiled = table.device.type == "cpu" and table.dtype == torch.float32 and table.ndim == AXES
    lookup: Any = _CompiledLookup if compiled else _TensorLookup
    result: Tensor = lookup.apply(table, *signals)
    return result


class _CompiledLookup(torch.autograd.Function):
    """Loops over pixels, in bands on several threads."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, *signals: Tensor) -> Tensor:
        nodes = table.detach().contiguous()
        stacked = torch.stack([signal.detach().reshape(-1) for signal in signals])
        values = torch.empty_like(stacked[0])
        run_in_bands(look_up, len(values), nodes.numpy(), stacked.numpy(), values.numpy())
        if not stacked.sum().isfinite():
            # A loop over cells cannot carry on what is no number.
            values.fill_(torch.nan)
        ctx.shape = signals[0].shape
        ctx.save_for_backward(nodes, stacked)
        return values.reshape(ctx.shape)

    @staticmethod
    def backward(ctx: Any, *outputs: Tensor) -> tuple[Tensor | None, ...]:
        nodes, stacked = ctx.saved_tensors
        upstream = outputs[0].reshape(-1).contiguous()
        table_grads = np.zeros((BANDS, nodes.numel()), np.float32)
        signal_grads = torch.empty_like(stacked)
        derivatives = (table_grads, signal_grads.numpy())
        arrays = (nodes.numpy(), stacked.numpy(), upstream.numpy())
        run_in_bands(push_back, BANDS, *arrays, derivatives)
        table_grad = torch.from_numpy(table_grads.sum(axis=0)).reshape(nodes.shape)
        return table_grad, *(grad.reshape(ctx.shape) for grad in signal_grads)


class _TensorLookup(torch.autograd.Function):
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
