# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Names and quality of service of the node's topics. All names are relative."""

from __future__ import annotations

from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy

VISIBLE_IMAGE = "visible/image_raw"
VISIBLE_INFO = "visible/camera_info"
THERMAL_IMAGE = "thermal/image_raw"
FUSED_IMAGE = "fused/image"
FUSED_INFO = "fused/camera_info"
GUIDANCE_IMAGE = "guidance/image"
TIMING = "timing"
DIAGNOSTICS = "/diagnostics"

DEPTH = 5


# Functions, not constants: rclpy writes the user's overrides into the profile it is given.
def input_qos() -> QoSProfile:
    """Best effort matches drivers of both kinds; a reliable reader starves beside some."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST, depth=DEPTH, reliability=ReliabilityPolicy.BEST_EFFORT
    )


def output_qos() -> QoSProfile:
    """Reliable matches detectors of both kinds; best effort would starve a reliable one."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST, depth=DEPTH, reliability=ReliabilityPolicy.RELIABLE
    )
