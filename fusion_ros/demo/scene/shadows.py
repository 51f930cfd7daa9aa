# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Shadows that move with things: soft under them, long in the sun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.camera import NEAR_M
from fusion_ros.demo.scene.daylight import SUN_DIRECTION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.painter import SceneObject

# Where the shadow of a point one metre up falls, x and z [m].
SLANT = -SUN_DIRECTION[[0, 2]] / SUN_DIRECTION[1]


class Shadows:
    """Draws shadows at half the camera's size."""

    def __init__(self, camera: SceneCamera) -> None:
        """Remember the camera."""
        self._full = (camera.width, camera.height)
        self._camera = camera.resized(camera.width // 2, camera.height // 2)

    def contact(self, things: list[SceneObject]) -> NDArray[np.float32]:
        """(H, W) in 0..1: how much of the sky the things above hide from the ground."""
        return self._drawn(
            [outline for thing in things if (outline := _near_shadow(thing)) is not None]
        )

    def cast(self, things: list[SceneObject]) -> NDArray[np.float32]:
        """(H, W) in 0..1: where the sun is hidden from the ground."""
        return self._drawn(
            [outline for thing in things if (outline := _long_shadow(thing)) is not None]
        )

    def _drawn(self, outlines: list[NDArray[np.float64]]) -> NDArray[np.float32]:
        camera = self._camera
        mask = np.zeros((camera.height, camera.width), np.uint8)
        for outline in outlines:
            depth = np.maximum(outline[:, 1], NEAR_M + 0.6)
            points = np.stack([outline[:, 0], np.zeros(len(outline)), depth], axis=1)
            pixels = np.round(camera.project(points) * 16).astype(np.int32)
            cv2.fillPoly(mask, [pixels], 255, cv2.LINE_AA, 4)
        soft = cv2.GaussianBlur(mask, (0, 0), sigmaX=2.2, sigmaY=1.1)
        large = cv2.resize(soft, self._full, interpolation=cv2.INTER_LINEAR)
        return np.asarray(large, np.float32) / np.float32(255)


def _near_shadow(thing: SceneObject) -> NDArray[np.float64] | None:
    outline = thing.footprint()
    if outline is None:
        return None
    middle = outline.mean(axis=0)
    return np.asarray(middle + (outline - middle) * 1.08)


def _long_shadow(thing: SceneObject) -> NDArray[np.float64] | None:
    outline = thing.footprint()
    if outline is None or thing.height_m <= 0:
        return None
    both = np.concatenate([outline, outline + SLANT * thing.height_m]).astype(np.float32)
    return np.asarray(cv2.convexHull(both)[:, 0], np.float64)
