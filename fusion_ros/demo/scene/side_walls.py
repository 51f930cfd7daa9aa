# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The sides of houses that show where a lane leads off the street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.house_front import WALLS
from fusion_ros.demo.scene.mesh import Face, Mesh
from fusion_ros.demo.scene.street import SIDES, WALL_M, StreetPlan, repeats_m
from fusion_ros.demo.scene.surface import Surface

if TYPE_CHECKING:
    from fusion_ros.demo.scene.painter import ScenePainter

TOWARDS_CAMERA = np.array([0.0, 0.0, -1.0])
DEEP_M = 14.0


def paint_side_walls(painter: ScenePainter, plan: StreetPlan, camera_z_m: float) -> None:
    """Draw the walls that face the camera, far ones first; the fronts hide most of them."""
    found = []
    for side in SIDES:
        for house in plan.buildings[side]:
            for distance in repeats_m(house.start_m, camera_z_m):
                found.append((distance, side, house))
    faces = []
    for distance, side, house in sorted(found, key=lambda entry: -entry[0]):
        blue, green, red = (0.8 / 255 * level for level in WALLS[house.style % len(WALLS)][0])
        surface = Surface((blue, green, red), 7.5, 4.4)
        near, far = side * WALL_M, side * (WALL_M + DEEP_M)
        corners = [(near, 0), (far, 0), (far, house.height_m), (near, house.height_m)]
        points = np.array([(x, y, distance) for x, y in corners])
        faces.append(Face(points, TOWARDS_CAMERA, surface))
    painter.mesh(Mesh.of(faces))
