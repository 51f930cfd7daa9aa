# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A drive along a street from day into night, seen by two cameras. The same in every run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.demo.scene.daylight import daylight_at
from fusion_ros.demo.scene.ground_texture import ground_textures
from fusion_ros.demo.scene.street import SIDES, plan_street
from fusion_ros.demo.scene.thermal_renderer import ThermalRenderer
from fusion_ros.demo.scene.traffic import Traffic
from fusion_ros.demo.scene.visible_renderer import VisibleRenderer
from fusion_ros.demo.scene.wall_texture import wall_textures

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

VISIBLE_HZ = 30
THERMAL_HZ = 15


@dataclass(frozen=True, slots=True)
class DriveFrame:
    """One image of the drive.

    Attributes:
        time_ns: Since the start of the drive [ns].
        visible: (480, 640, 3) uint8 BGR.
        thermal: (256, 320) uint16 counts, with every other visible image.
    """

    time_ns: int
    visible: NDArray[np.uint8]
    thermal: NDArray[np.uint16] | None


class Drive:
    """The drive.

    Attributes:
        seconds: How long it lasts; day turns into night within it.
    """

    def __init__(self, seconds: float) -> None:
        """Build the street."""
        plan = plan_street()
        ground = ground_textures(plan)
        walls = {side: wall_textures(plan, side) for side in SIDES}
        self.seconds = seconds
        self._traffic = Traffic(plan)
        self._visible = VisibleRenderer(plan, ground, walls)
        self._thermal = ThermalRenderer(plan, ground, walls)

    def __len__(self) -> int:
        """Number of visible images."""
        return max(1, round(self.seconds * VISIBLE_HZ))

    def __iter__(self) -> Iterator[DriveFrame]:
        """All images, in order of time."""
        return (self.frame(number) for number in range(len(self)))

    def frame(self, number: int) -> DriveFrame:
        """The image with a number, from 0."""
        time_s = number / VISIBLE_HZ
        light = daylight_at(number / max(len(self) - 1, 1))
        things = self._traffic.objects_at(time_s)
        camera_z_m = self._traffic.camera_z_m(time_s)
        thermal = None
        if number % (VISIBLE_HZ // THERMAL_HZ) == 0:
            thermal = self._thermal.render(camera_z_m, things, light, number)
        visible = self._visible.render(camera_z_m, things, light, number)
        return DriveFrame(round(number * 1_000_000_000 / VISIBLE_HZ), visible, thermal)
