# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Messages of a bag to frames, whatever image type they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.message_types import COMPRESSED_IMAGE, IMAGE, deserialize
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.messages.compressed_images import (
    compressed_thermal_frame,
    compressed_visible_frame,
)
from fusion_ros.messages.images import thermal_frame, visible_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.bags.bag_reader import BagMessage
    from fusion_ros.core.frames import Frame
    from fusion_ros.pairing.stamp_matcher import Stream

_READERS: dict[tuple[str, str], Callable[[Any], Frame]] = {
    (IMAGE, "visible"): visible_frame,
    (IMAGE, "thermal"): thermal_frame,
    (COMPRESSED_IMAGE, "visible"): compressed_visible_frame,
    (COMPRESSED_IMAGE, "thermal"): compressed_thermal_frame,
}
IMAGE_TYPES = (IMAGE, COMPRESSED_IMAGE)


@dataclass(frozen=True, slots=True, eq=False)
class Arrival:
    """A frame with what its outputs need; every arrival equals only itself.

    Attributes:
        frame: The image.
        header: `std_msgs/Header` as recorded.
        log_time_ns: When the recorder received it [ns].
        convert_ms: Time taken to make the frame of the message.
    """

    frame: Frame
    header: Any
    log_time_ns: int
    convert_ms: float


def read_arrival(message: BagMessage, stream: Stream) -> Arrival:
    """Make a frame of a message.

    Raises:
        BagError: Its bytes are no message of its type.
        ImageFormatError: It is no usable image of the stream.
    """
    timer = StageTimer()
    image = deserialize(message)
    frame = _READERS[message.msgtype, stream](image)
    timer.finish("convert")
    return Arrival(frame, image.header, message.log_time_ns, timer.stages_ms["convert"])
