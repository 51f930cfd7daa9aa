# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Paints things into an image of temperatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.daylight import SUN_DIRECTION, Daylight
from fusion_ros.demo.scene.painter import ScenePainter
from fusion_ros.demo.scene.picture import place_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.picture import Picture
    from fusion_ros.demo.scene.surface import SurfaceTable

SHIFT = 4
# The rim of a limb is seen at a flat angle and looks cooler than its middle [°C].
RIM_DROP_C = 1.6
SUN_WARMS_C = 3.0


class ThermalPainter(ScenePainter):
    """Paints temperatures; light means nothing here, only warmth."""

    def __init__(self, camera: SceneCamera) -> None:
        """Remember the camera."""
        super().__init__(camera)
        self._scene_c = np.zeros((camera.height, camera.width), np.float32)
        self._light: Daylight

    def begin(self, scene_c: NDArray[np.float32], light: Daylight) -> None:
        """Paint into `scene_c`, (H, W) in °C, from now on."""
        self._scene_c = scene_c
        self._light = light

    def fill(
        self,
        outlines_px: Sequence[NDArray[np.float64]],
        surfaces: SurfaceTable,
        normals: NDArray[np.float64],
        centres_m: NDArray[np.float64],
        cores: NDArray[np.float64],
    ) -> None:
        """Fill outlines with their surfaces' temperatures."""
        del centres_m  # the same warmth everywhere
        night = self._light.night
        temperatures = surfaces.day_c + (surfaces.night_c - surfaces.day_c) * night
        temperatures += (1 - night) * SUN_WARMS_C * np.maximum(0.0, normals @ SUN_DIRECTION)
        temperatures += RIM_DROP_C * (cores - 0.5)
        for outline, temperature in zip(outlines_px, temperatures.tolist(), strict=True):
            points = np.round(outline * (1 << SHIFT)).astype(np.int32)
            cv2.fillPoly(self._scene_c, [points], temperature, cv2.LINE_8, SHIFT)

    def picture(self, picture: Picture, foot_m: NDArray[np.float64]) -> None:
        """Blend a picture's temperatures into the image."""
        placed = place_picture(picture.warmth, picture.height_m, foot_m, self.camera)
        if placed is None:
            return
        box, pixels = placed
        share = pixels[..., 2]
        day_c, night_c = pixels[..., 0], pixels[..., 1]
        thing_c = day_c + (night_c - day_c) * np.float32(self._light.night)
        self._scene_c[box] += (thing_c - self._scene_c[box]) * share
