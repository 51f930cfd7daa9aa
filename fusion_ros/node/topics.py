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

# Best effort matches drivers of both kinds; reliable would get nothing from a best-effort driver.
INPUT_QOS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=5, reliability=ReliabilityPolicy.BEST_EFFORT
)
# Reliable matches detectors of both kinds; a best-effort publisher starves a reliable reader.
OUTPUT_QOS = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=5, reliability=ReliabilityPolicy.RELIABLE
)
