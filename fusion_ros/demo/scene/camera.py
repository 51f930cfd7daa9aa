# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The pinhole camera that looks along the street.

Convention:
    Street coordinates in metres: x to the right of the road's middle, y up from the ground, z
    along the street. The camera looks along z and never turns, so what it sees of the ground
    and of the walls beside the street depends on its z alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Nearer than this nothing is drawn [m]; the camera's own car would be there.
NEAR_M = 0.8


@dataclass(frozen=True, slots=True)
class SceneCamera:
    """A camera in the right lane.

    Attributes:
        width: Image width [px].
        height: Image height [px].
        focal_x: Focal length [px].
        focal_y: Focal length [px].
        centre_x: Principal point [px].
        centre_y: Principal point and horizon [px].
        offset_m: x of the camera [m].
        height_m: y of the camera [m].
    """

    width: int
    height: int
    focal_x: float
    focal_y: float
    centre_x: float
    centre_y: float
    offset_m: float = 1.7
    height_m: float = 1.45

    def resized(self, width: int, height: int) -> SceneCamera:
        """The same field of view with another number of pixels."""
        across, down = width / self.width, height / self.height
        return SceneCamera(
            width,
            height,
            self.focal_x * across,
            self.focal_y * down,
            self.centre_x * across,
            self.centre_y * down,
            self.offset_m,
            self.height_m,
        )

    def project(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel positions, (N, 2), of points relative to the camera's z, (N, 3)."""
        depth = np.maximum(points_m[:, 2], NEAR_M)
        across = (points_m[:, 0] - self.offset_m) * self.focal_x / depth + self.centre_x
        down = (self.height_m - points_m[:, 1]) * self.focal_y / depth + self.centre_y
        return np.stack([across, down], axis=1)

    def ground_depth_m(self) -> NDArray[np.float32]:
        """Distance of the ground in each row, (H,), infinite from the horizon up."""
        below = np.arange(self.height) + 0.5 - self.centre_y
        with np.errstate(divide="ignore"):
            depth = self.focal_y * self.height_m / np.maximum(below, 0)
        return depth.astype(np.float32)

    def wall_depth_m(self, wall_x_m: float) -> NDArray[np.float32]:
        """Distance of the wall at x in each column, (W,), infinite where it is not seen."""
        lateral = wall_x_m - self.offset_m
        towards = (np.arange(self.width) + 0.5 - self.centre_x) * np.sign(lateral)
        with np.errstate(divide="ignore"):
            depth = self.focal_x * abs(lateral) / np.maximum(towards, 0)
        return depth.astype(np.float32)


VISIBLE_CAMERA = SceneCamera(640, 480, 520.0, 520.0, 320.0, 222.0)
# Another number of pixels and another shape of pixel, the same field of view.
THERMAL_CAMERA = VISIBLE_CAMERA.resized(320, 256)
