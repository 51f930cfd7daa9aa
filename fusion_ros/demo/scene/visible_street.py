# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Ground, walls and sky as the visible camera sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene import ground_texture, wall_texture
from fusion_ros.demo.scene.daylight import HEADLIGHT_COLOUR, LAMP_COLOUR
from fusion_ros.demo.scene.plane_warp import draw_ground, draw_wall, plane_texture
from fusion_ros.demo.scene.shadows import Shadows
from fusion_ros.demo.scene.side_walls import paint_side_walls
from fusion_ros.demo.scene.sky import Sky
from fusion_ros.demo.scene.street import SIDES, WALL_M, WALL_TOP_M, Side, StreetPlan
from fusion_ros.demo.scene.visible_painter import HAZE_M, headlight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.daylight import Daylight
    from fusion_ros.demo.scene.ground_texture import GroundTextures
    from fusion_ros.demo.scene.painter import SceneObject
    from fusion_ros.demo.scene.visible_painter import VisiblePainter
    from fusion_ros.demo.scene.wall_texture import WallTextures

# How much of the sun reaches the walls: the left row of houses stands against it.
SUN_ON_WALL: dict[Side, float] = {-1: 0.0, 1: 0.72}


@dataclass(slots=True)
class _Layers:
    """What is known of each pixel before it is lit; all (H, W) or (H, W, C), 0..255.

    Attributes:
        albedo: uint8 BGR.
        glow: uint8 BGR, light of its own.
        sun: float32 share of the sun.
        lamps: float32 share of the street lamps.
        cover: uint8, 255 where there is anything but sky.
    """

    albedo: NDArray[np.uint8]
    glow: NDArray[np.uint8]
    sun: NDArray[np.float32]
    lamps: NDArray[np.float32]
    cover: NDArray[np.uint8]


class VisibleStreet:
    """The empty street."""

    def __init__(
        self,
        camera: SceneCamera,
        plan: StreetPlan,
        ground: GroundTextures,
        walls: dict[Side, WallTextures],
    ) -> None:
        """Prepare all that does not change from frame to frame."""
        self._camera = camera
        self._plan = plan
        self._ground = plane_texture(ground.look, ground_texture.TEXEL_M, 0)
        self._lamps = plane_texture(ground.lamps, ground_texture.TEXEL_M, 0)
        self._walls = {s: plane_texture(walls[s].look, wall_texture.TEXEL_M, 1) for s in SIDES}
        self._glows = {s: plane_texture(walls[s].glow, wall_texture.TEXEL_M, 1) for s in SIDES}
        self._sky = Sky(camera)
        self._shadows = Shadows(camera)
        self._haze, self._beam = _fixed_maps(camera)

    def draw(
        self,
        camera_z_m: float,
        things: list[SceneObject],
        light: Daylight,
        painter: VisiblePainter,
    ) -> NDArray[np.uint8]:
        """Draw it with the shadows of the things in it, (H, W, 3) uint8 BGR."""
        back = np.clip(self._sky.visible(light) * 255, 0, 255).astype(np.uint8)
        painter.begin(back, light, camera_z_m)
        paint_side_walls(painter, self._plan, camera_z_m)
        layers = self._ground_layers(camera_z_m, things, light)
        for side in SIDES:
            self._add_wall(side, camera_z_m, layers)
        share = cv2.merge([layers.cover] * 3)
        front = cv2.multiply(self._lit(layers, light), share, scale=1 / 255)
        behind = cv2.multiply(back, cv2.bitwise_not(share), scale=1 / 255)
        return np.asarray(cv2.add(front, behind), np.uint8)

    def _ground_layers(
        self, camera_z_m: float, things: list[SceneObject], light: Daylight
    ) -> _Layers:
        camera = self._camera
        look = np.zeros((camera.height, camera.width, 4), np.uint8)
        lamps = np.zeros((camera.height, camera.width), np.uint8)
        draw_ground(look, self._ground, camera, camera_z_m, -WALL_M)
        draw_ground(lamps, self._lamps, camera, camera_z_m, -WALL_M)
        sun = look[..., 3].astype(np.float32)
        if light.sun.max() > 0:
            sun *= 1 - 0.92 * self._shadows.cast(things)
        covered = self._shadows.contact(things)
        dark = (1 - 0.72 * covered)[..., None]
        albedo = (look[..., :3] * dark).astype(np.uint8)
        cover = np.zeros_like(lamps)
        cover[int(camera.centre_y + 1) :] = 255
        return _Layers(albedo, np.zeros_like(albedo), sun, lamps.astype(np.float32), cover)

    def _add_wall(self, side: Side, camera_z_m: float, layers: _Layers) -> None:
        camera = self._camera
        look = np.zeros((camera.height, camera.width, 4), np.uint8)
        place = (camera, camera_z_m, side * WALL_M, WALL_TOP_M)
        box = draw_wall(look, self._walls[side], *place)
        glow = np.zeros_like(look)
        draw_wall(glow, self._glows[side], *place)
        share = look[box][..., 3:].astype(np.float32) / 255
        for layer, new in (
            (layers.albedo, look[box][..., :3]),
            (layers.glow, glow[box][..., :3]),
            (layers.sun[..., None], np.float32(255 * SUN_ON_WALL[side])),
            (layers.lamps[..., None], glow[box][..., 3:]),
            (layers.cover[..., None], np.uint8(255)),
        ):
            old = layer[box].astype(np.float32)
            layer[box] = (old + (new - old) * share).astype(layer.dtype)

    def _lit(self, layers: _Layers, light: Daylight) -> NDArray[np.uint8]:
        channels = []
        for channel in range(3):
            total = float(light.ambient[channel]) + layers.sun * float(light.sun[channel] / 255)
            if light.night > 0:
                lamp = float(LAMP_COLOUR[channel] * light.night * 0.80 / 255)
                beam = float(HEADLIGHT_COLOUR[channel] * light.night * 0.95)
                total = total + layers.lamps * lamp + self._beam * beam
            lit = layers.albedo[..., channel] * total
            lit += layers.glow[..., channel] * np.float32(light.night)
            lit += (255 * float(light.horizon[channel]) - lit) * self._haze
            channels.append(np.clip(lit, 0, 255).astype(np.uint8))
        return np.asarray(cv2.merge(channels))


def _fixed_maps(camera: SceneCamera) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Haze and own headlights at each pixel; the camera never turns, so both are fixed."""
    depth = np.minimum.outer(camera.ground_depth_m(), np.full(camera.width, np.inf, np.float32))
    for side in SIDES:
        depth = np.minimum(depth, camera.wall_depth_m(side * WALL_M)[None, :])
    depth = np.minimum(depth, 400).astype(np.float32)
    haze = 1 - np.exp(-depth / np.float32(HAZE_M))
    rows, columns = np.indices(depth.shape)
    x_m = (columns + 0.5 - camera.centre_x) * depth / camera.focal_x + camera.offset_m
    y_m = camera.height_m - (rows + 0.5 - camera.centre_y) * depth / camera.focal_y
    beam = headlight(camera, x_m, np.maximum(y_m, 0), depth)
    return haze.astype(np.float32), np.asarray(beam, np.float32)
