# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Lamps that shine into the lens: a bright core, a halo, and a streak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.painter import LightSource

SIDE_PX = 161
# How many times wider than the lamp's core its halo is drawn.
SPREAD = 7.0


def _glow() -> NDArray[np.float32]:
    axis = np.linspace(-SPREAD, SPREAD, SIDE_PX, dtype=np.float32)
    x, y = np.meshgrid(axis, axis)
    radius = np.hypot(x, y)
    core = np.exp(-((radius / 0.42) ** 2)) * 1.6
    halo = 0.42 / (1 + (radius / 0.75) ** 2) ** 1.25
    streak = 0.16 * np.exp(-np.abs(y) / 0.10) * np.exp(-np.abs(x) / 2.2)
    fade = np.clip((SPREAD - radius) / (0.5 * SPREAD), 0, 1)
    return np.asarray((core + halo + streak) * fade, np.float32)


class Glare:
    """Adds the glow of lamps to an image of half the camera's size."""

    def __init__(self, camera: SceneCamera) -> None:
        """Draw the glow once."""
        self._camera = camera.resized(camera.width // 2, camera.height // 2)
        self._kernel = _glow()

    def of(self, lamps: list[tuple[LightSource, float]]) -> NDArray[np.float32]:
        """The light of all lamps.

        Args:
            lamps: Each with its strength, 1 for full.

        Returns:
            (H/2, W/2, 3) float32 BGR, 1 is white.
        """
        camera = self._camera
        glow = np.zeros((camera.height, camera.width, 3), np.float32)
        for lamp, strength in lamps:
            depth = lamp.position_m[2]
            if depth < 1.0 or strength <= 0:
                continue
            x, y = camera.project(lamp.position_m[None])[0]
            # Dazzle grows slower than perspective: far lamps still have a visible star.
            core_px = lamp.radius_m * camera.focal_x / (0.35 * depth + 6.5)
            self._add(glow, (x, y), core_px, np.asarray(lamp.colour) * strength)
        return glow

    def _add(
        self,
        glow: NDArray[np.float32],
        centre_px: tuple[float, float],
        core_px: float,
        colour: NDArray[np.float64],
    ) -> None:
        reach = SPREAD * core_px
        x, y = centre_px
        columns = slice(max(int(x - reach), 0), min(int(x + reach) + 1, glow.shape[1]))
        rows = slice(max(int(y - reach), 0), min(int(y + reach) + 1, glow.shape[0]))
        if columns.stop - columns.start < 1 or rows.stop - rows.start < 1:
            return
        zoom = (SIDE_PX - 1) / (2 * reach)
        matrix = np.array(
            [
                [zoom, 0, (columns.start - x + reach) * zoom],
                [0, zoom, (rows.start - y + reach) * zoom],
            ]
        )
        size = (columns.stop - columns.start, rows.stop - rows.start)
        patch = cv2.warpAffine(
            self._kernel, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        glow[rows, columns] += patch[..., None] * colour.astype(np.float32)
