# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Arrays to the image and camera messages of a bag."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.bags.message_types import CAMERA_INFO, IMAGE, make_message

if TYPE_CHECKING:
    from numpy.typing import NDArray

VISIBLE_FRAME_ID = "visible_optical"
THERMAL_FRAME_ID = "thermal_optical"


@dataclass(frozen=True, slots=True)
class PinholeCamera:
    """An undistorted camera.

    Attributes:
        width_px: Image width.
        height_px: Image height.
        focal_px: Focal lengths in x and y; (0, 0) says that the camera is not calibrated.
        centre_px: Principal point in x and y.
    """

    width_px: int
    height_px: int
    focal_px: tuple[float, float] = (0.0, 0.0)
    centre_px: tuple[float, float] = (0.0, 0.0)


def encoding_of(image: NDArray[np.uint8 | np.uint16]) -> str:
    """ROS encoding of an array: ``bgr8`` with three channels, else ``mono8`` or ``mono16``."""
    if image.ndim == 3:
        return "bgr8"
    return "mono16" if image.dtype == np.uint16 else "mono8"


def image_message(
    image: NDArray[np.uint8 | np.uint16], header: Any, encoding: str | None = None
) -> Any:
    """Build a `sensor_msgs/Image`.

    Args:
        image: (H, W, 3) uint8 BGR, or (H, W) uint8 or uint16.
        header: `std_msgs/Header`.
        encoding: What `image` is; None for `encoding_of` it.
    """
    data = np.ascontiguousarray(image).view(np.uint8).reshape(-1)
    return make_message(
        IMAGE,
        header=header,
        height=image.shape[0],
        width=image.shape[1],
        encoding=encoding or encoding_of(image),
        is_bigendian=int(sys.byteorder == "big"),
        step=data.size // image.shape[0],
        data=data,
    )


def camera_info_message(camera: PinholeCamera, header: Any) -> Any:
    """Build a `sensor_msgs/CameraInfo`; zeros in `k` where the camera is not calibrated."""
    (fx, fy), (cx, cy) = camera.focal_px, camera.centre_px
    calibrated = fx > 0
    k = np.array([fx, 0, cx, 0, fy, cy, 0, 0, float(calibrated)], dtype=np.float64)
    projection = np.zeros((3, 4), dtype=np.float64)
    projection[:, :3] = k.reshape(3, 3)
    roi = make_message(
        "sensor_msgs/msg/RegionOfInterest",
        x_offset=0,
        y_offset=0,
        height=0,
        width=0,
        do_rectify=False,
    )
    return make_message(
        CAMERA_INFO,
        header=header,
        height=camera.height_px,
        width=camera.width_px,
        distortion_model="plumb_bob",
        d=np.zeros(5 if calibrated else 0, dtype=np.float64),
        k=k,
        r=np.eye(3, dtype=np.float64).reshape(-1) * float(calibrated),
        p=projection.reshape(-1),
        binning_x=0,
        binning_y=0,
        roi=roi,
    )
