# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""From facts about the last second to verdicts that say what to do. Nothing here imports ROS."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# A stream that was silent for this long has stalled.
STALL_S = 2.0
# With so many images of both streams and no pair, waiting is no explanation any more.
ENOUGH_IMAGES = 3
# A smaller share of possible pairs than this is worth a warning.
EXPECTED_SHARE = 0.5
# A stream this much faster than the other leaves frames unpaired by design.
RATE_RATIO = 1.5


class Level(enum.IntEnum):
    """Levels of `diagnostic_msgs/DiagnosticStatus`."""

    OK = 0
    WARN = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """One status of the diagnostics."""

    task: str
    level: Level
    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """One input stream.

    Attributes:
        topic: Resolved name.
        publishers: Publishers seen on the topic.
        rate_hz: Frames received a second, lately.
        silent_s: Since the last frame, or since activation [s].
        received: Frames since activation, malformed ones included.
        malformed: Frames refused since activation.
        unpaired: Frames without a partner since activation.
        stale: Frames too old since activation.
        new_usable: Frames not refused since the last report.
        new_malformed: Frames refused since the last report.
        last_error: Why the latest one was refused.
        qos_problem: What the middleware said of incompatible offers, or empty.
    """

    topic: str
    publishers: int
    rate_hz: float
    silent_s: float
    received: int
    malformed: int
    unpaired: int
    stale: int
    new_usable: int
    new_malformed: int
    last_error: str
    qos_problem: str = ""


@dataclass(frozen=True, slots=True)
class FusionFacts:
    """The work of the last second.

    Attributes:
        backend: Registered name.
        engine: Engine in use.
        model_id: Model in use.
        rate_hz: Frames fused a second, lately.
        fused: Pairs fused since activation.
        superseded: Pairs replaced by a newer one since activation.
        failed: Pairs refused since activation.
        new_fused: Pairs fused since the last report.
        new_superseded: Pairs replaced since the last report.
        new_failed: Pairs refused since the last report.
        last_error: Why the latest one was refused.
        latency_ms: Median and largest latency of the latest frames [ms].
    """

    backend: str
    engine: str
    model_id: str
    rate_hz: float
    fused: int
    superseded: int
    failed: int
    new_fused: int
    new_superseded: int
    new_failed: int
    last_error: str
    latency_ms: tuple[float, float]


def check_stream(task: str, facts: StreamFacts, profile: str) -> Verdict:
    """Judge an input stream.

    Args:
        task: Name of the status.
        facts: About the stream.
        profile: Middleware profile in force, empty for the middleware's defaults.
    """
    values = {
        "topic": facts.topic,
        "publishers": facts.publishers,
        "rate [Hz]": f"{facts.rate_hz:.1f}",
        "received": facts.received,
        "malformed": facts.malformed,
        "unpaired": facts.unpaired,
        "stale": facts.stale,
        "middleware profile": profile or "none: large images may be lost",
    }
    level, message = _stream_verdict(facts)
    return Verdict(task, level, message, values)


def _stream_verdict(facts: StreamFacts) -> tuple[Level, str]:
    if facts.silent_s > STALL_S:
        if facts.qos_problem:
            return Level.ERROR, f"{facts.topic}: {facts.qos_problem}"
        if facts.publishers == 0:
            return Level.ERROR, (
                f"nobody publishes {facts.topic}: start the camera driver or remap the topic"
            )
        return Level.ERROR, (
            f"no image on {facts.topic} for {facts.silent_s:.1f} s although it is published: "
            f"check the camera, its cable, and the middleware profile of its driver"
        )
    if facts.new_malformed:
        return Level.WARN, f"{facts.new_malformed} images refused: {facts.last_error}"
    if not facts.received:
        return Level.OK, "waiting for the first image"
    return Level.OK, f"{facts.rate_hz:.1f} Hz"


def check_pairing(
    visible: StreamFacts, thermal: StreamFacts, new_pairs: int, reuse_thermal: bool
) -> Verdict:
    """Judge how well the two streams match in time."""
    values = {
        "visible unpaired": visible.unpaired,
        "thermal unpaired": thermal.unpaired,
        "visible rate [Hz]": f"{visible.rate_hz:.1f}",
        "thermal rate [Hz]": f"{thermal.rate_hz:.1f}",
    }
    level, message = _pairing_verdict(visible, thermal, new_pairs, reuse_thermal)
    return Verdict("pairing", level, message, values)


def _pairing_verdict(
    visible: StreamFacts, thermal: StreamFacts, new_pairs: int, reuse_thermal: bool
) -> tuple[Level, str]:
    possible = min(visible.new_usable, thermal.new_usable)
    if possible < ENOUGH_IMAGES:
        return Level.OK, "waiting for images of both cameras"
    if new_pairs == 0:
        return Level.ERROR, (
            "both streams arrive, but no stamps match: compare them with 'ros2 topic echo "
            "--field header.stamp', then set pairing.thermal_offset_ms or pairing.tolerance_ms"
        )
    if new_pairs < EXPECTED_SHARE * possible:
        return Level.WARN, (
            f"only {new_pairs} of {possible} possible pairs match: look at pair_offset_ns of "
            f"the timing topic, then set pairing.thermal_offset_ms or pairing.tolerance_ms"
        )
    if not reuse_thermal and visible.rate_hz > RATE_RATIO * thermal.rate_hz:
        return Level.OK, (
            f"thermal is slower ({thermal.rate_hz:.1f} of {visible.rate_hz:.1f} Hz): set "
            f"pairing.reuse_thermal to fuse every visible frame"
        )
    return Level.OK, "paired"


def check_fusion(facts: FusionFacts) -> Verdict:
    """Judge the fusion itself."""
    median_ms, largest_ms = facts.latency_ms
    values = {
        "backend": facts.backend,
        "engine": facts.engine,
        "model": facts.model_id or "none",
        "rate [Hz]": f"{facts.rate_hz:.1f}",
        "fused": facts.fused,
        "superseded": facts.superseded,
        "failed": facts.failed,
        "latency median [ms]": f"{median_ms:.2f}",
        "latency max [ms]": f"{largest_ms:.2f}",
    }
    if facts.new_failed:
        return Verdict(
            "fusion", Level.ERROR, f"{facts.new_failed} pairs failed: {facts.last_error}", values
        )
    if facts.new_superseded:
        return Verdict(
            "fusion",
            Level.WARN,
            f"{facts.new_superseded} pairs skipped: pairs come faster than '{facts.backend}' on "
            f"'{facts.engine}' fuses; use a faster engine or smaller images",
            values,
        )
    return Verdict("fusion", Level.OK, f"{facts.rate_hz:.1f} Hz, {median_ms:.1f} ms", values)
