# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is measured while a recording is replayed: numbers only, so that hours of it fit."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from fusion_ros.core.time_units import NS_PER_S

StreamOrPair = Literal["visible", "thermal", "pair"]
Reason = Literal["no_partner", "stale", "malformed", "failed"]
# Different reasons kept for people; the frames behind the others are counted all the same.
REASONS_KEPT = 10
# A longer gap is none of a stream's rate.
LONGEST_GAP_FRAMES = 8
# Longer ones are not even looked at, so that no stamp, however wild, is too large for an array.
LONGEST_GAP_NS = 3600 * NS_PER_S


@dataclass(slots=True)
class RateMeter:
    """Frames per second of a stream while it sends.

    Steps backwards in time count as none, and so do gaps of many frames: they are dropouts, jumps
    of a clock, or single wild stamps.
    """

    steps_ns: array[int] = field(default_factory=lambda: array("q"))
    _last_ns: int | None = None

    def add(self, time_ns: int) -> None:
        """Take note of a frame."""
        if self._last_ns is not None and 0 < time_ns - self._last_ns <= LONGEST_GAP_NS:
            self.steps_ns.append(time_ns - self._last_ns)
        self._last_ns = time_ns

    @property
    def rate_hz(self) -> float | None:
        """Mean rate; None while it is unknown."""
        if not self.steps_ns:
            return None
        steps_ns = np.asarray(self.steps_ns)
        usual = steps_ns[steps_ns <= LONGEST_GAP_FRAMES * np.median(steps_ns)]
        return float(NS_PER_S / usual.mean())


@dataclass(frozen=True, slots=True)
class Drop:
    """A frame, or a pair, that was not fused.

    Attributes:
        stream: What was dropped.
        reason: Why.
        stamp_ns: Its stamp, of a pair the visible one [ns]; None where it cannot be read.
        log_time_ns: When the recorder received it [ns].
    """

    stream: StreamOrPair
    reason: Reason
    stamp_ns: int | None
    log_time_ns: int


def _integers() -> array[int]:
    return array("q")


def _numbers() -> array[float]:
    return array("d")


def _meters() -> dict[str, RateMeter]:
    return {stream: RateMeter() for stream in ("visible", "thermal", "fused")}


@dataclass(slots=True)
class ReplayRecord:
    """Series of one entry for each fused pair, and what was dropped.

    Attributes:
        stamps_ns: Visible stamps.
        offsets_ns: Thermal minus visible stamp, configured offsets applied.
        arrival_offsets_ns: Thermal minus visible log time; no integers, for the log times of a
            damaged bag may lie farther apart than an array's integers reach.
        stages_ms: Stage name to wall times; ``total`` is without ``write``.
        thermal_stamps_ns: Of all thermal frames, as they came.
        drops: What was not fused, in the order in which that became certain.
        reasons: Why messages and pairs were refused, the first few, and how often.
        rates: By stamps: ``visible``, ``thermal``, ``fused``.
        arrival_rates: By log times.
        origin_ns: Stamp and log time of the first visible frame; (0, 0) before there is one.
        log_span_ns: Earliest and latest log time; None before there is a message.
    """

    stamps_ns: array[int] = field(default_factory=_integers)
    offsets_ns: array[int] = field(default_factory=_integers)
    arrival_offsets_ns: array[float] = field(default_factory=_numbers)
    stages_ms: dict[str, array[float]] = field(default_factory=dict)
    thermal_stamps_ns: array[int] = field(default_factory=_integers)
    drops: list[Drop] = field(default_factory=list)
    reasons: dict[str, int] = field(default_factory=dict)
    rates: dict[str, RateMeter] = field(default_factory=_meters)
    arrival_rates: dict[str, RateMeter] = field(default_factory=_meters)
    origin_ns: tuple[int, int] = (0, 0)
    log_span_ns: tuple[int, int] | None = None

    def add_message(self, log_time_ns: int) -> None:
        """Take note of a message, whatever it is."""
        earliest, latest = self.log_span_ns or (log_time_ns, log_time_ns)
        self.log_span_ns = min(earliest, log_time_ns), max(latest, log_time_ns)

    @property
    def duration_ns(self) -> int:
        """From the first to the last message [ns]."""
        return self.log_span_ns[1] - self.log_span_ns[0] if self.log_span_ns else 0

    def add_arrival(self, stream: str, stamp_ns: int, log_time_ns: int) -> None:
        """Take note of a well-formed frame."""
        if stream == "visible" and self.origin_ns == (0, 0):
            self.origin_ns = stamp_ns, log_time_ns
        if stream == "thermal":
            self.thermal_stamps_ns.append(stamp_ns)
        self.rates[stream].add(stamp_ns)
        self.arrival_rates[stream].add(log_time_ns)

    def add_fused(
        self,
        stamp_ns: int,
        offset_ns: int,
        arrivals_ns: tuple[int, int],
        stages_ms: dict[str, float],
        write_ms: float,
    ) -> None:
        """Append a fused pair.

        Args:
            stamp_ns: Of the visible frame [ns].
            offset_ns: Thermal minus visible stamp [ns].
            arrivals_ns: Log times of the visible and the thermal frame [ns].
            stages_ms: Wall times of making it; their sum becomes the stage ``total``.
            write_ms: Wall time of writing it; the stage ``write``.
        """
        self.stamps_ns.append(stamp_ns)
        self.offsets_ns.append(offset_ns)
        self.arrival_offsets_ns.append(arrivals_ns[1] - arrivals_ns[0])
        total_ms = sum(stages_ms.values())
        for name, value in {**stages_ms, "total": total_ms, "write": write_ms}.items():
            self.stages_ms.setdefault(name, array("d")).append(value)
        self.rates["fused"].add(stamp_ns)
        self.arrival_rates["fused"].add(max(arrivals_ns))

    def add_reason(self, reason: str) -> None:
        """Count a reason; keep it if there is room."""
        if reason in self.reasons or len(self.reasons) < REASONS_KEPT:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def seconds(self, stamp_ns: int) -> float:
        """A stamp [ns] as time since the first visible one [s]."""
        return (stamp_ns - self.origin_ns[0]) / NS_PER_S

    def drop_seconds(self, drop: Drop) -> float | None:
        """The same of a drop; by log times where its stamp cannot be read.

        Returns:
            None where there is no visible frame to count from.
        """
        if self.origin_ns == (0, 0):
            return None
        if drop.stamp_ns is not None:
            return self.seconds(drop.stamp_ns)
        return (drop.log_time_ns - self.origin_ns[1]) / NS_PER_S
