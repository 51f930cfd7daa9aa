# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""LUT-Fuse in plain float64 NumPy.

Convention:
    Images are scaled to [0, 1], the context generator sees 0..255. All four table coordinates
    are ``value * 255 / 16``; the upper neighbour is limited to the last node.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.lutfuse.model import HIDDEN_LAYERS, NODES, OUTPUT_LAYER, LutFuseModel
from fusion_ros.backends.weight_estimate import explain_by_weight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

LUMA_RGB = (0.299, 0.587, 0.114)
COORDINATE_SCALE = 255.0 / 16.0
GRADIENT_EPSILON = 1e-8
NORM_EPSILON = 1e-5
LEAKY_SLOPE = 0.2


class LutFuseReference:
    """The authors' formulation, step by step."""

    def __init__(self, model_path: Path) -> None:
        """Load the model; raises `ModelArtifactError`."""
        self.model = LutFuseModel.load(model_path)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        rgb = pair.visible[..., ::-1].astype(np.float64) / 255.0
        thermal = pair.thermal.astype(np.float64) / 255.0
        grey = rgb @ np.array(LUMA_RGB)
        context = context_map(self.model.generator, rgb, thermal)
        coordinates = [s * COORDINATE_SCALE for s in (grey, gradient_map(grey), context, thermal)]
        change = interpolate(self.model.table, coordinates) - grey
        # Chroma passes through, so the change of luma is the change of each channel.
        fused = np.clip(rgb + change[..., None], 0.0, 1.0)
        image = np.ascontiguousarray(np.rint(fused * 255.0).astype(np.uint8)[..., ::-1])
        return image, explain_by_weight(image, pair) if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""


def gradient_map(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sobel magnitude with zero padding, stretched to [0, 1] by the frame's own extremes."""
    padded = np.pad(grey, 1)
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    columns = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    magnitude = np.hypot(rows[:, 2:] - rows[:, :-2], columns[2:] - columns[:-2])
    low, high = magnitude.min(), magnitude.max()
    stretched: NDArray[np.float64] = (magnitude - low) / (high - low + GRADIENT_EPSILON)
    return stretched


def context_map(
    generator: Mapping[str, NDArray[np.float32]],
    rgb: NDArray[np.float64],
    thermal: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Scene context by the generator, (H, W) in [0, 1]."""
    hidden = np.concatenate([rgb.transpose(2, 0, 1), thermal[None]]) * 255.0
    outputs = []
    for convolution, norm in HIDDEN_LAYERS:
        hidden = _convolve(hidden, generator, convolution)
        hidden = np.where(hidden > 0, hidden, LEAKY_SLOPE * hidden)
        outputs.append(_instance_norm(hidden, generator, norm))
        hidden = outputs[-1]
    logit = _convolve(hidden + outputs[0], generator, OUTPUT_LAYER)[0]
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logit))


def _convolve(
    channels: NDArray[np.float64], generator: Mapping[str, NDArray[np.float32]], name: str
) -> NDArray[np.float64]:
    _, height, width = channels.shape
    weight, bias = generator[f"{name}.weight"], generator[f"{name}.bias"]
    padded = np.pad(channels, ((0, 0), (1, 1), (1, 1)))
    total = np.empty((bias.size, height, width))
    total[:] = bias[:, None, None]
    for row, column in itertools.product(range(3), range(3)):
        window = padded[:, row : row + height, column : column + width]
        total += np.tensordot(weight[:, :, row, column].astype(np.float64), window, axes=1)
    return total


def _instance_norm(
    channels: NDArray[np.float64], generator: Mapping[str, NDArray[np.float32]], name: str
) -> NDArray[np.float64]:
    mean = channels.mean(axis=(1, 2), keepdims=True)
    deviation = np.sqrt(channels.var(axis=(1, 2), keepdims=True) + NORM_EPSILON)
    scale, shift = generator[f"{name}.weight"], generator[f"{name}.bias"]
    return (channels - mean) / deviation * scale[:, None, None] + shift[:, None, None]


def interpolate(
    table: NDArray[np.float32], coordinates: list[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Quadrilinear interpolation between the 16 corners of each pixel's cell."""
    lower = [np.floor(coordinate).astype(np.int64) for coordinate in coordinates]
    upper = [np.minimum(index + 1, NODES - 1) for index in lower]
    fractions = [c - index for c, index in zip(coordinates, lower, strict=True)]
    total = np.zeros(coordinates[0].shape)
    for corner in itertools.product((False, True), repeat=4):
        index = tuple(
            up if high else low for low, up, high in zip(lower, upper, corner, strict=True)
        )
        share = np.ones(total.shape)
        for fraction, high in zip(fractions, corner, strict=True):
            share *= fraction if high else 1.0 - fraction
        total += share * table[index]
    return total
