# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One house front: wall, windows, cornices, and a shop on the ground floor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.demo.scene.noise import layered_noise, smooth_noise
from fusion_ros.demo.scene.street import FLOOR_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.street import Building

# BGR of plaster and brick; whether there are bricks.
WALLS = (
    ((92, 104, 158), True),
    ((172, 196, 206), False),
    ((120, 168, 200), False),
    ((178, 186, 186), False),
    ((84, 92, 138), True),
    ((150, 178, 178), False),
    ((188, 178, 158), False),
    ((110, 134, 176), True),
)
SHOPS = ("CAFE", "BOOKS", "BAKERY", "HOTEL", "MUSIC", "FLOWERS", "RADIO", "CINEMA")
AWNINGS = ((62, 60, 168), (74, 110, 58), (128, 78, 46), (46, 120, 190), (96, 56, 104))
LIT = np.array([120, 190, 255], np.float32)


@dataclass(frozen=True, slots=True)
class HouseFront:
    """Textures of one front, first row at the roof.

    Attributes:
        albedo: (H, W, 3) uint8 BGR.
        glow: (H, W, 3) uint8 BGR, light of its own after dark.
        day_c: (H, W) float32 temperature by day [°C].
        night_c: (H, W) float32 temperature by night [°C].
    """

    albedo: NDArray[np.uint8]
    glow: NDArray[np.uint8]
    day_c: NDArray[np.float32]
    night_c: NDArray[np.float32]

    @classmethod
    def painted(cls, house: Building, texel_m: float, mirrored: bool) -> HouseFront:
        """Paint the front of a house.

        Args:
            house: Its size and style.
            texel_m: Size of a texel [m].
            mirrored: Whether it is seen with its start to the right, so that its shop sign
                must be written the other way.
        """
        painter = _FrontPainter(house, texel_m, mirrored)
        painter.paint()
        return cls(
            np.clip(painter.albedo, 0, 255).astype(np.uint8),
            np.clip(painter.glow, 0, 255).astype(np.uint8),
            painter.day_c,
            painter.night_c,
        )


