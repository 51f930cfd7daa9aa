# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The recording that is played into the node: one second of moving pictures, run through often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.camera_recording import CameraRecording
from fusion_ros.bags.image_messages import PinholeCamera
from fusion_ros.bags.recording_plan import RecordingPlan, plan_frames
from fusion_ros.benchmark.pictures import benchmark_pair

if TYPE_CHECKING:
    from pathlib import Path

RATE_HZ = 30
PAIRS = 30
# Sideways, from one frame to the next.
STEP_PX = 4


def write_source_bag(path: Path, size: tuple[int, int]) -> None:
    """Write `PAIRS` pairs of bgr8 and mono8 images of one size, with equal stamps.

    Args:
        path: Of the bag.
        size: Width and height [px].
    """
    width, height = size
    pair = benchmark_pair(height, width)
    plan = RecordingPlan(rate_hz=RATE_HZ, seconds=PAIRS / RATE_HZ)
    with BagWriter(path) as writer:
        recording = CameraRecording(writer, PinholeCamera(width, height))
        for frame in plan_frames(plan, PAIRS):
            shift_px = frame.image_index * STEP_PX
            if frame.stream == "visible":
                recording.write_visible(frame.stamp_ns, np.roll(pair.visible, shift_px, axis=1))
            else:
                recording.write_thermal(frame.stamp_ns, np.roll(pair.thermal, shift_px, axis=1))
