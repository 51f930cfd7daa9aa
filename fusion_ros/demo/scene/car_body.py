# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The body of a car: flat faces, warm where engine and tyres are."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.demo.scene.mesh import Face, Mesh, flat_face
from fusion_ros.demo.scene.surface import BLACK, Colour, Surface, rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

PAINTS: tuple[Colour, ...] = (
    rgb(176, 36, 34),
    rgb(206, 209, 212),
    rgb(38, 62, 120),
    rgb(62, 66, 70),
    rgb(228, 226, 218),
    rgb(40, 92, 78),
    rgb(196, 148, 52),
)
# Contour from the rear bumper over the roof to the front bumper: z, y, half width [m].
_CONTOUR = np.array(
    [
        (-2.12, 0.34, 0.78),
        (-2.18, 0.60, 0.85),
        (-2.10, 0.96, 0.82),
        (-1.72, 1.01, 0.80),
        (-1.10, 1.41, 0.60),
        (-0.55, 1.47, 0.58),
        (0.05, 1.46, 0.58),
        (0.45, 1.40, 0.60),
        (1.08, 1.00, 0.79),
        (1.55, 0.93, 0.81),
        (1.96, 0.82, 0.79),
        (2.14, 0.60, 0.80),
        (2.10, 0.34, 0.76),
    ]
)
_STRIPS = "bumper panel body glass roof roof roof glass hood hood front bumper".split()
_SIDE = (0, 1, 2, 3, 8, 9, 10, 11, 12)
_CABIN = (3, 4, 5, 6, 7, 8)
_WHEELS_M = (-1.34, 1.34)
_TYRE_M = 0.33
_INSIDE = np.array([0.0, 0.62, 0.0])


def _materials(paint: Colour, warm: bool, lit: bool) -> dict[str, Surface]:
    body = Surface(paint, 10.0, 3.6, gloss=0.16)
    day, night = (14.0, 15.0) if warm else (0.0, 0.0)
    head = (1.0, 1.0, 0.95) if lit else BLACK
    tail = (0.10, 0.10, 0.95) if lit else BLACK
    return {
        "body": body,
        "roof": Surface(paint, 11.0, 2.6, gloss=0.22),
        "hood": Surface(paint, 11 + day * 0.7, 3.4 + night * 0.8, gloss=0.24),
        "front": Surface(paint, 10 + day, 4.0 + night, gloss=0.1),
        "panel": replace(body, gloss=0.08),
        "bumper": Surface(rgb(52, 53, 55), 9.5 + day * 0.3, 4.0 + night * 0.35),
        "glass": Surface(rgb(34, 40, 46), 6.0, 3.2 + 0.15 * night, gloss=0.42),
        "tyre": Surface(rgb(24, 24, 25), 10 + day * 0.8, 4.5 + night * 1.1),
        "rim": Surface(rgb(150, 152, 155), 9.5 + day, 4.5 + night * 1.3, gloss=0.1),
        "under": Surface(rgb(14, 14, 15), 9.5 + day * 0.8, 5 + night * 0.8),
        "plate": Surface(rgb(225, 225, 215), 9.5, 4.0),
        "grille": Surface(rgb(22, 22, 24), 10 + day * 1.3, 4.5 + night * 1.35),
        "lamp": Surface(rgb(225, 228, 232), 10 + day * 0.6, 4.5 + night * 0.6, head),
        "tail": Surface(rgb(150, 14, 16), 10, 4.2, tail),
        "exhaust": Surface(rgb(60, 60, 62), 10 + 2.2 * day, 4.5 + 2.2 * night),
    }


@lru_cache(maxsize=64)
def car_mesh(colour: int, warm: bool, lit: bool, from_behind: bool) -> Mesh:
    """The faces of a car in its own coordinates, z forward.

    Args:
        colour: Index into `PAINTS`.
        warm: Whether engine and tyres are warm.
        lit: Whether its lights are on.
        from_behind: Whether the camera sees its rear; faces are ordered for that.
    """
    made_of = _materials(PAINTS[colour % len(PAINTS)], warm, lit)
    faces = _shell(made_of)
    for side in (-1, 1):
        faces += _wheels(made_of, side)
    faces += _details(made_of)
    sign = -1 if from_behind else 1
    # From far to near; what lies on a panel comes after it.
    faces.sort(key=lambda f: (f.layer > 0, sign * f.points_m[:, 2].mean(), f.layer))
    return Mesh.of(faces)


