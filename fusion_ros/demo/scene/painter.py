# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How things in the street are drawn, whichever camera looks at them.

Things describe themselves once, as flat faces, rounded limbs and pictures; a painter knows
what their surfaces look like to its camera.

Convention:
    Positions are in street coordinates, with z counted from the camera.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from fusion_ros.demo.scene.camera import NEAR_M, SceneCamera
from fusion_ros.demo.scene.mesh import Mesh, clipped
from fusion_ros.demo.scene.surface import Surface, SurfaceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.demo.scene.picture import Picture
    from fusion_ros.demo.scene.surface import Colour

_CIRCLE = np.stack([np.cos(a := np.linspace(0, 2 * np.pi, 12, endpoint=False)), np.sin(a)], axis=1)
# Limbs face the camera, and the sky a little.
TOWARDS_CAMERA = np.array([0.0, 0.25, -0.97])
# Layers of a limb: how thick, how far towards the light, and how much in the middle (0..1);
# the finer ones only where the limb is at least so many pixels thick.
_LIMB_LAYERS = ((1.0, 0.0, 0.0, 0.0), (0.62, 0.22, 0.6, 1.6), (0.32, 0.30, 1.0, 5.0))


@dataclass(frozen=True, slots=True)
class LightSource:
    """A lamp that dazzles the visible camera.

    Attributes:
        position_m: Where it is, (3,).
        colour: BGR.
        radius_m: Size of its glow at the brightness of 1.
    """

    position_m: NDArray[np.float64]
    colour: Colour
    radius_m: float


@dataclass(frozen=True, slots=True)
class Limb:
    """Something long and round, like an arm or a post.

    Attributes:
        start_m: One end, (3,).
        end_m: The other end, (3,).
        radii_m: Half the thickness at either end.
        surface: What it is made of.
    """

    start_m: tuple[float, float, float]
    end_m: tuple[float, float, float]
    radii_m: tuple[float, float]
    surface: Surface


class SceneObject(Protocol):
    """A thing in the street."""

    @property
    def depth_m(self) -> float:
        """Distance by which things are ordered, far ones first."""

    def paint(self, painter: ScenePainter) -> None:
        """Draw it."""

    def footprint(self) -> NDArray[np.float64] | None:
        """Outline on the ground, (N, 2) x and z; None where it throws no shadow."""

    @property
    def height_m(self) -> float:
        """Height, for the length of its shadow."""

    def lights(self) -> list[LightSource]:
        """Its lamps."""


class ScenePainter(ABC):
    """Draws things for one camera."""

    def __init__(self, camera: SceneCamera) -> None:
        """Remember the camera."""
        self.camera = camera

    @abstractmethod
    def fill(
        self,
        outlines_px: Sequence[NDArray[np.float64]],
        surfaces: SurfaceTable,
        normals: NDArray[np.float64],
        centres_m: NDArray[np.float64],
        cores: NDArray[np.float64],
    ) -> None:
        """Fill outlines one after the other.

        Args:
            outlines_px: (N, 2) pixel positions of each.
            surfaces: What each is made of.
            normals: (F, 3) unit vectors out of the surfaces.
            centres_m: (F, 3) where each is, for the light there.
            cores: (F,) 0 at the rim of something round, 1 in its middle.
        """

    @abstractmethod
    def picture(self, picture: Picture, foot_m: NDArray[np.float64]) -> None:
        """Draw a picture that stands upright, facing the camera, above its foot."""

    def mesh(self, mesh: Mesh) -> None:
        """Draw the faces of a mesh in their order, except those turned away or behind."""
        eye = np.array([self.camera.offset_m, self.camera.height_m, 0.0])
        facing = np.einsum("ij,ij->i", mesh.normals, mesh.centres_m - eye) < 0
        chosen = np.flatnonzero(facing & (mesh.farthest_m() > NEAR_M))
        if not len(chosen):
            return
        pixels = self.camera.project(mesh.points_m)
        cut = mesh.nearest_m() < NEAR_M
        outlines = []
        for i in chosen:
            part = slice(mesh.starts[i], mesh.starts[i + 1])
            if cut[i]:
                outlines.append(self.camera.project(clipped(mesh.points_m[part], NEAR_M)))
            else:
                outlines.append(pixels[part])
        surfaces = mesh.surfaces.rows(chosen)
        centres = mesh.centres_m[chosen]
        self.fill(outlines, surfaces, mesh.normals[chosen], centres, np.full(len(chosen), 0.5))

    def limbs(self, limbs: Sequence[Limb]) -> None:
        """Draw rounded limbs in their order, with lit middles."""
        ends = np.array([(limb.start_m, limb.end_m) for limb in limbs])
        if ends[..., 2].min() < NEAR_M:
            return
        pixels = self.camera.project(ends.reshape(-1, 3)).reshape(-1, 2, 2)
        scale = np.array([self.camera.focal_x, self.camera.focal_y])
        sizes = np.array([limb.radii_m for limb in limbs])[..., None] * scale / ends[..., 2:]
        outlines, owners, cores = [], [], []
        for number in range(len(limbs)):
            thickness = sizes[number, :, 0].max()
            for share, lift, core, least_px in _LIMB_LAYERS:
                if thickness >= least_px:
                    lit = pixels[number] - np.array([1.0, 0.85]) * lift * thickness
                    outlines.append(_hull(lit, sizes[number] * share))
                    owners.append(number)
                    cores.append(core)
        chosen = np.array(owners)
        surfaces = SurfaceTable.of([limb.surface for limb in limbs]).rows(chosen)
        normals = np.broadcast_to(TOWARDS_CAMERA, (len(chosen), 3))
        self.fill(outlines, surfaces, normals, ends.mean(axis=1)[chosen], np.array(cores))


def _hull(ends_px: NDArray[np.float64], sizes_px: NDArray[np.float64]) -> NDArray[np.float64]:
    rims = (ends_px[:, None] + _CIRCLE * sizes_px[:, None]).reshape(-1, 2)
    return np.asarray(cv2.convexHull(rims.astype(np.float32))[:, 0], np.float64)
