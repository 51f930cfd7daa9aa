# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Gathers facts about a running node once a second and publishes the verdicts."""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue

from fusion_ros.core.time_units import NS_PER_S
from fusion_ros.environment import PROFILE_VARIABLES
from fusion_ros.node.health import (
    FusionFacts,
    Level,
    StreamFacts,
    Verdict,
    check_fusion,
    check_pairing,
    check_stream,
)
from fusion_ros.node.synchronizer import THERMAL, VISIBLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builtin_interfaces.msg import Time

    from fusion_ros.node.session import FusionSession

_LEVELS = {
    Level.OK: DiagnosticStatus.OK,
    Level.WARN: DiagnosticStatus.WARN,
    Level.ERROR: DiagnosticStatus.ERROR,
}


class SessionMonitor:
    """Judges one active session; remembers counts to tell what is new."""

    def __init__(self, session: FusionSession) -> None:
        """Start observing."""
        self._session = session
        self._now_ns = self._started_ns = time.perf_counter_ns()
        self._elapsed_s = 0.0
        self._previous: dict[str, int] = {}

    def verdicts(self) -> list[Verdict]:
        """Judge the time since the last call."""
        now_ns = time.perf_counter_ns()
        self._elapsed_s, self._now_ns = (now_ns - self._now_ns) / NS_PER_S, now_ns
        profile = next(filter(None, map(os.environ.get, PROFILE_VARIABLES)), "")
        visible, thermal = self._stream_facts(VISIBLE), self._stream_facts(THERMAL)
        new_pairs = self._new("paired", self._session.synchronizer.visible_counts.paired)
        reuse = self._session.config.pairing.reuse_thermal
        return [
            check_stream("visible input", visible, profile),
            check_stream("thermal input", thermal, profile),
            check_pairing(visible, thermal, new_pairs, reuse),
            check_fusion(self._fusion_facts()),
        ]

    def _stream_facts(self, stream: str) -> StreamFacts:
        synchronizer = self._session.synchronizer
        counts = synchronizer.visible_counts if stream == VISIBLE else synchronizer.thermal_counts
        malformed = synchronizer.malformed[stream]
        received = counts.received + malformed
        last_ns = synchronizer.last_arrival_ns.get(stream, self._started_ns)
        topic, publishers = self._session.input_topic(stream)
        return StreamFacts(
            topic=topic,
            publishers=publishers,
            rate_hz=self._rate_hz(self._new(f"{stream} received", received)),
            silent_s=(self._now_ns - last_ns) / NS_PER_S,
            received=received,
            malformed=malformed,
            unpaired=counts.unpaired,
            stale=counts.stale,
            new_usable=self._new(f"{stream} usable", counts.received),
            new_malformed=self._new(f"{stream} malformed", malformed),
            last_error=synchronizer.last_errors[stream],
            qos_problem=self._session.qos_problems.get(stream, ""),
        )

    def _fusion_facts(self) -> FusionFacts:
        pipeline, worker = self._session.pipeline, self._session.worker
        latencies = list(worker.counts.latencies_ms) or [0.0]
        new_fused = self._new("fused", worker.counts.fused)
        return FusionFacts(
            backend=pipeline.name,
            engine=pipeline.engine,
            model_id=pipeline.model_id,
            rate_hz=self._rate_hz(new_fused),
            fused=worker.counts.fused,
            superseded=worker.slot.superseded,
            failed=worker.counts.failed,
            new_fused=new_fused,
            new_superseded=self._new("superseded", worker.slot.superseded),
            new_failed=self._new("failed", worker.counts.failed),
            last_error=worker.counts.last_error,
            latency_ms=(statistics.median(latencies), max(latencies)),
        )

    def _new(self, name: str, count: int) -> int:
        new = count - self._previous.get(name, 0)
        self._previous[name] = count
        return new

    def _rate_hz(self, count: int) -> float:
        return count / self._elapsed_s if self._elapsed_s > 0 else 0.0


def diagnostic_array(node_name: str, stamp: Time, verdicts: list[Verdict]) -> DiagnosticArray:
    """Verdicts as a message, named ``<node>: <task>``."""
    array = DiagnosticArray()
    array.header.stamp = stamp
    array.status = [
        DiagnosticStatus(
            level=_LEVELS[verdict.level],
            name=f"{node_name}: {verdict.task}",
            message=verdict.message,
            hardware_id=node_name,
            values=_key_values(verdict.values),
        )
        for verdict in verdicts
    ]
    return array


def _key_values(values: Mapping[str, object]) -> list[KeyValue]:
    return [KeyValue(key=key, value=str(value)) for key, value in values.items()]
