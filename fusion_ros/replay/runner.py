# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a recording through the pipeline: every frame, as fast as it goes, without ROS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from fusion_ros.bags.message_types import deserialize
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.errors import BagError, ImageFormatError
from fusion_ros.messages.images import frame_pair, thermal_frame, visible_frame
from fusion_ros.replay.account import ReplayAccount, StreamAccount
from fusion_ros.replay.timing import ReplayCounters, timing_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_ros.bags.bag_reader import BagMessage, BagReader
    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.core.frames import Frame
    from fusion_ros.pairing.stamp_matcher import Match, StampMatcher
    from fusion_ros.pipeline import FusionPipeline
    from fusion_ros.replay.outputs import ReplayOutputs

Stream = Literal["visible", "thermal"]
# Reasons kept for the summary; the rest is only counted.
REASONS_KEPT = 10


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame with what its outputs need.

    Attributes:
        frame: The image.
        header: `std_msgs/Header` as recorded.
        convert_ms: Time taken to make the frame of the message.
    """

    frame: Frame
    header: Any
    convert_ms: float


@dataclass(slots=True)
class ReplayRecord:
    """What was measured, one entry for each fused pair.

    Attributes:
        stages_ms: Stage name to wall times.
        offsets_ns: Thermal minus visible stamp, configured offsets applied.
        reasons: Why messages and pairs were refused, the first few.
    """

    stages_ms: dict[str, list[float]] = field(default_factory=dict)
    offsets_ns: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def add_stages(self, stages_ms: dict[str, float]) -> None:
        """Append the times of one pair."""
        for name, value in stages_ms.items():
            self.stages_ms.setdefault(name, []).append(value)

    def add_reason(self, reason: str) -> None:
        """Keep a reason if there is room."""
        if len(self.reasons) < REASONS_KEPT:
            self.reasons.append(reason)


class ReplayRunner:
    """One pass through a bag.

    Attributes:
        record: What was measured.
    """

    def __init__(
        self,
        topics: CameraTopics,
        matcher: StampMatcher[Arrival, Arrival],
        pipeline: FusionPipeline,
        outputs: ReplayOutputs,
    ) -> None:
        """Prepare; all parts must be fresh.

        Args:
            topics: Which topics to fuse.
            matcher: Pairs the frames.
            pipeline: Fuses the pairs.
            outputs: Takes the results.
        """
        self.record = ReplayRecord()
        self._topics = topics
        self._matcher = matcher
        self._pipeline = pipeline
        self._outputs = outputs
        self._inputs: dict[Stream, int] = {"visible": 0, "thermal": 0}
        self._malformed: dict[Stream, int] = {"visible": 0, "thermal": 0}
        self._pairs = self._fused = self._failed = 0
        self._camera_info: Any | None = None

    def run(self, reader: BagReader) -> Iterator[None]:
        """Process all messages; yields after each, for progress."""
        wanted = [name for name in (self._topics.visible, self._topics.thermal) if name]
        if self._topics.visible_info:
            wanted.append(self._topics.visible_info)
        log_time_ns = 0
        for message in reader.messages(wanted):
            log_time_ns = max(log_time_ns, message.log_time_ns)
            for match in self._take(message):
                self._fuse(match, log_time_ns)
            yield
        for match in self._matcher.finish():
            self._fuse(match, log_time_ns)

    def account(self) -> ReplayAccount:
        """What became of every frame; complete after `run` has ended."""
        counts = {
            "visible": self._matcher.visible_counts,
            "thermal": self._matcher.thermal_counts,
        }
        visible, thermal = (
            StreamAccount.of(self._inputs[name], counts[name], self._malformed[name])
            for name in self._inputs
        )
        account = ReplayAccount(visible, thermal, self._pairs, self._fused, self._failed)
        account.require_balance()
        return account

    def _take(self, message: BagMessage) -> list[Match[Arrival, Arrival]]:
        if message.topic == self._topics.visible_info:
            self._take_camera_info(message)
            return []
        stream: Stream = "visible" if message.topic == self._topics.visible else "thermal"
        self._inputs[stream] += 1
        try:
            arrival = self._arrival(message, stream)
        except (BagError, ImageFormatError) as err:
            self._malformed[stream] += 1
            self.record.add_reason(f"{stream}: {err}")
            return []
        self._outputs.copy_input(message)
        add = self._matcher.add_visible if stream == "visible" else self._matcher.add_thermal
        return add(arrival.frame.stamp_ns, arrival)

    def _arrival(self, message: BagMessage, stream: Stream) -> Arrival:
        timer = StageTimer()
        image = deserialize(message)
        frame = visible_frame(image) if stream == "visible" else thermal_frame(image)
        timer.finish("convert")
        return Arrival(frame, image.header, timer.stages_ms["convert"])

    def _take_camera_info(self, message: BagMessage) -> None:
        try:
            self._camera_info = deserialize(message)
        except BagError as err:
            self.record.add_reason(f"camera info: {err}")
            return
        self._outputs.copy_input(message)

    def _fuse(self, match: Match[Arrival, Arrival], log_time_ns: int) -> None:
        self._pairs += 1
        visible, thermal = match.visible, match.thermal
        timer = StageTimer()
        try:
            pair = frame_pair(visible.frame, thermal.frame)
            timer.finish("convert")
            fused = self._pipeline.fuse(pair)
        # As in the node: one pair that fails must not stop the next; it is counted and reported.
        except Exception as err:
            self._failed += 1
            self.record.add_reason(f"pair: {type(err).__name__}: {err}")
            return
        self._fused += 1
        writing = StageTimer()
        self._outputs.write_fused(log_time_ns, fused, visible.header, self._camera_info)
        writing.finish("publish")
        convert_ms = timer.stages_ms["convert"] + visible.convert_ms + thermal.convert_ms
        stages_ms = {"convert": convert_ms, **fused.timings_ms, **writing.stages_ms}
        self.record.add_stages(stages_ms)
        self.record.offsets_ns.append(match.offset_ns)
        timing = timing_message(self._pipeline, fused, match, stages_ms, self._counters())
        self._outputs.write_timing(log_time_ns, timing)

    def _counters(self) -> ReplayCounters:
        counts = self._matcher.visible_counts, self._matcher.thermal_counts
        return ReplayCounters(
            received=(self._inputs["visible"], self._inputs["thermal"]),
            malformed=(self._malformed["visible"], self._malformed["thermal"]),
            unpaired=(counts[0].unpaired, counts[1].unpaired),
            stale=(counts[0].stale, counts[1].stale),
            failed=self._failed,
            fused=self._fused,
        )
