# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fusion artefacts (Nabf): edges of the fused image that neither source has.

- [0]: Objective image fusion performance characterisation, ICCV 2005: the metric.
- [1]: Multifocus and multispectral image fusion based on pixel significance using discrete
  cosine harmonic wavelet transform, Signal, Image and Video Processing 7(6), 2013: the modified
  form that is computed here, as in the papers' toolboxes. It weighs what is missing of each
  source by that source's own edge, not by both together.

Convention:
    Sobel derivatives divided by 8, mirrored at the border; orientation without a sign; geometric
    mean of the sigmoids of strength and orientation; a source's edge weighs its strength to the
    power of 1.5, or 0.001 where it is weaker than 2 (Python ports: 0, which changes real images
    by less than 0.0001 and leaves flat sources without a value).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

SOBEL_SCALE = 1 / 8
STRENGTH_CEILING, STRENGTH_SLOPE, STRENGTH_CENTRE = 0.9999, -19.0, 0.5
ORIENTATION_CEILING, ORIENTATION_SLOPE, ORIENTATION_CENTRE = 0.9995, -22.0, 0.5
WEAKEST_EDGE, WEIGHT_POWER, SMALLEST_WEIGHT = 2.0, 1.5, 0.001


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Strength [levels / pixel] and orientation [rad], from -pi/2 to pi/2, of each pixel."""

    strength: NDArray[np.float64]
    orientation: NDArray[np.float64]


def nabf(sample: FusionSample) -> float:
    """Share of artefacts in the weight of all edges, in [0, 1]: lower is better.

    Where the fused edge is stronger than that of both sources it counts by how little it
    resembles them; a copy of one source, or the brighter of both in each pixel, has hardly any.
    """
    fused = _edges(sample.fused)
    sources = _edges(sample.visible), _edges(sample.thermal)
    added = (fused.strength > sources[0].strength) & (fused.strength > sources[1].strength)
    artefacts = possible = 0.0
    for source in sources:
        weight = _weight(source)
        artefacts += float(np.sum(((1 - _preservation(source, fused)) * weight)[added]))
        possible += float(np.sum(weight))
    return artefacts / possible


def _edges(image: NDArray[np.float64]) -> _Edges:
    right, down = (
        cv2.Sobel(image, cv2.CV_64F, *axes, scale=SOBEL_SCALE, borderType=cv2.BORDER_REFLECT_101)
        for axes in ((1, 0), (0, 1))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        orientation = np.arctan(right / down)
    flat = (right == 0) & (down == 0)
    return _Edges(np.hypot(right, down), np.where(flat, 0, orientation))


def _weight(source: _Edges) -> NDArray[np.float64]:
    strong = source.strength >= WEAKEST_EDGE
    return np.where(strong, source.strength**WEIGHT_POWER, SMALLEST_WEIGHT)


def _preservation(source: _Edges, fused: _Edges) -> NDArray[np.float64]:
    weaker = np.minimum(source.strength, fused.strength)
    stronger = np.maximum(source.strength, fused.strength)
    strength = np.divide(weaker, stronger, out=np.zeros_like(weaker), where=stronger > 0)
    turn = np.abs(source.orientation - fused.orientation)
    orientation = np.abs(turn - np.pi / 2) / (np.pi / 2)
    return np.sqrt(
        _sigmoid(strength, STRENGTH_CEILING, STRENGTH_SLOPE, STRENGTH_CENTRE)
        * _sigmoid(orientation, ORIENTATION_CEILING, ORIENTATION_SLOPE, ORIENTATION_CENTRE)
    )


def _sigmoid(
    value: NDArray[np.float64], ceiling: float, slope: float, centre: float
) -> NDArray[np.float64]:
    return ceiling / (1 + np.exp(slope * (value - centre)))
