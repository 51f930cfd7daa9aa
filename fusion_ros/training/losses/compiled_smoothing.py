# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Separable filtering of batches of images on the CPU, compiled, and its derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from fusion_ros.kernels.compilation import kernel
from fusion_ros.training.threads import run_in_bands

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compiled_smooth(images: Tensor, taps: Tensor, step: int) -> Tensor:
    """Filter with a symmetric separable window, keeping pixels whose whole window lies inside.

    Args:
        images: (..., H, W) float32 on the CPU.
        taps: (T,) of one direction.
        step: Keep only every n-th row and column of the result.
    """
    result: Tensor = _Smoothing.apply(images, taps, step)
    return result


class _Smoothing(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor, taps: Tensor, step: int) -> Tensor:
        ctx.shape, ctx.step = images.shape, step
        ctx.save_for_backward(taps)
        height, width = images.shape[-2:]
        stack = images.detach().reshape(-1, height, width).contiguous()
        lost = len(taps) - 1
        result = torch.empty(len(stack), -(-(height - lost) // step), -(-(width - lost) // step))
        run_in_bands(filter_images, len(stack), stack.numpy(), taps.numpy(), step, result.numpy())
        return result.reshape(*images.shape[:-2], *result.shape[-2:])

    @staticmethod
    def backward(ctx: Any, *outputs: Tensor) -> tuple[Tensor | None, ...]:
        if not ctx.needs_input_grad[0]:
            return None, None, None
        (taps,) = ctx.saved_tensors
        upstream = outputs[0].reshape(-1, *outputs[0].shape[-2:]).contiguous()
        grad = torch.empty(len(upstream), *ctx.shape[-2:])
        run_in_bands(
            spread_images, len(grad), upstream.numpy(), taps.numpy(), ctx.step, grad.numpy()
        )
        return grad.reshape(ctx.shape), None, None


@kernel
def filter_images(
    first: int,
    end: int,
    images: NDArray[np.float32],
    taps: NDArray[np.float32],
    step: int,
    result: NDArray[np.float32],
) -> None:
    """Filter some images.

    Args:
        first: First image.
        end: Image after the last.
        images: (N, H, W).
        taps: (T,).
        step: Distance of the rows and columns that are kept.
        result: (N, h, w), written.
    """
    rows = result.shape[1]
    width = images.shape[2]
    summed = np.empty(width, np.float32)
    across = np.empty(width - taps.size + 1, np.float32)
    for image in range(first, end):
        for row in range(rows):
            summed[:] = 0.0
            for tap in range(taps.size):
                factor = taps[tap]
                source = images[image, row * step + tap]
                for column in range(width):
                    summed[column] += factor * source[column]
            across[:] = 0.0
            for tap in range(taps.size):
                factor = taps[tap]
                shifted = summed[tap : tap + across.size]
                for column in range(across.size):
                    across[column] += factor * shifted[column]
            result[image, row] = across[::step]


@kernel
def spread_images(
    first: int,
    end: int,
    upstream: NDArray[np.float32],
    taps: NDArray[np.float32],
    step: int,
    grads: NDArray[np.float32],
) -> None:
    """Derivative of `filter_images` with respect to some images.

    Args:
        first: First image.
        end: Image after the last.
        upstream: (N, h, w).
        taps: (T,).
        step: Distance of the rows and columns that were kept.
        grads: (N, H, W), written.
    """
    rows = upstream.shape[1]
    width = grads.shape[2]
    spread = np.empty(width, np.float32)
    across = np.zeros(width - taps.size + 1, np.float32)
    for image in range(first, end):
        grads[image] = 0.0
        for row in range(rows):
            spread[:] = 0.0
            across[::step] = upstream[image, row]
            for tap in range(taps.size):
                factor = taps[tap]
                shifted = spread[tap : tap + across.size]
                for column in range(across.size):
                    shifted[column] += factor * across[column]
            for tap in range(taps.size):
                factor = taps[tap]
                target = grads[image, row * step + tap]
                for column in range(width):
                    target[column] += factor * spread[column]
