# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Projects the long textures of the ground and of the walls into the image.

A texture is kept at several lengths of texel; the far parts of the street are taken from the
coarse ones, so that markings and bricks fade with distance instead of flickering.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera

# From which distance on [m] the texture is taken how many times coarser along, and across.
LEVELS = ((0.0, 1, 1), (9.0, 4, 1), (22.0, 16, 2), (55.0, 48, 4))


@dataclass(frozen=True, slots=True)
class PlaneTexture:
    """A texture at several resolutions.

    Attributes:
        texel_m: Size of a texel of the finest level across and along the street [m].
        levels: One array for each of `LEVELS`; the ground's rows and the walls' columns go
            along the street.
    """

    texel_m: tuple[float, float]
    levels: tuple[NDArray[Any], ...]


def plane_texture(
    texture: NDArray[Any], texel_m: tuple[float, float], along_axis: int
) -> PlaneTexture:
    """Build the coarse levels of a texture whose `along_axis` goes along the street."""
    height, width = texture.shape[:2]
    levels = []
    for _, along, across in LEVELS:
        rows, columns = (along, across) if along_axis == 0 else (across, along)
        size = (max(1, width // columns), max(1, height // rows))
        levels.append(np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_AREA)))
    return PlaneTexture(texel_m, tuple(levels))


def draw_ground(
    target: NDArray[Any],
    texture: PlaneTexture,
    camera: SceneCamera,
    camera_z_m: float,
    left_edge_m: float,
) -> None:
    """Fill the part of `target` below the horizon from a ground texture.

    Args:
        target: (H, W) or (H, W, C) of the texture's type; changed.
        texture: Of the ground; its rows go along the street from z = 0.
        camera: Of `target`.
        camera_z_m: How far the camera has come.
        left_edge_m: x of the texture's left edge.
    """
    distances = [start for start, _, _ in LEVELS[1:]]
    drop_px = camera.focal_y * camera.height_m
    edges = [round(camera.centre_y + drop_px / d) for d in distances]
    rows = [camera.height, *edges, int(np.ceil(camera.centre_y + 0.5))]
    one_over_z = np.array([0, 1 / drop_px, -camera.centre_y / drop_px])
    for level, (_, along, across) in enumerate(LEVELS):
        bottom, top = rows[level], rows[level + 1]
        if top >= bottom:
            continue
        texel_x, texel_z = texture.texel_m[0] * across, texture.texel_m[1] * along
        lateral = np.array([1 / camera.focal_x, 0, -camera.centre_x / camera.focal_x])
        lateral += (camera.offset_m - left_edge_m) * one_over_z
        ahead = np.array([0, 0, 1]) + camera_z_m * one_over_z
        matrix = np.stack([lateral / texel_x, ahead / texel_z, one_over_z])
        region = (slice(top, bottom), slice(0, camera.width))
        # Beside the texture, in lanes between the houses, the pavement goes on.
        _warp(target, texture.levels[level], matrix, region, cv2.BORDER_REPLICATE)


def draw_wall(
    target: NDArray[Any],
    texture: PlaneTexture,
    camera: SceneCamera,
    camera_z_m: float,
    wall_x_m: float,
    top_m: float,
) -> tuple[slice, slice]:
    """Fill one side of `target` from a wall texture; outside of the texture zeros.

    Args:
        target: (H, W) or (H, W, C) of the texture's type; changed.
        texture: Of the wall; its columns go along the street from z = 0, its first row is top.
        camera: Of `target`.
        camera_z_m: How far the camera has come.
        wall_x_m: x of the wall.
        top_m: y of the texture's upper edge.

    Returns:
        Rows and columns of `target` that were filled.
    """
    lateral = wall_x_m - camera.offset_m
    side = 1 if lateral > 0 else -1
    reach_px = camera.focal_x * lateral
    border = camera.width if side > 0 else 0
    nearest_m = abs(reach_px / max(abs(border - camera.centre_x), 1))
    rows = slice(0, int(camera.centre_y + camera.focal_y * camera.height_m / nearest_m) + 2)
    columns = [border, *(round(camera.centre_x + reach_px / d) for d, _, _ in LEVELS[1:])]
    columns.append(int(camera.centre_x) + side)
    one_over_z = np.array([1 / reach_px, 0, -camera.centre_x / reach_px])
    for level, (_, along, across) in enumerate(LEVELS):
        first, last = sorted((columns[level], columns[level + 1]))
        first, last = max(first, 0), min(last, camera.width)
        if last <= first or (columns[level] - columns[level + 1]) * side <= 0:
            continue
        texel_y, texel_z = texture.texel_m[0] * across, texture.texel_m[1] * along
        down = np.array([0, 1 / camera.focal_y, -camera.centre_y / camera.focal_y])
        down += (top_m - camera.height_m) * one_over_z
        ahead = np.array([0, 0, 1]) + camera_z_m * one_over_z
        matrix = np.stack([ahead / texel_z, down / texel_y, one_over_z])
        region = (rows, slice(first, last))
        _warp(target, texture.levels[level], matrix, region, cv2.BORDER_CONSTANT)
    return rows, slice(*sorted((columns[-1], border)))


def _warp(
    target: NDArray[Any],
    texture: NDArray[Any],
    matrix: NDArray[np.float64],
    region: tuple[slice, slice],
    border: int,
) -> None:
    rows, columns = region
    # Pixel centres lie half a pixel in, texel centres half a texel.
    shift = np.array([[1, 0, columns.start + 0.5], [0, 1, rows.start + 0.5], [0, 0, 1]])
    back = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    size = (columns.stop - columns.start, rows.stop - rows.start)
    target[rows, columns] = cv2.warpPerspective(
        texture,
        back @ matrix @ shift,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=border,
    )
