# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Republishes the visible image once both images of a moment are there: no fusion at all.

What the node is compared with: the same topics, the same quality of service, the same messages
in and out of Python.

    python -m fusion_ros.node.relay
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import rclpy
from rclpy.executors import ExternalShutdownException
from sensor_msgs.msg import Image

from fusion_ros.node.topics import (
    DEPTH,
    FUSED_IMAGE,
    THERMAL_IMAGE,
    VISIBLE_IMAGE,
    input_qos,
    output_qos,
)

if TYPE_CHECKING:
    from rclpy.node import Node


class Relay:
    """Subscribes like the fusion node, and publishes what it was given."""

    def __init__(self, node: Node) -> None:
        """Subscribe and advertise."""
        self._visible: dict[tuple[int, int], Any] = {}
        self._thermal: dict[tuple[int, int], Any] = {}
        self._publisher = node.create_publisher(Image, FUSED_IMAGE, output_qos())
        node.create_subscription(Image, VISIBLE_IMAGE, self.take_visible, input_qos())
        node.create_subscription(Image, THERMAL_IMAGE, self.take_thermal, input_qos())

    def take_visible(self, image: Any) -> None:
        """Publish it if the thermal image of the same stamp is there; else let it wait."""
        if _take(self._thermal, image, self._visible) is not None:
            self._publisher.publish(image)

    def take_thermal(self, image: Any) -> None:
        """Publish the visible image of the same stamp if it is there; else wait for it."""
        visible = _take(self._visible, image, self._thermal)
        if visible is not None:
            self._publisher.publish(visible)


def _take(partners: dict[tuple[int, int], Any], image: Any, waiting: dict[Any, Any]) -> Any:
    """Partner of an image, or None; the image then waits, as long as few are newer."""
    stamp = image.header.stamp
    key = (stamp.sec, stamp.nanosec)
    partner = partners.pop(key, None)
    if partner is None:
        waiting[key] = image
        if len(waiting) > DEPTH:
            waiting.pop(next(iter(waiting)))
    return partner


def main() -> int:
    """Relay until SIGINT or SIGTERM; returns the exit code."""
    rclpy.init(args=sys.argv)
    node: Any = rclpy.create_node("relay")
    Relay(node)
    try:
        rclpy.spin(node)
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        node.destroy_node()
        rclpy.try_shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
