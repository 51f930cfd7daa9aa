# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Draws the street as the visible camera sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.daylight import (
    HEADLIGHT_COLOUR,
    LAMP_COLOUR,
    SUN_DIRECTION,
    Daylight,
)
from fusion_ros.demo.scene.ground_texture import TEXEL_M, GroundTextures
from fusion_ros.demo.scene.painter import ScenePainter
from fusion_ros.demo.scene.picture import place_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.picture import Picture
    from fusion_ros.demo.scene.surface import SurfaceTable

# How much street lamps and own headlights light what they shine on.
LAMP_LIGHT, HEADLIGHT = 0.34, 0.70
HAZE_M = 190.0
# Sub-pixel positions for OpenCV's outlines: this many binary digits.
SHIFT = 4


class VisiblePainter(ScenePainter):
    """Paints things into an 8-bit colour image, lit by sun, lamps and headlights."""

    def __init__(self, camera: SceneCamera, ground: GroundTextures) -> None:
        """Remember where the ground is in the sun and where under lamps."""
        super().__init__(camera)
        self._spots = SpotLight(ground)
        self._image = np.zeros((camera.height, camera.width, 3), np.uint8)
        self._light: Daylight
        self._camera_z_m = 0.0

    def begin(self, image: NDArray[np.uint8], light: Daylight, camera_z_m: float) -> None:
        """Paint into `image` from now on."""
        self._image = image
        self._light = light
        self._camera_z_m = camera_z_m

    def fill(
        self,
        outlines_px: Sequence[NDArray[np.float64]],
        surfaces: SurfaceTable,
        normals: NDArray[np.float64],
        centres_m: NDArray[np.float64],
        cores: NDArray[np.float64],
    ) -> None:
        """Fill outlines with their surfaces' lit colours."""
        light = self._light
        colours = surfaces.albedo * self._light_on(normals, centres_m)
        colours *= (0.80 + 0.34 * cores)[:, None]
        facing = surfaces.gloss * (0.4 + 0.6 * np.maximum(0.0, normals[:, 1]))
        colours += facing[:, None] * light.zenith
        colours += surfaces.glow * (0.15 + 0.85 * light.night)
        haze = 1 - np.exp(-np.maximum(centres_m[:, 2:], 0) / HAZE_M)
        colours += (light.horizon - colours) * haze
        levels = np.clip(colours * 255, 0, 255).tolist()
        for outline, level in zip(outlines_px, levels, strict=True):
            points = np.round(outline * (1 << SHIFT)).astype(np.int32)
            cv2.fillPoly(self._image, [points], level, cv2.LINE_AA, SHIFT)

    def picture(self, picture: Picture, foot_m: NDArray[np.float64]) -> None:
        """Blend a picture into the image."""
        placed = place_picture(picture.look, picture.height_m, foot_m, self.camera)
        if placed is None:
            return
        box, pixels = placed
        middle = foot_m + np.array([0.0, 1.8, 0.0])
        light = self._light_on(np.array([[-0.35, 0.5, -0.79]]), middle[None])[0]
        light += 0.35 * self._light.sun
        haze = 1 - np.exp(-float(foot_m[2]) / HAZE_M)
        lit = pixels[..., :3] * (light * (1 - haze)).astype(np.float32)
        lit += (255 * haze * self._light.horizon).astype(np.float32)
        share = pixels[..., 3:].astype(np.float32) / 255
        behind = self._image[box].astype(np.float32)
        self._image[box] = np.clip(behind + (lit - behind) * share, 0, 255).astype(np.uint8)

    def _light_on(
        self, normals: NDArray[np.float64], centres_m: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Light, (F, 3) BGR, on surfaces with normals, (F, 3), at places, (F, 3)."""
        light = self._light
        x, y, z = centres_m.T
        upwards = normals[:, 1]
        sunlit, lamp = self._spots.at(x, z + self._camera_z_m)
        total = light.ambient * (0.72 + 0.28 * upwards)[:, None]
        facing = sunlit * np.maximum(0.0, normals @ SUN_DIRECTION) * 1.25
        total = total + light.sun * facing[:, None]
        if light.night > 0:
            pool = LAMP_LIGHT * light.night * lamp * (0.65 + 0.35 * upwards)
            beam = headlight(self.camera, x, y, z) * np.maximum(0.15, -normals[:, 2])
            total = total + LAMP_COLOUR * pool[:, None]
            total = total + HEADLIGHT_COLOUR * (HEADLIGHT * light.night * beam)[:, None]
        return np.asarray(total, np.float64)


class SpotLight:
    """How much of the sun and of the street lamps reaches a place."""

    def __init__(self, ground: GroundTextures) -> None:
        """Keep a coarse copy of the ground's light."""
        self._step_m = 0.4
        size = (
            round(ground.look.shape[1] * TEXEL_M[0] / self._step_m),
            round(ground.look.shape[0] * TEXEL_M[1] / self._step_m),
        )
        sun = np.ascontiguousarray(ground.look[..., 3])
        self._sun = cv2.resize(sun, size, interpolation=cv2.INTER_AREA) / 255.0
        self._lamp = cv2.resize(ground.lamps, size, interpolation=cv2.INTER_AREA) / 255.0

    def at(
        self, x_m: NDArray[np.float64], along_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shares of sun and lamps, 0..1, at places of the street."""
        row = np.clip((along_m / self._step_m).astype(np.intp), 0, self._sun.shape[0] - 1)
        column = (x_m / self._step_m + self._sun.shape[1] / 2).astype(np.intp)
        column = np.clip(column, 0, self._sun.shape[1] - 1)
        return self._sun[row, column], self._lamp[row, column]


def headlight(
    camera: SceneCamera,
    x_m: NDArray[np.floating],
    y_m: NDArray[np.floating],
    z_m: NDArray[np.floating],
) -> NDArray[np.floating]:
    """Share of the own low beams, 0..1: straight ahead, below the cut-off, not far.

    Args:
        camera: Above whose headlights.
        x_m: Where, across the street.
        y_m: Above the ground.
        z_m: Ahead of the camera.
    """
    aside = (x_m - camera.offset_m - 0.03 * z_m) / (0.9 + 0.26 * z_m)
    above = np.maximum(0.0, y_m - (0.75 - 0.008 * z_m)) / (0.08 + 0.018 * z_m)
    fade = np.clip(z_m / 5 - 0.2, 0.0, 1.0) / (1 + (z_m / 13.0) ** 2)
    return np.asarray(np.exp(-(aside**2) - above) * fade)
