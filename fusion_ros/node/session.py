# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All that exists only while the node is active: subscriptions, pairing, the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, Image

from fusion_ros.node.fusion_worker import FusionWorker
from fusion_ros.node.image_readers import read_thermal, read_visible
from fusion_ros.node.subscriber import Subscriber
from fusion_ros.node.synchronizer import THERMAL, VISIBLE, NearestStampSynchronizer
from fusion_ros.node.timing_message import add_counters, timing_message
from fusion_ros.node.topics import THERMAL_IMAGE, VISIBLE_IMAGE, VISIBLE_INFO, input_qos

try:
    from rclpy.event_handler import SubscriptionEventCallbacks
except ImportError:  # Humble
    from rclpy.qos_event import SubscriptionEventCallbacks

if TYPE_CHECKING:
    from rclpy.node import Node

    from fusion_ros.core.frames import FusedFrame
    from fusion_ros.node.fusion_worker import StageTimes
    from fusion_ros.node.publishers import FusionPublishers
    from fusion_ros.node.synchronizer import Arrival
    from fusion_ros.pairing.stamp_matcher import Match
    from fusion_ros.parameters.config import NodeConfig, PairingConfig
    from fusion_ros.pipeline import FusionPipeline

INFO = "visible info"
# The same complaint is logged once in this time; the diagnostics count them all.
LOG_PERIOD_S = 5.0


class FusionSession:
    """From the input topics to the publishers, between activation and deactivation."""

    def __init__(
        self,
        node: Node,
        config: NodeConfig,
        pipeline: FusionPipeline,
        publishers: FusionPublishers,
    ) -> None:
        """Subscribe and start to fuse."""
        self._node = node
        self._publishers = publishers
        self._camera_info: CameraInfo | None = None
        self.config = config
        self.pipeline = pipeline
        self.qos_problems: dict[str, str] = {}
        self._subscribers: dict[str, Any] = {}
        try:
            self._subscribe(Image, VISIBLE_IMAGE, VISIBLE)
            self._subscribe(Image, THERMAL_IMAGE, THERMAL)
            self._subscribe(CameraInfo, VISIBLE_INFO, INFO)
        except Exception:
            self._unsubscribe()
            raise
        self._subscribers[INFO].registerCallback(self._take_camera_info)
        self.synchronizer = NearestStampSynchronizer(
            (self._subscribers[VISIBLE], self._subscribers[THERMAL]),
            (read_visible, read_thermal),
            config.pairing,
            self._log_malformed,
        )
        # The thread comes last: what fails before leaves none behind.
        self.worker = FusionWorker(
            pipeline,
            publishers.guidance_is_wanted,
            self._publish_images,
            self._publish_timing,
            self._log_failure,
        )
        self.synchronizer.registerCallback(self.worker.slot.put)

    def input_topic(self, stream: str) -> tuple[str, int]:
        """Resolved topic of a stream, and how many publish it."""
        topic = self._subscribers[stream].sub.topic_name
        return topic, self._node.count_publishers(topic)

    def reconfigure_pairing(self, pairing: PairingConfig) -> None:
        """Go on with other settings of the pairing."""
        self.config = replace(self.config, pairing=pairing)
        self.synchronizer.reconfigure(pairing)

    def forget_stream(self) -> None:
        """Discard what waits, after the clock was set or a bag started over."""
        self.synchronizer.reset()
        self.worker.forget_stream()

    def close(self) -> None:
        """Unsubscribe, finish the frame in work, and end the worker."""
        self._unsubscribe()
        self.worker.stop()

    def _unsubscribe(self) -> None:
        for subscriber in self._subscribers.values():
            self._node.destroy_subscription(subscriber.sub)

    def _subscribe(self, message_type: type, topic: str, stream: str) -> None:
        def note_incompatible_offer(event: Any) -> None:
            self.qos_problems[stream] = (
                f"a publisher offers a quality of service that this node does not accept "
                f"({event.last_policy_kind}); change it in the driver, or here with the "
                f"qos_overrides parameters"
            )

        self._subscribers[stream] = Subscriber(
            self._node,
            message_type,
            topic,
            qos_profile=input_qos(),
            event_callbacks=SubscriptionEventCallbacks(incompatible_qos=note_incompatible_offer),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )

    def _take_camera_info(self, info: CameraInfo) -> None:
        self._camera_info = info

    def _publish_images(self, fused: FusedFrame, match: Match[Arrival, Arrival]) -> None:
        self._publishers.publish_images(fused, match.visible.header, self._camera_info)

    def _publish_timing(
        self, fused: FusedFrame, match: Match[Arrival, Arrival], times: StageTimes
    ) -> None:
        message = timing_message(self.pipeline, fused, match, times)
        add_counters(message, self.synchronizer, self.worker)
        self._publishers.publish_timing(message)

    def _log_malformed(self, stream: str, reason: str) -> None:
        # One call for each stream, for the logger throttles by the place of the call.
        if stream == VISIBLE:
            self._node.get_logger().warning(
                f"visible image refused: {reason}", throttle_duration_sec=LOG_PERIOD_S
            )
        else:
            self._node.get_logger().warning(
                f"thermal image refused: {reason}", throttle_duration_sec=LOG_PERIOD_S
            )

    def _log_failure(self, trace: str) -> None:
        self._node.get_logger().error(
            f"a pair could not be fused:\n{trace}", throttle_duration_sec=LOG_PERIOD_S
        )
