# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Who is where at which moment of the drive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.car import Car
from fusion_ros.demo.scene.pedestrian import Pedestrian
from fusion_ros.demo.scene.picture import sign_picture, tree_picture
from fusion_ros.demo.scene.roadside import LampPost, StandingPicture
from fusion_ros.demo.scene.street import KERB_M, PERIOD_M, StreetPlan, repeats_m

if TYPE_CHECKING:
    from fusion_ros.demo.scene.painter import SceneObject

SPEED_MPS = 5.0
START_M = 4.0
# A car is seen until its far end has passed; its depth is that of its near end.
NEAREST_M, FARTHEST_M = -2.8, 105.0
LANE_M = 1.7
PARKED_X_M = 4.35
# Where along the street, side, colour, whether it has just been parked and is warm.
_PARKED = (
    (13.4, 1, 1, False),
    (19.6, 1, 5, True),
    (28.0, -1, 0, False),
    (44.4, 1, 3, False),
    (50.6, 1, 0, False),
    (47.5, -1, 4, True),
    (62.8, -1, 2, False),
    (75.4, 1, 6, False),
    (87.8, -1, 3, False),
    (94.0, 1, 2, True),
    (106.4, 1, 4, False),
    (112.6, -1, 1, False),
    (131.0, 1, 0, False),
    (137.2, -1, 5, False),
    (149.6, 1, 3, True),
)
# Across the street, along it, speed along it.
_WALKERS = (
    (6.9, 14.0, 1.25),
    (7.4, 25.0, -1.2),
    (7.3, 26.2, -1.2),
    (-7.2, 22.0, 1.3),
    (-6.8, 37.0, -1.15),
    (7.0, 46.0, 1.1),
    (-7.4, 55.0, -1.25),
    (-7.0, 55.9, -1.25),
    (6.8, 68.0, -1.3),
    (7.3, 80.0, 1.2),
    (-7.1, 84.0, 1.2),
    (6.9, 101.0, -1.2),
    (-7.3, 112.0, -1.1),
    (7.2, 126.0, 1.25),
    (-6.9, 140.0, 1.2),
)
# Seconds between two who cross the street, and how fast they walk.
CROSSING_EVERY_S = 2.0
CROSSING_MPS = 1.35
ONCOMING_MPS = 8.0
_ONCOMING_GAPS_M = (0.0, 31.0, 74.0)
_ONCOMING_PERIOD_M = 118.0


class Traffic:
    """The street with all that stands and moves in it."""

    def __init__(self, plan: StreetPlan) -> None:
        """Draw the pictures of what stands there."""
        self._plan = plan
        self._trees = [tree_picture(seed) for seed in (11, 12, 13)]
        self._signs = [
            sign_picture(("CENTRE", "800 m")),
            sign_picture(("MUSEUM", "STATION")),
        ]

    def camera_z_m(self, time_s: float) -> float:
        """How far the camera has come, within one period of the street."""
        return (START_M + SPEED_MPS * time_s) % PERIOD_M

    def objects_at(self, time_s: float) -> list[SceneObject]:
        """Everything within view, far things first."""
        camera_z_m = self.camera_z_m(time_s)
        found = [
            *self._standing(camera_z_m),
            *self._cars(time_s, camera_z_m),
            *self._walkers(time_s, camera_z_m),
            *self._crossing(time_s),
        ]
        seen = [thing for thing in found if NEAREST_M < thing.depth_m < FARTHEST_M]
        return sorted(seen, key=lambda thing: -thing.depth_m)

    def _standing(self, camera_z_m: float) -> list[SceneObject]:
        found: list[SceneObject] = []
        for number, (x, z) in enumerate(self._plan.trees_m):
            picture = self._trees[number % len(self._trees)]
            found += [StandingPicture(x, d, picture, 0.35) for d in repeats_m(z, camera_z_m)]
        for x, z in self._plan.lamps_m:
            found += [LampPost(x, d) for d in repeats_m(z, camera_z_m)]
        for number, z in enumerate((33.5, 86.5)):
            picture = self._signs[number % len(self._signs)]
            found += [
                StandingPicture(KERB_M + 0.9, d, picture, 0.0) for d in repeats_m(z, camera_z_m)
            ]
        return found

    def _cars(self, time_s: float, camera_z_m: float) -> list[SceneObject]:
        found: list[SceneObject] = [
            Car(side * PARKED_X_M, d, side < 0, colour, warm, False)
            for z, side, colour, warm in _PARKED
            for d in repeats_m(z, camera_z_m)
        ]
        ahead_m = 27.0 + 3.5 * np.sin(0.5 * time_s)
        found.append(Car(LANE_M + 0.05, ahead_m, False, 4, True, True))
        closing = (ONCOMING_MPS + SPEED_MPS) * time_s
        for number, gap in enumerate(_ONCOMING_GAPS_M):
            distance = (44.0 + gap - closing) % _ONCOMING_PERIOD_M
            found.append(Car(-LANE_M, distance, True, number * 2 + 1, True, True))
        return found

    def _walkers(self, time_s: float, camera_z_m: float) -> list[SceneObject]:
        found: list[SceneObject] = []
        for style, (x, z, speed) in enumerate(_WALKERS):
            walked = speed * time_s
            heading = (0.0, float(np.sign(speed)))
            for distance in repeats_m(z + walked, camera_z_m):
                found.append(Pedestrian(x, distance, heading, abs(walked), style))
        return found

    def _crossing(self, time_s: float) -> list[SceneObject]:
        """People who cross ahead of the camera, from either side in turn."""
        found: list[SceneObject] = []
        first = int(time_s / CROSSING_EVERY_S) - 3
        for number in range(first, first + 8):
            moment_s = 1.2 + number * CROSSING_EVERY_S
            direction = 1 if number % 2 else -1
            walked = CROSSING_MPS * (time_s - moment_s)
            x = 0.2 * direction + direction * walked
            distance = 14.0 + 2.0 * (number % 3) - SPEED_MPS * (time_s - moment_s)
            if abs(x) < KERB_M + 2.6:
                found.append(
                    Pedestrian(x, distance, (float(direction), 0.0), walked, 3 + 2 * number)
                )
        return found
