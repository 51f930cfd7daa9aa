# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""People who walk: limbs that swing, clothes that hide warmth and skin that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.painter import Limb
from fusion_ros.demo.scene.surface import Surface, rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.painter import LightSource, ScenePainter

SKINS = (rgb(222, 178, 148), rgb(176, 124, 92), rgb(116, 78, 58), rgb(236, 200, 172))
HAIRS = (rgb(44, 32, 26), rgb(92, 62, 38), rgb(28, 26, 28), rgb(148, 118, 78))
JACKETS = (
    rgb(58, 66, 84),
    rgb(134, 44, 40),
    rgb(40, 44, 42),
    rgb(92, 96, 70),
    rgb(48, 84, 116),
    rgb(150, 132, 104),
)
TROUSERS = (rgb(44, 48, 62), rgb(62, 58, 54), rgb(30, 30, 34), rgb(92, 84, 70))
SHOES = Surface(rgb(34, 30, 28), 16.0, 13.0)
STRIDE_M = 1.45


@dataclass(frozen=True, slots=True)
class Clothes:
    """What someone wears, and what shows."""

    skin: Surface
    hair: Surface
    jacket: Surface
    sleeve: Surface
    trousers: Surface


@lru_cache(maxsize=64)
def clothes(style: int) -> Clothes:
    """The clothes of a style; skin is warmest, thick clothes let least warmth out."""
    jacket = JACKETS[style % len(JACKETS)]
    trousers = TROUSERS[style * 5 % len(TROUSERS)]
    return Clothes(
        skin=Surface(SKINS[style * 3 % len(SKINS)], 31.5, 30.5),
        hair=Surface(HAIRS[style * 7 % len(HAIRS)], 25.0, 22.0),
        jacket=Surface(jacket, 23.5, 21.5),
        sleeve=Surface(jacket, 22.5, 20.0),
        trousers=Surface(trousers, 23.0, 20.5),
    )


@dataclass(frozen=True, slots=True)
class Pedestrian:
    """Someone who walks.

    Attributes:
        x_m: Where across the street.
        z_m: Distance from the camera.
        heading: Unit vector of the walk, (x, z).
        walked_m: Distance walked so far; sets the swing of the limbs.
        style: Index of stature and clothes.
    """

    x_m: float
    z_m: float
    heading: tuple[float, float]
    walked_m: float
    style: int

    @property
    def depth_m(self) -> float:
        """Distance from the camera."""
        return self.z_m

    @property
    def height_m(self) -> float:
        """Height of the head."""
        return 1.62 + 0.045 * (self.style * 7 % 5)

    def footprint(self) -> NDArray[np.float64]:
        """Outline on the ground."""
        corners = np.array([(-0.2, -0.16), (0.2, -0.16), (0.2, 0.16), (-0.2, 0.16)])
        return corners + np.array([self.x_m, self.z_m])

    def lights(self) -> list[LightSource]:
        """None."""
        return []

    def paint(self, painter: ScenePainter) -> None:
        """Draw the limbs, far ones first."""
        limbs = self._trunk()
        for side in (-1, 1):
            limbs += self._leg(side)
            limbs += self._arm(side)
        limbs.sort(key=lambda limb: -(limb.start_m[2] + limb.end_m[2]))
        painter.limbs(limbs)

    def _phase(self, side: int) -> float:
        """Where the leg of a side is in its swing [rad]; the arm swings against it."""
        phase = 2 * math.pi * self.walked_m / STRIDE_M + self.style
        return phase if side > 0 else phase + math.pi

    def _bob(self) -> float:
        return 0.02 * math.cos(2 * self._phase(1))

    def _trunk(self) -> list[Limb]:
        wear, bob = clothes(self.style), self._bob()
        return [
            self._limb((0.0, 0.90 + bob, 0), (0.03, 1.36 + bob, 0), (0.150, 0.185), wear.jacket),
            self._limb((0.03, 1.44 + bob, 0), (0.05, 1.55 + bob, 0), (0.055, 0.055), wear.skin),
            self._limb((0.05, 1.585 + bob, 0), (0.055, 1.65 + bob, 0), (0.092, 0.098), wear.skin),
            self._limb((-0.005, 1.65 + bob, 0), (0.035, 1.70 + bob, 0), (0.094, 0.084), wear.hair),
        ]

    def _leg(self, side: int) -> list[Limb]:
        wear, phase, apart = clothes(self.style), self._phase(side), 0.085 * side
        swing = 0.42 * math.sin(phase)
        shin = swing - 0.20 - 0.55 * max(0.0, math.cos(phase)) ** 2
        hip = (0.0, 0.90 + self._bob(), apart)
        knee = (0.44 * math.sin(swing + 0.12), hip[1] - 0.44 * math.cos(swing), apart)
        low = max(knee[1] - 0.42 * math.cos(shin), 0.08)
        ankle = (knee[0] + 0.42 * math.sin(shin), low, apart)
        toe = (ankle[0] + 0.15, max(low - 0.04, 0.05), apart)
        return [
            self._limb(hip, knee, (0.098, 0.072), wear.trousers),
            self._limb(knee, ankle, (0.068, 0.050), wear.trousers),
            self._limb(ankle, toe, (0.052, 0.040), SHOES),
        ]

    def _arm(self, side: int) -> list[Limb]:
        wear, apart = clothes(self.style), 0.205 * side
        swing = 0.36 * math.sin(self._phase(-side))
        shoulder = (0.02, 1.40 + self._bob(), apart)
        elbow = (
            0.02 + 0.28 * math.sin(swing),
            shoulder[1] - 0.28 * math.cos(swing),
            apart * 1.15,
        )
        wrist = (
            elbow[0] + 0.25 * math.sin(swing + 0.35),
            elbow[1] - 0.25 * math.cos(swing + 0.35),
            apart * 1.1,
        )
        hand = (wrist[0] + 0.03, wrist[1] - 0.06, apart * 1.1)
        return [
            self._limb(shoulder, elbow, (0.066, 0.052), wear.sleeve),
            self._limb(elbow, wrist, (0.050, 0.040), wear.sleeve),
            self._limb(wrist, hand, (0.042, 0.034), wear.skin),
        ]

    def _limb(
        self,
        start: tuple[float, float, float],
        end: tuple[float, float, float],
        radii: tuple[float, float],
        surface: Surface,
    ) -> Limb:
        """A limb between two points, each (ahead, up, to the right) of a person of 1.72 m."""
        k = self.height_m / 1.72
        size = (radii[0] * k, radii[1] * k)
        return Limb(self._placed(start, k), self._placed(end, k), size, surface)

    def _placed(self, point: tuple[float, float, float], k: float) -> tuple[float, float, float]:
        ahead, up, right = (k * value for value in point)
        towards_x, towards_z = self.heading
        return (
            self.x_m + ahead * towards_x + right * towards_z,
            up,
            self.z_m + ahead * towards_z - right * towards_x,
        )
