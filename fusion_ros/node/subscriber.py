# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`message_filters.Subscriber` where it is installed, and its like elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fusion_ros.node.message_filter import MessageFilter

if TYPE_CHECKING:
    from rclpy.node import Node


class PlainSubscriber(MessageFilter):
    """A subscription as the source of a chain of filters.

    The same interface as `message_filters.Subscriber`, which some ROS installations lack.
    """

    def __init__(self, node: Node, message_type: type, topic: str, **options: Any) -> None:
        """Subscribe; `options` go to `Node.create_subscription`."""
        super().__init__()
        self.sub = node.create_subscription(message_type, topic, self.signalMessage, **options)


try:
    from message_filters import Subscriber
except ImportError:
    Subscriber = PlainSubscriber

__all__ = ["PlainSubscriber", "Subscriber"]
