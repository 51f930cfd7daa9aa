# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A drive along a street from day into night, seen by two cameras. The same in every run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.core.time_units import NS_PER_S
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
# Two cameras without a common trigger: the thermal one is a little behind.
THERMAL_PHASE_NS = 8_000_000


@dataclass(frozen=True, slots=True)
class DriveImage:
    """One image of the drive.

    Attributes:
        time_ns: Since the start of the drive [ns].
        pixels: (480, 640, 3) uint8 BGR of the visible camera, or (256, 320) uint16 counts of
            the thermal one.
        is_thermal: Which of the two.
    """

    time_ns: int
    pixels: NDArray[np.uint8] | NDArray[np.uint16]
    is_thermal: bool


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
        """Number of images of both cameras."""
        return len(self._times())

    def __iter__(self) -> Iterator[DriveImage]:
        """All images, in order of time."""
        for number, (time_ns, is_thermal) in enumerate(self._times()):
            yield DriveImage(time_ns, self.image(time_ns, is_thermal, number), is_thermal)

    def image(
        self, time_ns: int, is_thermal: bool, number: int
    ) -> NDArray[np.uint8] | NDArray[np.uint16]:
        """What one of the cameras sees.

        Args:
            time_ns: Since the start [ns].
            is_thermal: Which of the two.
            number: Sets noise and drift.
        """
        time_s = time_ns / NS_PER_S
        light = daylight_at(min(time_s / self.seconds, 1.0))
        things = self._traffic.objects_at(time_s)
        camera_z_m = self._traffic.camera_z_m(time_s)
        renderer = self._thermal if is_thermal else self._visible
        return renderer.render(camera_z_m, things, light, number)

    def _times(self) -> list[tuple[int, bool]]:
        end_ns = round(self.seconds * NS_PER_S)
        visible = [
            (n * NS_PER_S // VISIBLE_HZ, False) for n in range(end_ns * VISIBLE_HZ // NS_PER_S)
        ]
        thermal_count = end_ns * THERMAL_HZ // NS_PER_S
        thermal = [
            (n * NS_PER_S // THERMAL_HZ + THERMAL_PHASE_NS, True) for n in range(thermal_count)
        ]
        return sorted(visible + thermal)
