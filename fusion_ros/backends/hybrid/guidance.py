# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The guidance network in plain float64 NumPy, and the map that its blocks make.

Convention:
    Images are widened to a multiple of the network's coarsest cell; see `backends.block_grid`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.block_grid import block_features, convolve, enlarge, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.hybrid.model import Convolution, HybridModel

    Planes = NDArray[np.float64]


def guidance_map(model: HybridModel, luma: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> Planes:
    """How much the thermal source shall decide at each pixel.

    Args:
        model: The trained network.
        luma: (H, W) uint8, of the visible image.
        thermal: (H, W) uint8.

    Returns:
        (H, W) in [0, 1].
    """
    features = block_features(luma, thermal, model.stride_px, model.multiple_px)
    logit, gain = enlarge(block_outputs(model, features), model.stride_px, luma.shape)
    return sigmoid(logit + gain * (thermal.astype(np.float64) - luma))


def block_outputs(model: HybridModel, features: Planes) -> Planes:
    """Run the network on (4, h, w): logit and gain of each block, (2, h, w)."""
    hidden, kept = features, []
    for level, convolutions in enumerate(model.down):
        hidden = _twice(hidden if level == 0 else _halved(hidden), convolutions)
        kept.append(hidden)
    for convolutions, beside in zip(model.up[::-1], kept[-2::-1], strict=True):
        above = enlarge(hidden, 2, beside.shape[1:])
        hidden = _twice(np.concatenate((above, beside)), convolutions)
    seen = np.concatenate((hidden, features))
    return convolve(seen, model.head.weight, model.head.bias)


def _twice(planes: Planes, convolutions: tuple[Convolution, Convolution]) -> Planes:
    for convolution in convolutions:
        planes = np.maximum(convolve(planes, convolution.weight, convolution.bias), 0.0)
    return planes


def _halved(planes: Planes) -> Planes:
    channels, height, width = planes.shape
    return planes.reshape(channels, height // 2, 2, width // 2, 2).max(axis=(2, 4))
