# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Edge transfer (Qabf).

- [0]: Objective image fusion performance measure, Electronics Letters 36(4), 2000.

Convention:
    The form that all published tables use: product of the sigmoids of strength and orientation,
    Sobel derivatives with zeros beyond the border, orientation by an arctangent (rows counted
    upwards) that does not wrap around and is a right angle where the horizontal derivative is
    zero, each pixel weighted by the strength of the source's edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

STRENGTH_CEILING, STRENGTH_SLOPE, STRENGTH_CENTRE = 0.9994, -15.0, 0.5
ORIENTATION_CEILING, ORIENTATION_SLOPE, ORIENTATION_CENTRE = 0.9879, -22.0, 0.8


def qabf(sample: FusionSample) -> float:
    """Share of the sources' edges that the fused image shows, in [0, 1]."""
    fused = _edges(sample.fused)
    kept = possible = 0.0
    for source in (_edges(sample.visible), _edges(sample.thermal)):
        kept += float(np.sum(_preservation(source, fused) * source[0]))
        possible += float(np.sum(source[0]))
    # Sources without any edge have none that could get lost.
    return kept / possible if possible > 0 else 1.0


def _edges(image: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    horizontal = cv2.Sobel(image, cv2.CV_64F, 1, 0, borderType=cv2.BORDER_CONSTANT)
    vertical = cv2.Sobel(image, cv2.CV_64F, 0, 1, borderType=cv2.BORDER_CONSTANT)
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arctan(-vertical / horizontal)
    angle = np.where(horizontal == 0, np.pi / 2, angle)
    return np.hypot(horizontal, vertical), angle


def _preservation(
    source: tuple[NDArray[np.float64], NDArray[np.float64]],
    fused: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    (strength_s, angle_s), (strength_f, angle_f) = source, fused
    weaker = np.minimum(strength_s, strength_f)
    stronger = np.maximum(strength_s, strength_f)
    strength = np.divide(weaker, stronger, out=np.ones_like(weaker), where=stronger > 0)
    # Published code takes the fused strength itself where both are equal.
    strength = np.where(strength_s == strength_f, strength_f, strength)
    orientation = 1 - np.abs(angle_s - angle_f) / (np.pi / 2)
    return _sigmoid(strength, STRENGTH_CEILING, STRENGTH_SLOPE, STRENGTH_CENTRE) * _sigmoid(
        orientation, ORIENTATION_CEILING, ORIENTATION_SLOPE, ORIENTATION_CENTRE
    )


def _sigmoid(
    value: NDArray[np.float64], ceiling: float, slope: float, centre: float
) -> NDArray[np.float64]:
    return ceiling / (1 + np.exp(slope * (value - centre)))
