# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT in plain float64 NumPy: the definition that all other engines are held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.backends.mm_lut.signals import (
    block_features,
    context_signal,
    gradient_signal,
    upsample_context,
)
from fusion_ros.core.luma import blend_luma, luma

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


class MmLutReference:
    """Fuses with float64 arithmetic, one NumPy step after the other."""

    def __init__(self, model_path: Path) -> None:
        """Load the model; raises `ModelArtifactError`."""
        self.model = MmLutModel.load(model_path)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        weight = fusion_weight(self.model, luma(pair.visible), pair.thermal)
        image = blend_luma(pair.visible, pair.thermal, weight)
        return image, weight.astype(np.float32) if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""


def fusion_weight(
    model: MmLutModel, grey: NDArray[np.uint8], thermal: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """The blend weight of each pixel.

    Args:
        model: The trained table and context network.
        grey: (H, W) uint8 luma of the visible image.
        thermal: (H, W) uint8.

    Returns:
        (H, W) in [0, 1].
    """
    context = context_signal(block_features(grey, thermal), model.layers)
    signals = (
        grey / 255.0,
        gradient_signal(grey),
        upsample_context(context, *grey.shape),
        thermal / 255.0,
    )
    return interpolate_simplex(model.table, signals) / 255.0


def interpolate_simplex(
    table: NDArray[np.uint8], signals: tuple[NDArray[np.float64], ...]
) -> NDArray[np.float64]:
    """Look signals up by linear interpolation on the simplices of the lattice (Kuhn's split).

    From the lower corner of its cell a pixel walks to the upper corner, along the axis of its
    largest fraction first; the corners passed are weighted by the differences of fractions.

    Args:
        table: One axis for each signal.
        signals: Arrays of one shape, in [0, 1].

    Returns:
        Interpolated table values, in the shape of the signals.
    """
    lower, fractions = [], []
    for signal, nodes in zip(signals, table.shape, strict=True):
        coordinate = np.clip(signal, 0.0, 1.0) * (nodes - 1)
        cell = np.minimum(coordinate.astype(np.int64), nodes - 2)
        lower.append(cell)
        fractions.append(coordinate - cell)
    fraction = np.stack(fractions, axis=-1)
    order = np.argsort(-fraction, axis=-1, kind="stable")
    falling = np.take_along_axis(fraction, order, axis=-1)
    strides = np.array([np.prod(table.shape[axis + 1 :], dtype=int) for axis in range(table.ndim)])
    position = np.ravel_multi_index(tuple(lower), table.shape)
    values = table.ravel()
    total = values[position] * (1.0 - falling[..., 0])
    for step in range(len(signals)):
        position = position + strides[order[..., step]]
        following = falling[..., step + 1] if step + 1 < len(signals) else 0.0
        total = total + values[position] * (falling[..., step] - following)
    return total