def _shell(made_of: dict[str, Surface]) -> list[Face]:
    faces = []
    for number, name in enumerate(_STRIPS):
        (z0, y0, w0), (z1, y1, w1) = _CONTOUR[number], _CONTOUR[number + 1]
        points = [(-w0, y0, z0), (w0, y0, z0), (w1, y1, z1), (-w1, y1, z1)]
        faces.append(_face(points, made_of[name]))
        if name == "glass":
            faces[-1] = _face(points, made_of["body"])
            faces.append(_face(_inset(points, 0.88), made_of["glass"], layer=1))
    for side in (-1, 1):
        lower = [(side * _CONTOUR[i][2], _CONTOUR[i][1], _CONTOUR[i][0]) for i in _SIDE]
        cabin = [(side * _CONTOUR[i][2], _CONTOUR[i][1], _CONTOUR[i][0]) for i in _CABIN]
        faces.append(_face(lower, made_of["body"]))
        faces.append(_face(cabin, made_of["body"]))
        faces += [_face(window, made_of["glass"], layer=1) for window in _side_windows(side)]
        sill = [
            (side * 0.83, y, z) for z, y in ((-2.0, 0.36), (-2.0, 0.24), (2.0, 0.24), (2.0, 0.36))
        ]
        faces.append(_face(sill, made_of["bumper"]))
    return faces


def _side_windows(side: int) -> list[list[tuple[float, float, float]]]:
    rear = ((-1.50, 1.06, 0.775), (-1.06, 1.34, 0.635), (-0.42, 1.39, 0.615), (-0.42, 1.06, 0.775))
    front = ((-0.34, 1.06, 0.775), (-0.34, 1.39, 0.615), (0.38, 1.34, 0.635), (0.86, 1.06, 0.775))
    return [[(side * x, y, z) for z, y, x in window] for window in (rear, front)]


def _wheels(made_of: dict[str, Surface], side: int) -> list[Face]:
    faces = []
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    for z in _WHEELS_M:
        for radius, name, out in ((_TYRE_M, "tyre", 0.845), (0.205, "rim", 0.85)):
            disc = [
                (side * out, _TYRE_M + radius * np.sin(a), z + radius * np.cos(a)) for a in turn
            ]
            faces.append(_face(disc, made_of[name], layer=2 if name == "tyre" else 3))
        for end in (-1, 1):
            inner, outer = sorted((side * 0.62, side * 0.84))
            rubber = [
                (inner, 0, z + end * 0.2),
                (outer, 0, z + end * 0.2),
                (outer, 0.4, z + end * _TYRE_M),
                (inner, 0.4, z + end * _TYRE_M),
            ]
            faces.append(_face(rubber, made_of["tyre"]))
    return faces


def _details(made_of: dict[str, Surface]) -> list[Face]:
    def panel(left: float, right: float, bottom: float, top: float, z: float, name: str) -> Face:
        points = [(left, bottom, z), (right, bottom, z), (right, top, z), (left, top, z)]
        return _face(points, made_of[name], layer=2)

    faces = [
        panel(-0.62, 0.62, 0.10, 0.40, -2.0, "under"),
        panel(-0.62, 0.62, 0.10, 0.40, 2.0, "under"),
        panel(-0.26, 0.26, 0.66, 0.78, -2.19, "plate"),
        panel(-0.24, 0.24, 0.42, 0.52, 2.15, "plate"),
        panel(-0.40, 0.40, 0.56, 0.72, 2.15, "grille"),
        panel(-0.66, -0.54, 0.28, 0.35, -2.2, "exhaust"),
    ]
    for side in (-1, 1):
        outer, inner = side * 0.80, side * 0.50
        faces.append(panel(min(inner, outer), max(inner, outer), 0.66, 0.86, -2.19, "tail"))
        outer, inner = side * 0.77, side * 0.46
        faces.append(panel(min(inner, outer), max(inner, outer), 0.60, 0.75, 2.13, "lamp"))
    return faces


def _inset(points: list[tuple[float, float, float]], share: float) -> list[tuple[float, ...]]:
    array = np.array(points)
    middle = array.mean(axis=0)
    return [tuple(row) for row in middle + (array - middle) * share]


def _face(points: Sequence[Sequence[float]], surface: Surface, layer: int = 0) -> Face:
    return flat_face(points, surface, _INSIDE, layer)
