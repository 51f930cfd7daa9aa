# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The topics of a two-camera recording, as the fusion node subscribes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.bags.image_messages import (
    THERMAL_FRAME_ID,
    VISIBLE_FRAME_ID,
    camera_info_message,
    image_message,
)
from fusion_ros.bags.message_types import CAMERA_INFO, IMAGE, header_message, serialize
from fusion_ros.bags.qos_profiles import DRIVER_QOS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.bags.bag_writer import BagWriter
    from fusion_ros.bags.image_messages import PinholeCamera

VISIBLE_TOPIC = "/visible/image_raw"
VISIBLE_INFO_TOPIC = "/visible/camera_info"
THERMAL_TOPIC = "/thermal/image_raw"


class CameraRecording:
    """Writes frames of a visible and a thermal camera; log times equal the stamps."""

    def __init__(self, writer: BagWriter, camera: PinholeCamera) -> None:
        """Announce the topics.

        Args:
            writer: An open bag.
            camera: Of the visible images.
        """
        self._writer = writer
        self._camera = camera
        self._visible = writer.add_topic(VISIBLE_TOPIC, IMAGE, DRIVER_QOS)
        self._info = writer.add_topic(VISIBLE_INFO_TOPIC, CAMERA_INFO, DRIVER_QOS)
        self._thermal = writer.add_topic(THERMAL_TOPIC, IMAGE, DRIVER_QOS)

    def write_visible(self, stamp_ns: int, image: NDArray[np.uint8]) -> None:
        """Write a visible image, (H, W, 3) uint8 BGR, and its camera info."""
        header = header_message(stamp_ns, VISIBLE_FRAME_ID)
        info = camera_info_message(self._camera, header)
        self._writer.write(self._info, stamp_ns, serialize(info))
        message = image_message(image, header)
        self._writer.write(self._visible, stamp_ns, serialize(message))

    def write_thermal(self, stamp_ns: int, image: NDArray[np.uint8 | np.uint16]) -> None:
        """Write a thermal image, (h, w) uint8 or uint16."""
        message = image_message(image, header_message(stamp_ns, THERMAL_FRAME_ID))
        self._writer.write(self._thermal, stamp_ns, serialize(message))
