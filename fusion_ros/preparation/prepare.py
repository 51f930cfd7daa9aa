# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""From a pair as it came to a pair that every backend can take."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from fusion_ros.core.frames import PreparedPair
from fusion_ros.core.read_only import read_only
from fusion_ros.preparation.thermal_levels import ThermalLevels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import FramePair


class Preparation:
    """Thermal levels and resampling onto the visible grid, for one stream of pairs.

    Convention:
        A thermal image of another size is taken to show the same field of view and is resized
        bilinearly to the visible grid.
    """

    def __init__(self) -> None:
        """Start with no knowledge of the stream."""
        self._levels = ThermalLevels()
        self._resized = np.empty((0, 0), dtype=np.uint8)

    def prepare(self, pair: FramePair) -> PreparedPair:
        """Prepare a checked pair. The result is valid until the next call."""
        grey, thermal_range = self._levels.apply(pair.thermal, pair.thermal_stamp_ns)
        return PreparedPair(
            visible=read_only(pair.visible),
            thermal=read_only(self._onto_grid(grey, pair.visible.shape[:2])),
            thermal_range=thermal_range,
        )

    def _onto_grid(self, grey: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
        height, width = size
        if grey.shape == (height, width):
            return grey
        if self._resized.shape != (height, width):
            self._resized = np.empty((height, width), dtype=np.uint8)
        resized = cv2.resize(
            grey, (width, height), dst=self._resized, interpolation=cv2.INTER_LINEAR
        )
        return cast("NDArray[np.uint8]", resized)
