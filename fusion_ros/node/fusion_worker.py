# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The one thread that fuses: takes the newest pair, fuses it, publishes it."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.messages.images import frame_pair
from fusion_ros.pairing.latest_slot import LatestSlot

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.core.frames import FusedFrame
    from fusion_ros.node.synchronizer import Arrival
    from fusion_ros.pairing.stamp_matcher import Match
    from fusion_ros.pipeline import FusionPipeline

LATENCIES_KEPT = 300


@dataclass(slots=True)
class FusionCounts:
    """What became of the pairs.

    Attributes:
        fused: Fused and published.
        failed: Refused by the backend.
        last_error: Why the latest one was refused.
        latencies_ms: Latency of the latest fused frames [ms].
    """

    fused: int = 0
    failed: int = 0
    last_error: str = ""
    latencies_ms: deque[float] = field(default_factory=lambda: deque(maxlen=LATENCIES_KEPT))


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Wall times of one frame [ms]; fields as in FusionTiming."""

    convert_ms: float
    wait_ms: float
    prepare_ms: float
    fuse_ms: float
    publish_ms: float
    latency_ms: float
    period_ms: float


class FusionWorker:
    """Runs the pipeline in its own thread, so that slow fusion never blocks reception."""

    def __init__(
        self,
        pipeline: FusionPipeline,
        guidance_is_wanted: Callable[[], bool],
        publish_images: Callable[[FusedFrame, Match[Arrival, Arrival]], None],
        publish_timing: Callable[[FusedFrame, Match[Arrival, Arrival], StageTimes], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """Start the thread.

        Args:
            pipeline: Used by this thread only, until `stop`.
            guidance_is_wanted: Asked before each frame.
            publish_images: Given each result; its time is measured.
            publish_timing: Given each result with its times.
            on_failure: Told the traceback when a frame was refused.
        """
        self.counts = FusionCounts()
        self.slot: LatestSlot[Match[Arrival, Arrival]] = LatestSlot()
        self._pipeline = pipeline
        self._guidance_is_wanted = guidance_is_wanted
        self._publish_images = publish_images
        self._publish_timing = publish_timing
        self._on_failure = on_failure
        self._published_ns = 0
        self._reset_wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fusion_worker", daemon=True)
        self._thread.start()

    def forget_stream(self) -> None:
        """Start anew with the next frame what follows the stream, after a jump in time."""
        self._reset_wanted.set()

    def stop(self) -> None:
        """Finish the frame in work and end the thread."""
        self.slot.close()
        self._thread.join()

    def _run(self) -> None:
        while (match := self.slot.take()) is not None:
            try:
                self._fuse(match)
            # One frame that fails must not stop the next: it is counted and reported.
            except Exception as err:
                self.counts.failed += 1
                self.counts.last_error = f"{type(err).__name__}: {err}"
                self._on_failure(traceback.format_exc())

    def _fuse(self, match: Match[Arrival, Arrival]) -> None:
        taken_ns = time.perf_counter_ns()
        if self._reset_wanted.is_set():
            self._reset_wanted.clear()
            self._pipeline.reset()
        visible, thermal = match.visible, match.thermal
        pair = frame_pair(visible.frame, thermal.frame)
        converted_ns = time.perf_counter_ns()
        fused = self._pipeline.fuse(pair, guidance=self._guidance_is_wanted())
        fused_ns = time.perf_counter_ns()
        self._publish_images(fused, match)
        published_ns = time.perf_counter_ns()
        arrived_ns = max(visible.arrived_ns, thermal.arrived_ns)
        times = StageTimes(
            convert_ms=visible.checked_ms + thermal.checked_ms + _ms(converted_ns - taken_ns),
            wait_ms=_ms(taken_ns - arrived_ns),
            prepare_ms=fused.timings_ms["prepare"],
            fuse_ms=fused.timings_ms["fuse"],
            publish_ms=_ms(published_ns - fused_ns),
            latency_ms=_ms(published_ns - arrived_ns),
            period_ms=_ms(published_ns - self._published_ns) if self._published_ns else 0.0,
        )
        self._published_ns = published_ns
        self.counts.fused += 1
        self.counts.latencies_ms.append(times.latency_ms)
        self._publish_timing(fused, match, times)


def _ms(duration_ns: int) -> float:
    return duration_ns / NS_PER_MS
