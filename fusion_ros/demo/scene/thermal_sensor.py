# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A microbolometer: blurs, drifts, is noisy, and answers in 14-bit counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera

COUNTS_AT_0_C = 6200.0
COUNTS_PER_C = 62.0
MAX_COUNTS = 2**14 - 1
BLUR_PX = 0.6
# Standard deviations in counts: of each pixel in time, of columns and of pixels for good.
NOISE, COLUMN_PATTERN, PIXEL_PATTERN = 4.0, 2.2, 1.6
# The housing warms: a slow rise, and a slower swing, in counts.
DRIFT_PER_FRAME, SWING = 0.25, 14.0
MARGIN_PX = 48


class ThermalSensor:
    """Turns temperatures into raw counts."""

    def __init__(self, camera: SceneCamera, seed: int = 31) -> None:
        """Draw the noise patterns once."""
        random = np.random.default_rng(seed)
        self._size = (camera.width, camera.height)
        pattern = PIXEL_PATTERN * random.normal(0, 1, (camera.height, camera.width))
        pattern += COLUMN_PATTERN * random.normal(0, 1, camera.width)
        self._pattern = pattern.astype(np.float32)
        shape = (camera.height + MARGIN_PX, camera.width + MARGIN_PX)
        self._noise = random.normal(0, NOISE, shape).astype(np.float32)

    def counts(self, scene_c: NDArray[np.float32], number: int) -> NDArray[np.uint16]:
        """Expose one frame.

        Args:
            scene_c: Temperatures [°C], at least of the camera's size.
            number: Of the frame.

        Returns:
            (h, w) uint16.
        """
        small = cv2.resize(scene_c, self._size, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), BLUR_PX)
        top, left = (number * 29) % MARGIN_PX, (number * 17) % MARGIN_PX
        width, height = self._size
        counts = COUNTS_AT_0_C + COUNTS_PER_C * np.asarray(small, np.float32)
        counts += DRIFT_PER_FRAME * number + SWING * np.float32(np.sin(number / 40))
        counts += self._pattern + self._noise[top : top + height, left : left + width]
        return np.clip(np.round(counts), 0, MAX_COUNTS).astype(np.uint16)
