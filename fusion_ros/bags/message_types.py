# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The message types that our bags hold, without a ROS distribution."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fusion_ros.artifacts.resources import resource
from fusion_ros.core.time_units import NS_PER_S
from fusion_ros.errors import BagError

if TYPE_CHECKING:
    from rosbags.typesys.store import Typestore

    from fusion_ros.bags.bag_reader import BagMessage

IMAGE = "sensor_msgs/msg/Image"
COMPRESSED_IMAGE = "sensor_msgs/msg/CompressedImage"
CAMERA_INFO = "sensor_msgs/msg/CameraInfo"
FUSION_TIMING = "fusion_ros/msg/FusionTiming"


@cache
def typestore() -> Typestore:
    """ROS 2's common types and our `FusionTiming`.

    Images, plain and compressed, camera infos and headers are the same in every distribution
    from Humble on, so one store reads the bags of all of them.
    """
    store = get_typestore(Stores.ROS2_JAZZY)
    definition = resource("msg/FusionTiming.msg").read_text(encoding="utf-8")
    store.register(get_types_from_msg(definition, FUSION_TIMING))
    return store


def make_message(msgtype: str, **fields: Any) -> Any:
    """Build a message of a registered type; all fields must be given."""
    return typestore().types[msgtype](**fields)


def serialize(message: Any) -> memoryview:
    """Message to CDR bytes, as they travel in ROS 2 and lie in bags."""
    return typestore().serialize_cdr(message, message.__msgtype__)


def deserialize(message: BagMessage) -> Any:
    """CDR bytes of a bag to a message.

    Raises:
        BagError: The bytes are not a message of that type, e.g. cut off.
    """
    try:
        return typestore().deserialize_cdr(message.data, message.msgtype)
    except (SerdeError, KeyError, IndexError, AssertionError) as err:
        raise BagError(
            f"{message.topic}: expected a {message.msgtype}, got {len(message.data)} bytes that "
            f"are none ({err}); the message is damaged"
        ) from err


def time_message(stamp_ns: int) -> Any:
    """`builtin_interfaces/Time` of a stamp [ns]."""
    sec, nanosec = divmod(stamp_ns, NS_PER_S)
    return make_message("builtin_interfaces/msg/Time", sec=sec, nanosec=nanosec)


def nanoseconds(time: Any) -> int:
    """A `builtin_interfaces/Time` as a stamp [ns]."""
    return int(time.sec) * NS_PER_S + int(time.nanosec)


def header_message(stamp_ns: int, frame_id: str) -> Any:
    """`std_msgs/Header` of a stamp [ns] and an optical frame."""
    return make_message("std_msgs/msg/Header", stamp=time_message(stamp_ns), frame_id=frame_id)
