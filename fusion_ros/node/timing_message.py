# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fills `fusion_ros/msg/FusionTiming`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fusion_ros.msg import FusionTiming
from fusion_ros.node.synchronizer import THERMAL, VISIBLE

if TYPE_CHECKING:
    from fusion_ros.core.frames import FusedFrame
    from fusion_ros.node.fusion_worker import FusionWorker, StageTimes
    from fusion_ros.node.synchronizer import Arrival, NearestStampSynchronizer
    from fusion_ros.pairing.stamp_matcher import Match
    from fusion_ros.pipeline import FusionPipeline


def timing_message(
    pipeline: FusionPipeline,
    fused: FusedFrame,
    match: Match[Arrival, Arrival],
    times: StageTimes,
) -> FusionTiming:
    """The message without its counters."""
    low, high = fused.thermal_range
    return FusionTiming(
        header=match.visible.header,
        backend=pipeline.name,
        engine=pipeline.engine,
        model_id=pipeline.model_id,
        pair_offset_ns=match.offset_ns,
        thermal_stamp=match.thermal.header.stamp,
        thermal_low=low,
        thermal_high=high,
        **asdict(times),
    )


def add_counters(
    message: FusionTiming, synchronizer: NearestStampSynchronizer, worker: FusionWorker
) -> None:
    """Write the account of all frames into the message."""
    streams = ((VISIBLE, synchronizer.visible_counts), (THERMAL, synchronizer.thermal_counts))
    for stream, counts in streams:
        malformed = synchronizer.malformed[stream]
        setattr(message, f"{stream}_received", counts.received + malformed)
        setattr(message, f"{stream}_malformed", malformed)
        setattr(message, f"{stream}_unpaired", counts.unpaired)
        setattr(message, f"{stream}_stale", counts.stale)
    message.pairs_superseded = worker.slot.superseded
    message.pairs_failed = worker.counts.failed
    message.pairs_fused = worker.counts.fused
