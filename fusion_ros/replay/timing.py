# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fills `FusionTiming` for a replay, where nothing waits and nothing is superseded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.message_types import FUSION_TIMING, make_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_ros.core.frames import FusedFrame
    from fusion_ros.pairing.stamp_matcher import Match
    from fusion_ros.pipeline import FusionPipeline


@dataclass(frozen=True, slots=True)
class ReplayCounters:
    """Counts so far; pairs of numbers are (visible, thermal)."""

    received: tuple[int, int]
    malformed: tuple[int, int]
    unpaired: tuple[int, int]
    stale: tuple[int, int]
    failed: int
    fused: int


def timing_message(
    pipeline: FusionPipeline,
    fused: FusedFrame,
    match: Match[Any, Any],
    stages_ms: Mapping[str, float],
    counters: ReplayCounters,
) -> Any:
    """Build the message of one fused pair.

    Args:
        pipeline: That fused it.
        fused: The result.
        match: The pair.
        stages_ms: Wall time of convert, prepare, fuse and write; their sum is the latency.
        counters: Of all frames so far.
    """
    return make_message(
        FUSION_TIMING,
        header=match.visible.header,
        backend=pipeline.name,
        engine=pipeline.engine,
        model_id=pipeline.model_id,
        convert_ms=stages_ms["convert"],
        wait_ms=0.0,
        prepare_ms=stages_ms["prepare"],
        fuse_ms=stages_ms["fuse"],
        publish_ms=stages_ms["write"],
        latency_ms=sum(stages_ms.values()),
        period_ms=0.0,
        pair_offset_ns=match.offset_ns,
        thermal_stamp=match.thermal.header.stamp,
        thermal_low=fused.thermal_range[0],
        thermal_high=fused.thermal_range[1],
        visible_received=counters.received[0],
        visible_malformed=counters.malformed[0],
        visible_unpaired=counters.unpaired[0],
        visible_stale=counters.stale[0],
        thermal_received=counters.received[1],
        thermal_malformed=counters.malformed[1],
        thermal_unpaired=counters.unpaired[1],
        thermal_stale=counters.stale[1],
        pairs_superseded=0,
        pairs_failed=counters.failed,
        pairs_fused=counters.fused,
    )
