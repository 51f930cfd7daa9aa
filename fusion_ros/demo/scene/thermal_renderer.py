# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Draws whole frames of the thermal camera: temperatures first, raw counts in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene import ground_texture, wall_texture
from fusion_ros.demo.scene.camera import THERMAL_CAMERA
from fusion_ros.demo.scene.plane_warp import draw_ground, draw_wall, plane_texture
from fusion_ros.demo.scene.side_walls import paint_side_walls
from fusion_ros.demo.scene.sky import Sky
from fusion_ros.demo.scene.street import SIDES, WALL_M, WALL_TOP_M, Side, StreetPlan
from fusion_ros.demo.scene.thermal_painter import ThermalPainter
from fusion_ros.demo.scene.thermal_sensor import ThermalSensor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.daylight import Daylight
    from fusion_ros.demo.scene.ground_texture import GroundTextures
    from fusion_ros.demo.scene.painter import SceneObject
    from fusion_ros.demo.scene.wall_texture import WallTextures

# Outlines are drawn finer and averaged, as a pixel averages what falls onto it.
OVERSAMPLING = 2


class ThermalRenderer:
    """The thermal camera."""

    def __init__(
        self, plan: StreetPlan, ground: GroundTextures, walls: dict[Side, WallTextures]
    ) -> None:
        """Prepare all that does not change from frame to frame."""
        self.camera = THERMAL_CAMERA
        self._fine = self.camera.resized(
            self.camera.width * OVERSAMPLING, self.camera.height * OVERSAMPLING
        )
        self._plan = plan
        self._ground = plane_texture(ground.warmth, ground_texture.TEXEL_M, 0)
        self._walls = {s: plane_texture(walls[s].warmth, wall_texture.TEXEL_M, 1) for s in SIDES}
        self._sky = Sky(self._fine)
        self._painter = ThermalPainter(self._fine)
        self._sensor = ThermalSensor(self.camera)

    def render(
        self, camera_z_m: float, things: list[SceneObject], light: Daylight, number: int
    ) -> NDArray[np.uint16]:
        """Draw one frame.

        Args:
            camera_z_m: How far the camera has come.
            things: What stands and moves in the street, far things first.
            light: The light of the moment.
            number: Of the frame; sets drift and noise.

        Returns:
            (h, w) uint16 raw counts.
        """
        scene_c = self._sky.thermal_c(light)
        self._painter.begin(scene_c, light)
        paint_side_walls(self._painter, self._plan, camera_z_m)
        self._add_ground(scene_c, camera_z_m, light)
        for side in SIDES:
            self._add_wall(scene_c, side, camera_z_m, light)
        for thing in things:
            thing.paint(self._painter)
        return self._sensor.counts(scene_c, number)

    def _add_ground(self, scene_c: NDArray[np.float32], camera_z_m: float, light: Daylight) -> None:
        warmth = np.zeros((*scene_c.shape, 2), np.float32)
        draw_ground(warmth, self._ground, self._fine, camera_z_m, -WALL_M)
        first = int(self._fine.centre_y + 1)
        scene_c[first:] = _between(warmth[first:], light)

    def _add_wall(
        self, scene_c: NDArray[np.float32], side: Side, camera_z_m: float, light: Daylight
    ) -> None:
        warmth = np.zeros((*scene_c.shape, 3), np.float32)
        place = (self._fine, camera_z_m, side * WALL_M, WALL_TOP_M)
        box = draw_wall(warmth, self._walls[side], *place)
        share = warmth[box][..., 2]
        # At the edge of a wall its temperatures are mixed with nothing; undo that first.
        wall_c = _between(warmth[box], light) / np.maximum(share, 1e-3)
        scene_c[box] += (wall_c - scene_c[box]) * share


def _between(warmth: NDArray[np.float32], light: Daylight) -> NDArray[np.float32]:
    day_c, night_c = warmth[..., 0], warmth[..., 1]
    return np.asarray(day_c + (night_c - day_c) * np.float32(light.night))
