# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The four signals that address the table, as plain NumPy in float64.

Convention:
    Axes in the order luma, gradient, context, thermal. A signal of 1 falls on the last node of
    its axis and 0 on the first. Borders are replicated everywhere. The context grid has one
    cell for each 4x4 block of pixels, counted from the top left; blocks cut by the right or
    lower border are completed by replicating it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends import block_grid
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.mm_lut.model import ContextLayer

CONTEXT_FEATURES = 4
LEAKY_SLOPE = 0.2


def gradient_signal(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Strength of the luma gradient on a square-root scale.

    Most gradients are weak; the square root spreads them over the nodes.

    Args:
        luma: (H, W) uint8.

    Returns:
        (H, W) in [0, 1].
    """
    padded = np.pad(luma.astype(np.int64), 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    columns = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    horizontal = rows[:, 2:] - rows[:, :-2]
    vertical = columns[2:] - columns[:-2]
    magnitude = np.abs(horizontal) + np.abs(vertical)
    return np.sqrt(np.minimum(magnitude, GRADIENT_FULL_SCALE) / GRADIENT_FULL_SCALE)


def block_features(luma: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean and maximum of 4x4 blocks: what the context network sees.

    Args:
        luma: (H, W) uint8.
        thermal: (H, W) uint8.

    Returns:
        (4, ceil(H/4), ceil(W/4)) in [0, 1]: luma mean, luma maximum, thermal mean and maximum.
    """
    return block_grid.block_features(luma, thermal, CONTEXT_STRIDE_PX, CONTEXT_STRIDE_PX)


def context_signal(
    features: NDArray[np.float64], layers: tuple[ContextLayer, ...]
) -> NDArray[np.float64]:
    """Scene context on the block grid, by the context network.

    Args:
        features: (4, h, w), from `block_features`.
        layers: 3x3 convolutions; LeakyReLU between them, a sigmoid after the last.

    Returns:
        (h, w) in [0, 1].
    """
    hidden = features
    for layer in layers[:-1]:
        hidden = block_grid.convolve(hidden, layer.weight, layer.bias, layer.dilation)
        hidden = np.where(hidden > 0, hidden, LEAKY_SLOPE * hidden)
    last = layers[-1]
    return block_grid.sigmoid(block_grid.convolve(hidden, last.weight, last.bias, last.dilation)[0])


def upsample_context(context: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Bilinear interpolation from block centres to pixels; constant beyond the outer centres."""
    return block_grid.enlarge(context, CONTEXT_STRIDE_PX, (height, width))
