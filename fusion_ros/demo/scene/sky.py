# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What lies behind the street: sky, clouds and a distant skyline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.noise import layered_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera
    from fusion_ros.demo.scene.daylight import Daylight


class Sky:
    """The background for one camera; the same clouds and skyline for all of them."""

    def __init__(self, camera: SceneCamera, seed: int = 17) -> None:
        """Draw clouds and skyline once."""
        random = np.random.default_rng(seed)
        shape = (480, 640)
        clouds = np.clip(layered_noise(random, shape, (70, 200), 5) * 1.5, 0, 1)
        size = (camera.width, camera.height)
        self._clouds = np.asarray(cv2.resize(clouds, size, interpolation=cv2.INTER_LINEAR))
        city, windows = _skyline(random)
        self._city = np.asarray(cv2.resize(city, size, interpolation=cv2.INTER_LINEAR))
        self._windows = np.asarray(cv2.resize(windows, size, interpolation=cv2.INTER_LINEAR))
        rows = (np.arange(camera.height) + 0.5) / camera.centre_y
        self._rise = np.clip(1 - rows, 0, 1).astype(np.float32)[:, None]

    def visible(self, light: Daylight) -> NDArray[np.float32]:
        """(H, W, 3) BGR, 1 is white."""
        rise = self._rise**0.6
        cloud_share = self._clouds * (0.75 - 0.45 * light.night)
        layers = []
        for channel in range(3):
            base = light.horizon[channel] + (light.zenith[channel] - light.horizon[channel]) * rise
            bright = 0.35 * light.zenith[channel] + 0.75 * light.horizon[channel]
            sky = base + (bright - base) * cloud_share
            city = light.horizon[channel] * (0.80 - 0.25 * light.night)
            sky += (city - sky) * self._city
            layers.append(sky + (0.35, 0.55, 0.75)[channel] * light.night * self._windows)
        return np.dstack(layers)

    def thermal_c(self, light: Daylight) -> NDArray[np.float32]:
        """(H, W) apparent temperature [°C]: clear sky is cold, clouds and haze less so."""
        overhead = 0.0 - 2.0 * light.night
        horizon = 5.0 - 2.0 * light.night
        sky = horizon + (overhead - horizon) * self._rise**0.5
        sky = sky + 2.5 * self._clouds * self._rise**0.4
        city = 6.5 - 2.0 * light.night
        return np.asarray(sky + (city - sky) * self._city, np.float32)


def _skyline(random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Blocks on the horizon of a 640x480 image, and the lights in them."""
    city = np.zeros((480, 640), np.float32)
    windows = np.zeros((480, 640), np.float32)
    left = 0
    while left < 640:
        width = int(random.integers(7, 22))
        top = int(222 - random.integers(4, 20))
        cv2.rectangle(city, (left, top), (left + width, 224), float(random.uniform(0.6, 0.9)), -1)
        for _ in range(width // 3):
            spot = (int(left + random.integers(1, width)), int(random.integers(top + 2, 221)))
            windows[spot[1], min(spot[0], 639)] = random.uniform(0.3, 1)
        left += width + int(random.integers(-3, 4))
    return np.asarray(cv2.GaussianBlur(city, (3, 3), 0.6)), windows