class _FrontPainter:
    """Paints into four arrays at once; positions in metres from the lower left corner."""

    def __init__(self, house: Building, texel_m: float, mirrored: bool) -> None:
        self.house = house
        self._texel_m = texel_m
        self._mirrored = mirrored
        self._random = np.random.default_rng(house.style)
        shape = (round(house.height_m / texel_m), round(house.width_m / texel_m))
        colour, bricks = WALLS[house.style % len(WALLS)]
        grain = self._random.normal(0, 2.5, shape).astype(np.float32)
        stains = layered_noise(self._random, shape, (60, 40))
        plaster = np.array(colour, np.float32) * (1 + 0.06 * stains)[..., None]
        self.albedo: NDArray[np.float32] = plaster + grain[..., None]
        if bricks:
            self._lay_bricks()
        self.glow: NDArray[np.float32] = np.zeros((*shape, 3), np.float32)
        self.day_c = (7.8 + 0.6 * stains).astype(np.float32)
        self.night_c = (4.8 + 0.4 * stains).astype(np.float32)

    def paint(self) -> None:
        """Add everything to the bare wall."""
        house = self.house
        for floor in range(1, house.floors):
            self._box(0, floor * FLOOR_M - 0.12, house.width_m, 0.2, shade=1.14, warmer=0.5)
        self._box(0, house.height_m - 0.55, house.width_m, 0.55, shade=0.74, warmer=-0.6)
        self._box(0, house.height_m - 0.16, house.width_m, 0.16, shade=1.5, warmer=0.2)
        self._box(0, 0, house.width_m, 0.5, shade=0.7, warmer=0.4)
        if house.shop:
            self._shop()
        columns = max(2, round(house.width_m / 2.6))
        pitch = house.width_m / columns
        for floor in range(1 if house.shop else 0, house.floors):
            for column in range(columns):
                left = (column + 0.5) * pitch - 0.6
                if floor == 0 and column == house.style % columns:
                    self._door(left)
                else:
                    self._window(left, floor * FLOOR_M + 0.95, 1.2, 1.55)

    def _slices(
        self, left: float, bottom: float, width: float, height: float
    ) -> tuple[slice, slice]:
        rows, columns = self.albedo.shape[:2]
        texel = self._texel_m
        top = max(rows - round((bottom + height) / texel), 0)
        first = max(round(left / texel), 0)
        return (
            slice(top, max(rows - round(bottom / texel), top)),
            slice(first, min(max(round((left + width) / texel), first), columns)),
        )

    def _box(
        self, left: float, bottom: float, width: float, height: float, shade: float, warmer: float
    ) -> None:
        box = self._slices(left, bottom, width, height)
        self.albedo[box] *= shade
        self.day_c[box] += warmer
        self.night_c[box] += warmer

    def _lay_bricks(self) -> None:
        rows, columns = self.albedo.shape[:2]
        course = max(2, round(0.10 / self._texel_m))
        bricks = smooth_noise(self._random, (rows, columns), (course, 5))
        self.albedo *= (1 + 0.13 * bricks)[..., None]
        self.albedo[::course] *= 1.12

    def _window(self, left: float, bottom: float, width: float, height: float) -> None:
        self._box(left - 0.12, bottom - 0.14, width + 0.24, 0.14, shade=1.22, warmer=0.6)
        frame = self._slices(left - 0.07, bottom, width + 0.14, height + 0.08)
        self.albedo[frame] = (214, 220, 222)
        self.night_c[frame] += 1.6
        for half in (0, 1):
            pane = self._slices(
                left + half * width / 2 + 0.03, bottom + 0.04, width / 2 - 0.06, height
            )
            self._glass(pane)
        # Lamps are on behind some of the windows; each room has its own light.
        if self._random.random() < 0.42:
            warmth = self._random.uniform(0.45, 0.95)
            box = self._slices(left + 0.03, bottom + 0.04, width - 0.06, height)
            self.glow[box] = LIT * warmth * self._random.uniform(0.85, 1.1, 3)
            self.glow[box] *= (
                0.72
                + 0.28 * smooth_noise(self._random, self.glow[box].shape[:2], (9, 9))[..., None]
            )
            self.glow[self._slices(left + width / 2 - 0.03, bottom, 0.06, height)] *= 0.2
            self.night_c[box] += 1.4

    def _glass(self, pane: tuple[slice, slice]) -> None:
        rows = self.albedo[pane].shape[0]
        mirror = np.linspace(1.0, 0.45, rows, dtype=np.float32)[:, None, None]
        self.albedo[pane] = np.array([104, 88, 74], np.float32) * mirror
        # Glass mirrors the cold sky by day and lets some warmth out by night.
        self.day_c[pane] = 4.5
        self.night_c[pane] = 6.6

    def _door(self, left: float) -> None:
        box = self._slices(left - 0.1, 0, 1.3, 2.35)
        self.albedo[box] = AWNINGS[self.house.style % len(AWNINGS)]
        self.albedo[box] *= 0.75
        self.night_c[box] += 1.0
        self._glass(self._slices(left + 0.1, 1.5, 0.9, 0.65))

    def _shop(self) -> None:
        house = self.house
        width = house.width_m - 1.2
        window = self._slices(0.6, 0.45, width, 2.0)
        self._glass(window)
        goods = smooth_noise(self._random, self.glow[window].shape[:2], (16, 11))
        self.albedo[window] *= (1 + 0.5 * goods)[..., None]
        self.glow[window] = np.array([150, 205, 245]) * (0.70 + 0.30 * goods)[..., None]
        self.night_c[window] = 9.0
        for part in np.arange(0.6, house.width_m - 0.5, 2.1):
            self._box(part - 0.05, 0.4, 0.1, 2.1, shade=0.5, warmer=0.0)
            self.glow[self._slices(part - 0.05, 0.4, 0.1, 2.1)] *= 0.15
        awning = self._slices(0.35, 2.45, width + 0.5, 0.75)
        self.albedo[awning] = AWNINGS[house.style // 7 % len(AWNINGS)]
        self.day_c[awning] += 2.0
        self._letters(SHOPS[house.style // 3 % len(SHOPS)], awning)

    def _letters(self, text: str, box: tuple[slice, slice]) -> None:
        """Write the shop's name, lit by night; only the visible camera can read it."""
        rows, columns = (part.stop - part.start for part in box)
        board = np.zeros((rows, columns), np.uint8)
        scale = rows / 30
        (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, 2)
        origin = ((columns - width) // 2, (rows + height) // 2)
        cv2.putText(board, text, origin, cv2.FONT_HERSHEY_DUPLEX, scale, 255, 2, cv2.LINE_AA)
        if self._mirrored:
            board = np.ascontiguousarray(board[:, ::-1])
        share = (board / 255.0)[..., None].astype(np.float32)
        self.albedo[box] = self.albedo[box] * (1 - share) + 236 * share
        self.glow[box] = 235 * share * np.array([0.75, 0.9, 1.0], np.float32)
