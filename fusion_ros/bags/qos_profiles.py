# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The QoS that a bag says its topics were offered with; players publish with the same."""

from __future__ import annotations

from rosbags.interfaces import (
    Qos,
    QosDurability,
    QosHistory,
    QosLiveliness,
    QosReliability,
    QosTime,
)

# How ROS spells "no deadline", "no lifespan", "no lease".
_FOREVER = QosTime(9223372036, 854775807)


def _keep_last(depth: int, reliability: QosReliability) -> Qos:
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=depth,
        reliability=reliability,
        durability=QosDurability.VOLATILE,
        deadline=_FOREVER,
        lifespan=_FOREVER,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=_FOREVER,
        avoid_ros_namespace_conventions=False,
    )


# Camera drivers offer reliable delivery, so that every kind of subscriber finds a match.
DRIVER_QOS = _keep_last(10, QosReliability.RELIABLE)
OUTPUT_QOS = _keep_last(10, QosReliability.RELIABLE)
