# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a replay found, as one JSON-able document: ``metrics.json``, and the report's source."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.benchmark.provenance import provenance
from fusion_ros.core.time_units import NS_PER_MS, NS_PER_S
from fusion_ros.metrics.profiles import STANDARD_PROFILE
from fusion_ros.parameters.config import node_config
from fusion_ros.replay.slow_thermal import slow_thermal_warnings
from fusion_ros.replay.statistics import (
    MS_DIGITS,
    S_DIGITS,
    SCORE_DIGITS,
    offset_figures,
    rounded,
    rounded_all,
    score_figures,
    stage_figures,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.bags.bag_identity import BagIdentity
    from fusion_ros.bags.bag_reader import BagReader
    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.parameters.table import Value
    from fusion_ros.pipeline import FusionPipeline
    from fusion_ros.replay.account import ReplayAccount
    from fusion_ros.replay.inspection import Inspection
    from fusion_ros.replay.record import RateMeter, ReplayRecord
    from fusion_ros.replay.scoring import FrameScores

FORMAT = 1
# The total is that of the stages before it: the node writes no recording.
STAGES = ("convert", "prepare", "fuse", "total", "write")
# These are the node's alone.
_NOT_OF_REPLAY = ("autostart",)


@dataclass(frozen=True, slots=True)
class ReplayRun:
    """A replay that has ended.

    Attributes:
        identity: Which bag.
        reader: It, with the warnings.
        topics: What was fused.
        parameters: Value of each parameter of the table.
        pipeline: What fused.
        account: What became of every frame.
        record: What was measured.
        inspection: What was seen in the results.
    """

    identity: BagIdentity
    reader: BagReader
    topics: CameraTopics
    parameters: Mapping[str, Value]
    pipeline: FusionPipeline
    account: ReplayAccount
    record: ReplayRecord
    inspection: Inspection


def metrics_document(run: ReplayRun) -> dict[str, Any]:
    """Gather all figures; every number is finite or None."""
    record, scores = run.record, run.inspection.scores
    stages = {name: stage_figures(record.stages_ms.get(name, ())) for name in STAGES}
    return {
        "format": FORMAT,
        "provenance": provenance(),
        "bag": _bag(run),
        "backend": run.pipeline.name,
        "engine": run.pipeline.engine,
        "model_id": run.pipeline.model_id,
        "parameters": {n: v for n, v in run.parameters.items() if n not in _NOT_OF_REPLAY},
        "frames": {
            "visible": asdict(run.account.visible),
            "thermal": asdict(run.account.thermal),
        },
        "pairs": asdict(run.account.pairs),
        "fused_sha256": run.inspection.fused_sha256,
        "pair_offset_ms": offset_figures(record.offsets_ns),
        "arrival_offset_ms": offset_figures(record.arrival_offsets_ns),
        "stages_ms": stages,
        "rates_hz": _rates(record.rates),
        "arrival_rates_hz": _rates(record.arrival_rates),
        "profile": STANDARD_PROFILE,
        "scores": score_figures(scores.fused.columns),
        "baselines": _baseline_means(scores),
        "temporal": _temporal(scores),
        "thresholds": [],
        "series": _series(record, scores),
        "reasons": [
            reason if times == 1 else f"{reason} ({times} times)"
            for reason, times in record.reasons.items()
        ],
        "warnings": _warnings(run),
    }


def _bag(run: ReplayRun) -> dict[str, Any]:
    visible, thermal = (
        run.reader.topics[name] for name in (run.topics.visible, run.topics.thermal)
    )
    streams = {"visible": (visible, run.account.visible), "thermal": (thermal, run.account.thermal)}
    topics: dict[str, Any] = {
        stream: {"name": topic.name, "type": topic.msgtype, "messages": account.inputs}
        for stream, (topic, account) in streams.items()
    }
    return {
        **asdict(run.identity),
        "duration_s": rounded(run.record.duration_ns / NS_PER_S, S_DIGITS),
        "damaged": bool(run.reader.warnings),
        "topics": {**topics, "visible_info": run.topics.visible_info},
    }


def _rates(meters: Mapping[str, RateMeter]) -> dict[str, float | None]:
    return {stream: rounded(meter.rate_hz, MS_DIGITS) for stream, meter in meters.items()}


def _baseline_means(scores: FrameScores) -> dict[str, dict[str, float | None]]:
    return {
        name: {metric: figures["mean"] for metric, figures in score_figures(series.columns).items()}
        for name, series in scores.baselines.items()
    }


def _temporal(scores: FrameScores) -> dict[str, dict[str, float | None]]:
    return {
        name: {metric: rounded(value, SCORE_DIGITS) for metric, value in values.items()}
        for name, values in scores.temporal().items()
    }


def _series(record: ReplayRecord, scores: FrameScores) -> dict[str, Any]:
    return {
        "t_s": rounded_all(map(record.seconds, record.stamps_ns), S_DIGITS),
        "pair_offset_ms": _milliseconds(record.offsets_ns),
        "arrival_offset_ms": _milliseconds(record.arrival_offsets_ns),
        "stages_ms": {
            name: rounded_all(record.stages_ms.get(name, ()), MS_DIGITS) for name in STAGES
        },
        "scored_t_s": rounded_all(scores.times_s, S_DIGITS),
        "scores": {
            metric: rounded_all(values, SCORE_DIGITS)
            for metric, values in scores.fused.columns.items()
        },
        "drops": [
            {
                "t_s": rounded(record.drop_seconds(drop), S_DIGITS),
                "stream": drop.stream,
                "reason": drop.reason,
            }
            for drop in record.drops
        ],
    }


def _milliseconds(durations_ns: Sequence[float]) -> list[float | None]:
    return rounded_all((duration / NS_PER_MS for duration in durations_ns), MS_DIGITS)


def _warnings(run: ReplayRun) -> list[str]:
    refusal = run.inspection.scores.refusal
    unscored = [f"frames could not be scored: {refusal}"] if refusal else []
    pairing = node_config(run.parameters).pairing
    slow = slow_thermal_warnings(run.record, run.account.visible, pairing)
    return [*run.reader.warnings, *slow, *unscored]
