# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The house fronts beside the street, as both cameras see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.demo.scene.house_front import HouseFront
from fusion_ros.demo.scene.street import LENGTH_M, PERIOD_M, WALL_M, WALL_TOP_M, Side, StreetPlan

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXEL_M = (0.04, 0.04)
ROWS = round(WALL_TOP_M / TEXEL_M[0])
PERIOD_COLUMNS = round(PERIOD_M / TEXEL_M[1])
COLUMNS = round(LENGTH_M / TEXEL_M[1])


@dataclass(frozen=True, slots=True)
class WallTextures:
    """One side's fronts over a period and what follows it within view.

    Attributes:
        look: (rows, columns, 4) uint8: BGR albedo, and 255 where there is a wall.
        glow: (rows, columns, 4) uint8: BGR light from windows, and how much of the lamps' light
            gets there.
        warmth: (rows, columns, 3) float32: temperature by day and by night [°C], and 1 where
            there is a wall.
    """

    look: NDArray[np.uint8]
    glow: NDArray[np.uint8]
    warmth: NDArray[np.float32]


def wall_textures(plan: StreetPlan, side: Side) -> WallTextures:
    """Paint the fronts of one side."""
    look = np.zeros((ROWS, PERIOD_COLUMNS, 4), np.uint8)
    glow = np.zeros((ROWS, PERIOD_COLUMNS, 4), np.uint8)
    warmth = np.zeros((ROWS, PERIOD_COLUMNS, 3), np.float32)
    glow[..., 3] = _lamp_light(plan, side)
    for house in plan.buildings[side]:
        front = HouseFront.painted(house, TEXEL_M[0], mirrored=side > 0)
        height, width = front.albedo.shape[:2]
        first = round(house.start_m / TEXEL_M[1])
        width = min(width, PERIOD_COLUMNS - first)
        box = (slice(ROWS - height, ROWS), slice(first, first + width))
        look[box] = np.dstack([front.albedo[:, :width], np.full((height, width), 255, np.uint8)])
        glow[box][..., :3] = front.glow[:, :width]
        solid = np.ones((height, width), np.float32)
        warmth[box] = np.dstack([front.day_c[:, :width], front.night_c[:, :width], solid])
    return WallTextures(_extend(look), _extend(glow), _extend(warmth))


def _extend(period: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([period, period[:, : COLUMNS - PERIOD_COLUMNS]], axis=1)


def _lamp_light(plan: StreetPlan, side: Side) -> NDArray[np.uint8]:
    """Light of the lamps on the wall behind them and on the one across the street."""
    along = (np.arange(PERIOD_COLUMNS) + 0.5) * TEXEL_M[1]
    height = WALL_TOP_M - (np.arange(ROWS) + 0.5) * TEXEL_M[0]
    light = np.zeros((ROWS, PERIOD_COLUMNS), np.float32)
    for lamp_x, lamp_z in plan.lamps_m:
        distance = abs(side * WALL_M - lamp_x)
        gap = (along - lamp_z + PERIOD_M / 2) % PERIOD_M - PERIOD_M / 2
        spread = 2.2 + 0.32 * distance
        strength = min(1.0, 4.0 / distance)
        across = np.exp(-((gap / spread) ** 2))[None, :]
        light += strength * across * np.exp(-(((height - 3.2) / (spread * 0.8)) ** 2))[:, None]
    return (255 * np.minimum(light, 1)).astype(np.uint8)
