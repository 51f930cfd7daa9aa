# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes what a replay makes into a bag: inputs as they came, outputs beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.bags.image_messages import (
    PinholeCamera,
    camera_info_message,
    image_message,
)
from fusion_ros.bags.message_types import CAMERA_INFO, FUSION_TIMING, IMAGE, serialize
from fusion_ros.bags.qos_profiles import DRIVER_QOS
from fusion_ros.errors import BagError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rosbags.interfaces import Connection

    from fusion_ros.bags.bag_reader import BagMessage, BagTopic
    from fusion_ros.bags.bag_writer import BagWriter
    from fusion_ros.core.frames import FusedFrame

FUSED_TOPIC = "/fused/image"
FUSED_INFO_TOPIC = "/fused/camera_info"
GUIDANCE_TOPIC = "/guidance/image"
TIMING_TOPIC = "/timing"


class ReplayOutputs:
    """The topics of a fused bag."""

    def __init__(self, writer: BagWriter, inputs: list[BagTopic], encoding: str) -> None:
        """Announce all topics.

        Args:
            writer: An open bag.
            inputs: Topics that are taken over.
            encoding: Of the fused images, ``bgr8`` or ``rgb8``.

        Raises:
            BagError: An input has the name of an output.
        """
        self._writer = writer
        self._encoding = encoding
        taken = {FUSED_TOPIC, FUSED_INFO_TOPIC, GUIDANCE_TOPIC, TIMING_TOPIC}
        for topic in inputs:
            if topic.name in taken:
                raise BagError(f"topic '{topic.name}' is written by the replay; it cannot be fused")
        self._inputs = {
            topic.name: writer.add_topic(topic.name, topic.msgtype, topic.qos or DRIVER_QOS)
            for topic in inputs
        }
        self._fused = writer.add_topic(FUSED_TOPIC, IMAGE)
        self._info = writer.add_topic(FUSED_INFO_TOPIC, CAMERA_INFO)
        self._guidance = writer.add_topic(GUIDANCE_TOPIC, IMAGE)
        self._timing = writer.add_topic(TIMING_TOPIC, FUSION_TIMING)

    def copy_input(self, message: BagMessage) -> None:
        """Take an input message over, byte for byte."""
        self._writer.write(self._inputs[message.topic], message.log_time_ns, message.data)

    def write_fused(
        self, log_time_ns: int, fused: FusedFrame, header: Any, camera_info: Any | None
    ) -> None:
        """Write the images of a fused frame, under the visible frame's header."""
        image = fused.image if self._encoding == "bgr8" else fused.image[..., ::-1]
        self._write(self._fused, log_time_ns, image_message(image, header, self._encoding))
        if fused.guidance is not None:
            self._write(self._guidance, log_time_ns, image_message(guidance_levels(fused), header))
        self._write(self._info, log_time_ns, _info_for(fused, header, camera_info))

    def write_timing(self, log_time_ns: int, timing: Any) -> None:
        """Write a `FusionTiming`."""
        self._write(self._timing, log_time_ns, timing)

    def _write(self, connection: Connection, log_time_ns: int, message: Any) -> None:
        self._writer.write(connection, log_time_ns, serialize(message))


def guidance_levels(fused: FusedFrame) -> NDArray[np.uint8]:
    """Guidance as an image, (H, W) uint8: 255 where the thermal source decided alone.

    Black where there is none.
    """
    if fused.guidance is None:
        return np.zeros(fused.image.shape[:2], dtype=np.uint8)
    return np.rint(fused.guidance * 255).astype(np.uint8)


def _info_for(fused: FusedFrame, header: Any, camera_info: Any | None) -> Any:
    """The visible camera's calibration under the fused header, or none for another size."""
    height, width = fused.image.shape[:2]
    if camera_info is None or (camera_info.height, camera_info.width) != (height, width):
        return camera_info_message(PinholeCamera(width, height), header)
    camera_info.header = header
    return camera_info
