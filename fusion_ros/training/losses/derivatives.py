# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Sobel derivatives of batches of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor


def sobel(image: Tensor) -> tuple[Tensor, Tensor]:
    """Horizontal and vertical 3x3 Sobel derivative of (B, H, W), borders replicated."""
    padded = functional.pad(image[:, None], (1, 1, 1, 1), mode="replicate")[:, 0]
    # Slices and sums: several times faster than a one-channel convolution on a CPU.
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    columns = padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]
    return rows[:, :, 2:] - rows[:, :, :-2], columns[:, 2:] - columns[:, :-2]
