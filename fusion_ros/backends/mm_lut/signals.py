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
    features = []
    for image in (luma, thermal):
        blocks = _blocks(image.astype(np.float64) / 255.0)
        features += [blocks.mean(axis=(1, 3)), blocks.max(axis=(1, 3))]
    return np.stack(features)


def _blocks(image: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = image.shape
    stride = CONTEXT_STRIDE_PX
    padded = np.pad(image, ((0, -height % stride), (0, -width % stride)), mode="edge")
    return padded.reshape(padded.shape[0] // stride, stride, padded.shape[1] // stride, stride)


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
        hidden = _convolve(hidden, layer)
        hidden = np.where(hidden > 0, hidden, LEAKY_SLOPE * hidden)
    logit = _convolve(hidden, layers[-1])[0]
    # exp overflows to infinity for very negative logits; the quotient is then 0, as it should.
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logit))


def _convolve(channels: NDArray[np.float64], layer: ContextLayer) -> NDArray[np.float64]:
    _, height, width = channels.shape
    reach = layer.dilation
    padded = np.pad(channels, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    total = np.empty((layer.bias.size, height, width))
    total[:] = layer.bias[:, None, None]
    for row in range(3):
        for column in range(3):
            top, left = row * reach, column * reach
            window = padded[:, top : top + height, left : left + width]
            total += np.tensordot(layer.weight[:, :, row, column], window, axes=1)
    return total


def upsample_context(context: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """Bilinear interpolation from block centres to pixels; constant beyond the outer centres."""
    above, below, down = _neighbours(height, context.shape[0])
    left, right, across = _neighbours(width, context.shape[1])
    rows = context[above] * (1 - down)[:, None] + context[below] * down[:, None]
    return rows[:, left] * (1 - across) + rows[:, right] * across


def _neighbours(
    pixels: int, cells: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    centre = (np.arange(pixels) + 0.5) / CONTEXT_STRIDE_PX - 0.5
    lower = np.floor(centre).astype(np.int64)
    first, second = np.clip(lower, 0, cells - 1), np.clip(lower + 1, 0, cells - 1)
    return first, second, centre - lower
