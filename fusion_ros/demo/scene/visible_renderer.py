# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Draws whole frames of the visible camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.camera import VISIBLE_CAMERA
from fusion_ros.demo.scene.glare import Glare
from fusion_ros.demo.scene.visible_painter import VisiblePainter
from fusion_ros.demo.scene.visible_street import VisibleStreet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.daylight import Daylight
    from fusion_ros.demo.scene.ground_texture import GroundTextures
    from fusion_ros.demo.scene.painter import LightSource, SceneObject
    from fusion_ros.demo.scene.street import Side, StreetPlan
    from fusion_ros.demo.scene.wall_texture import WallTextures

# Sensor noise by day and by night, when the camera turns its gain up [grey levels].
NOISE = (1.3, 3.4)
# A lamp behind something still lights the air around it.
HIDDEN_STRENGTH = 0.12
NOISE_MARGIN_PX = 64


class VisibleRenderer:
    """The visible camera."""

    def __init__(
        self, plan: StreetPlan, ground: GroundTextures, walls: dict[Side, WallTextures]
    ) -> None:
        """Prepare all that does not change from frame to frame."""
        self.camera = VISIBLE_CAMERA
        self._street = VisibleStreet(self.camera, plan, ground, walls)
        self._painter = VisiblePainter(self.camera, ground)
        self._glare = Glare(self.camera)
        shape = (self.camera.height + NOISE_MARGIN_PX, self.camera.width + NOISE_MARGIN_PX, 3)
        self._noise = np.random.default_rng(23).normal(0, 1, shape).astype(np.float32)
        self._vignette = _vignette(self.camera.width, self.camera.height)

    def render(
        self, camera_z_m: float, things: list[SceneObject], light: Daylight, number: int
    ) -> NDArray[np.uint8]:
        """Draw one frame.

        Args:
            camera_z_m: How far the camera has come.
            things: What stands and moves in the street, far things first.
            light: The light of the moment.
            number: Of the frame; chooses the sensor's noise.

        Returns:
            (H, W, 3) uint8 BGR.
        """
        scene = self._street.draw(camera_z_m, things, light, self._painter)
        self._painter.begin(scene, light, camera_z_m)
        lamps = self._paint(scene, things, light)
        return self._expose(scene, self._glare.of(lamps), light, number)

    def _paint(
        self, scene: NDArray[np.uint8], things: list[SceneObject], light: Daylight
    ) -> list[tuple[LightSource, float]]:
        """Paint all things; returns the lamps that shine, with their strength."""
        lamps: list[LightSource] = []
        places: list[tuple[int, int]] = []
        hidden: set[int] = set()
        for thing in things:
            before = [scene[place].tobytes() for place in places]
            thing.paint(self._painter)
            # What painted over a lamp stands in front of it.
            hidden.update(n for n, old in enumerate(before) if scene[places[n]].tobytes() != old)
            for lamp in thing.lights():
                lamps.append(lamp)
                places.append(self._pixel(lamp))
        return [
            (lamp, light.night * (HIDDEN_STRENGTH if number in hidden else 1.0))
            for number, lamp in enumerate(lamps)
        ]

    def _pixel(self, lamp: LightSource) -> tuple[int, int]:
        """Row and column of a lamp, moved to the edge where it is outside."""
        x, y = self.camera.project(lamp.position_m[None])[0]
        row = min(max(int(y), 0), self.camera.height - 1)
        return row, min(max(int(x), 0), self.camera.width - 1)

    def _expose(
        self,
        scene: NDArray[np.uint8],
        glow: NDArray[np.float32],
        light: Daylight,
        number: int,
    ) -> NDArray[np.uint8]:
        height, width = scene.shape[:2]
        image = scene.astype(np.float32)
        image += 255 * cv2.resize(glow, (width, height), interpolation=cv2.INTER_LINEAR)
        image *= self._vignette
        top, left = (number * 37) % NOISE_MARGIN_PX, (number * 53) % NOISE_MARGIN_PX
        gain = NOISE[0] + (NOISE[1] - NOISE[0]) * light.night
        image += gain * self._noise[top : top + height, left : left + width]
        return np.asarray(cv2.convertScaleAbs(np.maximum(image, 0)))


def _vignette(width: int, height: int) -> NDArray[np.float32]:
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)
    radius = x[None, :] ** 2 + y[:, None] ** 2
    return np.asarray(1 - 0.13 * radius)[..., None]
