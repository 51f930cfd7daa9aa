# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What stands at the roadside: trees, signs and lamp posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.painter import LightSource, Limb, ScenePainter
from fusion_ros.demo.scene.street import LAMP_HEIGHT_M
from fusion_ros.demo.scene.surface import Surface, rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.picture import Picture

POST = Surface(rgb(72, 78, 80), 9.0, 3.8)
LAMP_HEAD = Surface(rgb(190, 190, 184), 10.0, 20.0, glow=(0.62, 0.86, 1.0))


@dataclass(frozen=True, slots=True)
class StandingPicture:
    """A tree or a sign.

    Attributes:
        x_m: Where across the street.
        z_m: Distance from the camera.
        image: What it looks like.
        shadow_m: Half width of the shade at its foot; 0 for none.
    """

    x_m: float
    z_m: float
    image: Picture
    shadow_m: float

    @property
    def depth_m(self) -> float:
        """Distance from the camera."""
        return self.z_m

    @property
    def height_m(self) -> float:
        """Nothing: the sun's shadows of what stands are part of the ground."""
        return 0.0

    def footprint(self) -> NDArray[np.float64] | None:
        """Outline on the ground."""
        if not self.shadow_m:
            return None
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * self.shadow_m
        return corners + np.array([self.x_m, self.z_m])

    def lights(self) -> list[LightSource]:
        """None."""
        return []

    def paint(self, painter: ScenePainter) -> None:
        """Draw it."""
        painter.picture(self.image, np.array([self.x_m, 0.0, self.z_m]))


@dataclass(frozen=True, slots=True)
class LampPost:
    """A street lamp that reaches over the road.

    Attributes:
        x_m: Where across the street.
        z_m: Distance from the camera.
    """

    x_m: float
    z_m: float

    @property
    def depth_m(self) -> float:
        """Distance from the camera."""
        return self.z_m

    @property
    def height_m(self) -> float:
        """Nothing: a post's shadow is too thin to matter."""
        return 0.0

    def footprint(self) -> NDArray[np.float64] | None:
        """None."""
        return None

    def _head(self) -> NDArray[np.float64]:
        reach = self.x_m - np.sign(self.x_m) * 1.5
        return np.array([reach, LAMP_HEIGHT_M, self.z_m])

    def lights(self) -> list[LightSource]:
        """The lamp."""
        return [LightSource(self._head(), (0.45, 0.78, 1.0), 0.62)]

    def paint(self, painter: ScenePainter) -> None:
        """Draw post, arm and head."""
        side = 1 if self.x_m > 0 else -1
        foot, top = (self.x_m, 0.0, self.z_m), (self.x_m, LAMP_HEIGHT_M, self.z_m)
        x, y, z = (float(value) for value in self._head())
        painter.limbs(
            [
                Limb(foot, top, (0.075, 0.05), POST),
                Limb(top, (x, y, z), (0.045, 0.04), POST),
                Limb((x, y, z), (x - 0.5 * side, y - 0.05, z), (0.10, 0.08), LAMP_HEAD),
            ]
        )
