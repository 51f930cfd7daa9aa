# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Our filters stand in a chain with those of `message_filters`."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not installed (make setup)")

from fusion_ros.node.image_readers import read_thermal, read_visible
from fusion_ros.node.message_filter import MessageFilter
from fusion_ros.node.synchronizer import NearestStampSynchronizer
from fusion_ros.parameters.config import PairingConfig
from node.running_node import image_message

CONFIG = PairingConfig(
    tolerance_ns=0, visible_offset_ns=0, thermal_offset_ns=0, queue_size=5, reuse_thermal=False
)
GREY = np.zeros((4, 6), np.uint8)
COLOUR = np.zeros((4, 6, 3), np.uint8)


def synchronizer(visible, thermal):
    refused = []
    joined = NearestStampSynchronizer(
        (visible, thermal),
        (read_visible, read_thermal),
        CONFIG,
        lambda stream, reason: refused.append((stream, reason)),
    )
    return joined, refused


def sources():
    """A pair of sources of our kind, and of message_filters' own where it is installed."""
    kinds = [MessageFilter]
    try:
        from message_filters import SimpleFilter
    except ImportError:
        return kinds
    return [*kinds, SimpleFilter]


@pytest.mark.parametrize("kind", sources())
def test_pairs_go_through_the_chain_with_extra_arguments(kind):
    visible, thermal, received = kind(), kind(), []
    joined, _ = synchronizer(visible, thermal)
    joined.registerCallback(lambda match, extra: received.append((match, extra)), "extra")
    visible.signalMessage(image_message(COLOUR, "bgr8", 3, "v"))
    thermal.signalMessage(image_message(GREY, "mono8", 3, "t"))
    (match, extra) = received[0]
    assert match.visible.header.frame_id == "v"
    assert match.thermal.frame.image.shape == (4, 6)
    assert extra == "extra"


def test_an_exception_in_a_callback_does_not_lock_the_filter():
    visible, thermal = MessageFilter(), MessageFilter()
    joined, _ = synchronizer(visible, thermal)
    received = []

    def fail_once(match):
        received.append(match)
        if len(received) == 1:
            raise RuntimeError("user code")

    joined.registerCallback(fail_once)
    visible.signalMessage(image_message(COLOUR, "bgr8", 3, "v"))
    with pytest.raises(RuntimeError, match="user code"):
        thermal.signalMessage(image_message(GREY, "mono8", 3, "t"))
    visible.signalMessage(image_message(COLOUR, "bgr8", 4, "v"))
    thermal.signalMessage(image_message(GREY, "mono8", 4, "t"))
    assert len(received) == 2


def test_refused_messages_are_counted_by_stream_with_their_reason():
    visible, thermal = MessageFilter(), MessageFilter()
    joined, refused = synchronizer(visible, thermal)
    message = image_message(COLOUR, "bgr8", 3, "v")
    message.encoding = "yuv999"
    visible.signalMessage(message)
    assert joined.malformed == {"visible": 1, "thermal": 0}
    assert "yuv999" in refused[0][1]
    assert joined.last_errors["visible"] == refused[0][1]


def test_our_filter_has_the_interface_of_message_filters():
    message_filters = pytest.importorskip(
        "message_filters", reason="message_filters comes with a ROS distribution"
    )
    theirs = inspect.signature(message_filters.SimpleFilter.registerCallback)
    ours = inspect.signature(MessageFilter.registerCallback)
    assert [p.kind for p in ours.parameters.values()] == [
        p.kind for p in theirs.parameters.values()
    ]
