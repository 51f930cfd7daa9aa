# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The ground: asphalt, markings, kerbs and pavement, as both cameras see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fusion_ros.demo.scene.noise import layered_noise, smooth_noise
from fusion_ros.demo.scene.street import (
    KERB_M,
    LANE_EDGE_M,
    LENGTH_M,
    PERIOD_M,
    SIDES,
    WALL_M,
    StreetPlan,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXEL_M = (0.025, 0.05)
SHAPE = (round(LENGTH_M / TEXEL_M[1]), round(2 * WALL_M / TEXEL_M[0]))
PERIOD_ROWS = round(PERIOD_M / TEXEL_M[1])
CROSSINGS_M = (33.0, 121.0)
MARKING = np.array([206, 210, 212], np.float32)


@dataclass(frozen=True, slots=True)
class GroundTextures:
    """One period of the ground and what follows it within view.

    Attributes:
        look: (rows, columns, 4) uint8: BGR albedo, and how much of the sun gets there.
        lamps: (rows, columns) uint8: how much of the street lamps' light gets there.
        warmth: (rows, columns, 2) float32: temperature by day and by night [°C].
    """

    look: NDArray[np.uint8]
    lamps: NDArray[np.uint8]
    warmth: NDArray[np.float32]


def ground_textures(plan: StreetPlan, seed: int = 5) -> GroundTextures:
    """Paint the ground."""
    random = np.random.default_rng(seed)
    shape = (PERIOD_ROWS, SHAPE[1])
    x_m = (np.arange(shape[1]) + 0.5) * TEXEL_M[0] - WALL_M
    pavement = np.broadcast_to(np.abs(x_m) > KERB_M, shape)
    grain = random.normal(0, 1, shape).astype(np.float32)
    stains = layered_noise(random, shape, (80, 60))
    grey = np.where(pavement, 142 + 7 * stains + 5 * grain, 82 + 9 * stains + 7 * grain)
    albedo = grey[..., None] * np.array([1.0, 0.985, 0.97], np.float32)
    wear = _wheel_tracks(x_m)
    albedo *= (1 - 0.10 * wear)[None, :, None]
    _paint_slabs(albedo, x_m)
    _paint_cracks(albedo, random)
    marks = _markings(shape, x_m) * (0.78 + 0.22 * smooth_noise(random, shape, (6, 8)))[..., None]
    albedo = albedo * (1 - marks) + MARKING * marks
    sunlit = _sunlit(plan, shape, x_m, random)
    warmth = _warmth(pavement, wear, stains, sunlit, marks[..., 0])
    look = np.dstack([np.clip(albedo, 0, 255), 255 * sunlit]).astype(np.uint8)
    return GroundTextures(_extend(look), _extend(_lamp_pools(plan, shape)), _extend(warmth))


def _extend(period: NDArray[Any]) -> NDArray[Any]:
    """Append what is seen beyond one period: its beginning again."""
    return np.concatenate([period, period[: SHAPE[0] - PERIOD_ROWS]])


def _row(along_m: float) -> int:
    return round(along_m / TEXEL_M[1])


def _column(x_m: float) -> int:
    return round((x_m + WALL_M) / TEXEL_M[0])


def _wheel_tracks(x_m: NDArray[np.floating]) -> NDArray[np.float32]:
    tracks = [lane + wheel for lane in (-1.7, 1.7) for wheel in (-0.75, 0.75)]
    return np.sum([np.exp(-(((x_m - x) / 0.28) ** 2)) for x in tracks], axis=0).astype(np.float32)


def _paint_slabs(albedo: NDArray[np.float32], x_m: NDArray[np.floating]) -> None:
    """Joints between the pavement's slabs, kerb stones, and the gutter's shade."""
    pavement = np.abs(x_m) > KERB_M + 0.25
    rows = (np.arange(albedo.shape[0]) % _row(0.6)) == 0
    albedo[np.ix_(rows, pavement)] *= 0.80
    joints = pavement & ((np.arange(len(x_m)) % round(0.6 / TEXEL_M[0])) == 0)
    albedo[:, joints] *= 0.82
    kerb = (np.abs(x_m) > KERB_M) & (np.abs(x_m) < KERB_M + 0.25)
    albedo[:, kerb] = albedo[:, kerb] * 0.5 + 88
    gutter = (np.abs(x_m) > KERB_M - 0.22) & (np.abs(x_m) <= KERB_M)
    albedo[:, gutter] *= 0.72


def _paint_cracks(albedo: NDArray[np.float32], random: np.random.Generator) -> None:
    """Cracks, mended patches and manhole covers."""
    for _ in range(46):
        row = int(random.integers(0, albedo.shape[0] - 160))
        column = int(random.integers(_column(-LANE_EDGE_M), _column(LANE_EDGE_M)))
        steps = np.cumsum(random.normal(0, 1, (14, 2)) * (7, 5) + (5, random.normal(0, 2)), axis=0)
        path = (np.array([column, row]) + steps[:, ::-1]).astype(np.int32)
        cv2.polylines(albedo, [path], False, (44, 44, 44), 1, cv2.LINE_AA)
    for _ in range(9):
        row = int(random.integers(0, albedo.shape[0] - 120))
        column = int(random.integers(_column(-3), _column(2)))
        height, width = int(random.integers(30, 100)), int(random.integers(30, 90))
        albedo[row : row + height, column : column + width] *= random.uniform(0.72, 0.86)
    for along in np.arange(9.0, PERIOD_M - 2, 23.0):
        centre = (_column(random.uniform(-2.4, 2.4)), _row(along))
        cv2.ellipse(albedo, centre, (13, 7), 0, 0, 360, (52, 52, 54), -1, cv2.LINE_AA)
        cv2.ellipse(albedo, centre, (13, 7), 0, 0, 360, (98, 98, 98), 1, cv2.LINE_AA)


def _markings(shape: tuple[int, int], x_m: NDArray[np.floating]) -> NDArray[np.float32]:
    """Where paint is, (rows, columns, 1) in 0..1."""
    paint = np.zeros(shape, np.float32)
    along = np.arange(shape[0]) * TEXEL_M[1]
    dashes = (along % 8.0) < 3.4
    paint[np.ix_(dashes, np.abs(x_m) < 0.075)] = 1
    for side in SIDES:
        paint[:, np.abs(x_m - side * LANE_EDGE_M) < 0.06] = 1
    bays = (along % 6.2) < 0.12
    paint[np.ix_(bays, (np.abs(x_m) > LANE_EDGE_M) & (np.abs(x_m) < KERB_M - 0.3))] = 0.9
    bars = (np.abs(x_m) < LANE_EDGE_M + 1.4) & (((x_m + 0.25) % 1.0) < 0.5)
    for start in CROSSINGS_M:
        paint[_row(start - 1.5) : _row(start + 4.5)] = 0
        paint[_row(start) : _row(start + 3)] = bars
        paint[_row(start - 1.5) : _row(start - 1.1), (x_m > 0.2) & (x_m < LANE_EDGE_M)] = 1
    return np.asarray(cv2.GaussianBlur(paint, (3, 3), 0.6), np.float32)[..., None]


def _sunlit(
    plan: StreetPlan,
    shape: tuple[int, int],
    x_m: NDArray[np.floating],
    random: np.random.Generator,
) -> NDArray[np.float32]:
    """Share of the sun that reaches the ground: the left row of houses and the trees shade it."""
    reach = np.full(shape[0], -WALL_M - 1, np.float32)
    for house in plan.buildings[-1]:
        rows = slice(_row(house.start_m), _row(house.start_m + house.width_m))
        reach[rows] = -WALL_M + 0.86 * house.height_m
    # The sun stands a little ahead, so shadows fall back along the street.
    reach = np.roll(reach, -_row(2.5))
    sunlit = (x_m[None, :] > reach[:, None]).astype(np.float32)
    for x, along in plan.trees_m:
        crown = np.zeros(shape, np.float32)
        centre = (_column(x + 3.4), _row((along - 1.8) % PERIOD_M))
        cv2.ellipse(crown, centre, (84, 40), 0, 0, 360, 1.0, -1)
        box = (
            slice(max(centre[1] - 60, 0), centre[1] + 60),
            slice(max(centre[0] - 110, 0), centre[0] + 110),
        )
        gaps = smooth_noise(random, crown[box].shape, (7, 12)) > 0.25
        sunlit[box] *= 1 - 0.85 * crown[box] * ~gaps
    return np.asarray(cv2.GaussianBlur(sunlit, (0, 0), sigmaX=6, sigmaY=4))


def _lamp_pools(plan: StreetPlan, shape: tuple[int, int]) -> NDArray[np.uint8]:
    light = np.zeros(shape, np.float32)
    x_m = (np.arange(shape[1]) + 0.5) * TEXEL_M[0] - WALL_M
    along = (np.arange(shape[0]) + 0.5) * TEXEL_M[1]
    for lamp_x, lamp_z in plan.lamps_m:
        gap = (along - lamp_z + PERIOD_M / 2) % PERIOD_M - PERIOD_M / 2
        near = np.exp(-((gap / 4.6) ** 2))[:, None]
        light += near * np.exp(-(((x_m - lamp_x * 0.72) / 3.6) ** 2))[None, :]
    return (255 * np.minimum(light, 1)).astype(np.uint8)


def _warmth(
    pavement: NDArray[np.bool_],
    wear: NDArray[np.float32],
    stains: NDArray[np.float32],
    sunlit: NDArray[np.float32],
    paint: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Asphalt stores the sun; tyres warm their tracks; white paint stays a little cooler."""
    day = np.where(pavement, 6.0, 6.4) + 2.2 * sunlit + 0.4 * stains - 0.4 * paint
    night = np.where(pavement, 4.0, 5.0) + 0.4 * stains + 0.6 * sunlit - 0.1 * paint
    tracks = 0.8 * wear[None, :]
    return np.dstack([day + tracks, night + tracks]).astype(np.float32)
