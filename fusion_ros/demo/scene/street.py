# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The street's plan: what stands where. It repeats itself every `PERIOD_M`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Side = Literal[-1, 1]
SIDES: tuple[Side, Side] = (-1, 1)

PERIOD_M = 160.0
VIEW_M = 130.0
LENGTH_M = PERIOD_M + VIEW_M
LANE_EDGE_M = 3.3
KERB_M = 5.4
WALL_M = 9.0
WALL_TOP_M = 16.0
LAMP_STEP_M = 26.0
LAMP_HEIGHT_M = 5.6
FLOOR_M = 3.1


@dataclass(frozen=True, slots=True)
class Building:
    """A house front.

    Attributes:
        start_m: Where along the street it begins [m].
        width_m: How far it goes [m].
        floors: Number of storeys.
        style: Index of its colours.
        shop: Whether the ground floor is a shop.
    """

    start_m: float
    width_m: float
    floors: int
    style: int
    shop: bool

    @property
    def height_m(self) -> float:
        """Height of its roof [m]."""
        return self.floors * FLOOR_M + 0.9


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """Everything that stands along one period of the street.

    Attributes:
        buildings: For each side, those of one period.
        lamps_m: (x, z) of each lamp post [m].
        trees_m: (x, z) of each tree [m].
    """

    buildings: dict[Side, tuple[Building, ...]]
    lamps_m: tuple[tuple[float, float], ...]
    trees_m: tuple[tuple[float, float], ...]


def plan_street(seed: int = 3) -> StreetPlan:
    """Lay out the street."""
    random = np.random.default_rng(seed)
    buildings = {side: tuple(_row_of_houses(random)) for side in SIDES}
    lamps: list[tuple[float, float]] = []
    trees: list[tuple[float, float]] = []
    for number in range(int(PERIOD_M // LAMP_STEP_M)):
        along = 8.0 + number * PERIOD_M / int(PERIOD_M // LAMP_STEP_M)
        lamps.append((SIDES[number % 2] * (KERB_M + 0.5), along))
        for side, shift in ((1, 9.0), (-1, 17.0)):
            trees.append((side * (KERB_M + 0.9), along + shift + random.uniform(-2, 2)))
    return StreetPlan(buildings, tuple(lamps), tuple(trees))


def _row_of_houses(random: np.random.Generator) -> list[Building]:
    houses: list[Building] = []
    along = random.uniform(0, 3)
    while along < PERIOD_M - 7:
        width = min(random.uniform(8, 15), PERIOD_M - along)
        floors = int(random.integers(2, 5))
        style = int(random.integers(0, 1000))
        houses.append(Building(along, width, floors, style, random.random() < 0.55))
        # Now and then a lane between the houses lets the sky in.
        along += width + (random.uniform(2.5, 6) if random.random() < 0.3 else 0.0)
    return houses


def repeats_m(along_m: float, camera_z_m: float) -> list[float]:
    """Distances ahead at which something planned at `along_m` is within view [m]."""
    first = (along_m - camera_z_m) % PERIOD_M
    return [first] if first + PERIOD_M > VIEW_M + 20 else [first, first + PERIOD_M]
