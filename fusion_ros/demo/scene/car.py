# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A car in the street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.car_body import car_mesh
from fusion_ros.demo.scene.painter import LightSource, ScenePainter

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Car:
    """A car in the street.

    Attributes:
        x_m: Middle of the car across the street.
        z_m: Distance from the camera.
        oncoming: Whether it faces the camera.
        colour: Index into `PAINTS`.
        warm: Whether engine and tyres are warm.
        lit: Whether its lights are on.
    """

    x_m: float
    z_m: float
    oncoming: bool
    colour: int
    warm: bool
    lit: bool

    @property
    def depth_m(self) -> float:
        """Distance of its nearer end."""
        return self.z_m - 1.9

    @property
    def height_m(self) -> float:
        """Height of the body that throws the shadow."""
        return 1.25

    def _turn(self) -> NDArray[np.float64]:
        return np.array([-1.0, 1.0, -1.0]) if self.oncoming else np.ones(3)

    def footprint(self) -> NDArray[np.float64]:
        """Outline on the ground."""
        corners = np.array([(-0.86, -2.1), (0.86, -2.1), (0.86, 2.1), (-0.86, 2.1)])
        return corners + np.array([self.x_m, self.z_m])

    def lights(self) -> list[LightSource]:
        """Headlights towards the camera, or tail lights."""
        if not self.lit:
            return []
        z, y, x = (2.2, 0.68, 0.62) if self.oncoming else (-2.25, 0.76, 0.66)
        colour = (1.0, 1.0, 0.95) if self.oncoming else (0.08, 0.10, 1.0)
        radius = 0.62 if self.oncoming else 0.16
        place = np.array([self.x_m, 0.0, self.z_m])
        ends = np.array([(-x, y, z), (x, y, z)]) * self._turn() + place
        return [LightSource(end, colour, radius) for end in ends]

    def paint(self, painter: ScenePainter) -> None:
        """Draw all faces."""
        mesh = car_mesh(self.colour, self.warm, self.lit, not self.oncoming)
        painter.mesh(mesh.placed(self._turn(), np.array([self.x_m, 0.0, self.z_m])))
