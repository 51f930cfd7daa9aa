# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Smooth random fields: the grain of asphalt, plaster, leaves and clouds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def smooth_noise(
    random: np.random.Generator, shape: tuple[int, int], cell: tuple[float, float]
) -> NDArray[np.float32]:
    """Noise of one scale.

    Args:
        random: Source of the values.
        shape: (H, W) of the result.
        cell: Typical height and width of a blob [px].

    Returns:
        (H, W) float32 in [-1, 1].
    """
    rows = max(2, round(shape[0] / cell[0]) + 1)
    columns = max(2, round(shape[1] / cell[1]) + 1)
    grid = random.uniform(-1, 1, (rows, columns)).astype(np.float32)
    return np.asarray(cv2.resize(grid, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC))


def layered_noise(
    random: np.random.Generator,
    shape: tuple[int, int],
    cell: tuple[float, float],
    octaves: int = 4,
) -> NDArray[np.float32]:
    """Noise whose every further layer is twice as fine and half as strong, about [-1, 1]."""
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        scale = 2.0**octave
        finer = (max(cell[0] / scale, 1.0), max(cell[1] / scale, 1.0))
        total += smooth_noise(random, shape, finer) / scale
    return total / np.float32(2 - 2.0 ** (1 - octaves))
