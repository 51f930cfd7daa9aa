# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Things made of flat faces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.surface import Surface, SurfaceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Face:
    """A flat piece of something.

    Attributes:
        points_m: (N, 3) corners.
        normal: Unit vector outwards.
        surface: What it is made of.
        layer: Pieces of a higher layer lie on top of the piece beneath.
    """

    points_m: NDArray[np.float64]
    normal: NDArray[np.float64]
    surface: Surface
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Mesh:
    """Faces in the order in which they are drawn.

    Attributes:
        points_m: (P, 3) corners of all faces.
        starts: (F + 1,) where each face's corners begin, and the end.
        normals: (F, 3) unit vectors outwards.
        centres_m: (F, 3) middles.
        surfaces: What each face is made of.
    """

    points_m: NDArray[np.float64]
    starts: NDArray[np.intp]
    normals: NDArray[np.float64]
    centres_m: NDArray[np.float64]
    surfaces: SurfaceTable

    @classmethod
    def of(cls, faces: Sequence[Face]) -> Mesh:
        """Put faces together."""
        sizes = [len(face.points_m) for face in faces]
        return cls(
            np.concatenate([face.points_m for face in faces]),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp),
            np.array([face.normal for face in faces]),
            np.array([face.points_m.mean(axis=0) for face in faces]),
            SurfaceTable.of([face.surface for face in faces]),
        )

    def placed(self, turn: NDArray[np.float64], at_m: NDArray[np.float64]) -> Mesh:
        """The mesh with every axis multiplied by `turn` (1 or -1), then moved by `at_m`."""
        return Mesh(
            self.points_m * turn + at_m,
            self.starts,
            self.normals * turn,
            self.centres_m * turn + at_m,
            self.surfaces,
        )

    def nearest_m(self) -> NDArray[np.float64]:
        """(F,) distance of each face's nearest corner."""
        return np.asarray(np.minimum.reduceat(self.points_m[:, 2], self.starts[:-1]))

    def farthest_m(self) -> NDArray[np.float64]:
        """(F,) distance of each face's farthest corner."""
        return np.asarray(np.maximum.reduceat(self.points_m[:, 2], self.starts[:-1]))


def clipped(points_m: NDArray[np.float64], near_m: float) -> NDArray[np.float64]:
    """The part of an outline that lies at z = `near_m` or beyond; fewer than 3 points if none."""
    kept = []
    for start, end in zip(points_m, np.roll(points_m, -1, axis=0), strict=True):
        if start[2] >= near_m:
            kept.append(start)
        if (start[2] >= near_m) != (end[2] >= near_m):
            kept.append(start + (end - start) * (near_m - start[2]) / (end[2] - start[2]))
    return np.array(kept).reshape(-1, 3)


def flat_face(
    points_m: Sequence[Sequence[float]],
    surface: Surface,
    inside_m: NDArray[np.float64],
    layer: int = 0,
) -> Face:
    """A face whose normal points away from a point inside the body."""
    corners = np.array(points_m, dtype=np.float64)
    # Newell's sum is right for every planar outline, whatever its corners.
    normal = np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    normal /= np.linalg.norm(normal)
    outwards = np.dot(normal, corners.mean(axis=0) - inside_m) > 0
    return Face(corners, normal if outwards else -normal, surface, layer)
