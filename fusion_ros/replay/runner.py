# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a recording through the pipeline: every frame, as fast as it goes, without ROS."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.message_types import deserialize
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.errors import BagError, ImageFormatError
from fusion_ros.messages.images import frame_pair
from fusion_ros.pairing.stamp_matcher import StampMatcher
from fusion_ros.replay.account import PairAccount, ReplayAccount, StreamAccount
from fusion_ros.replay.arrivals import Arrival, read_arrival
from fusion_ros.replay.inspection import FusedPair
from fusion_ros.replay.record import Drop, ReplayRecord
from fusion_ros.replay.timing import ReplayCounters, timing_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion_ros.bags.bag_reader import BagMessage, BagReader
    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.core.frames import FusedFrame
    from fusion_ros.pairing.stamp_matcher import DropReason, Match, Stream
    from fusion_ros.parameters.config import PairingConfig
    from fusion_ros.pipeline import FusionPipeline
    from fusion_ros.replay.inspection import Inspection
    from fusion_ros.replay.outputs import ReplayOutputs


def _both() -> dict[Stream, int]:
    return {"visible": 0, "thermal": 0}


@dataclass(slots=True)
class _Tally:
    """Counts that the matcher does not keep; `fused` counts frames, however often used."""

    inputs: dict[Stream, int] = field(default_factory=_both)
    malformed: dict[Stream, int] = field(default_factory=_both)
    fused: dict[Stream, int] = field(default_factory=_both)
    failed_pairs: int = 0


class ReplayRunner:
    """One pass through a bag.

    Attributes:
        record: What was measured.
    """

    def __init__(
        self,
        topics: CameraTopics,
        pairing: PairingConfig,
        pipeline: FusionPipeline,
        outputs: ReplayOutputs,
        inspection: Inspection,
    ) -> None:
        """Prepare; all parts must be fresh.

        Args:
            topics: Which topics to fuse.
            pairing: How to pair the frames.
            pipeline: Fuses the pairs.
            outputs: Takes the results.
            inspection: Looks at the results.
        """
        self.record = ReplayRecord()
        self._topics = topics
        self._matcher: StampMatcher[Arrival, Arrival] = StampMatcher(
            **asdict(pairing), on_drop=self._drop
        )
        self._pipeline = pipeline
        self._outputs = outputs
        self._inspection = inspection
        self._tally = _Tally()
        self._last_fused_thermal: Arrival | None = None
        self._camera_info: Any | None = None

    def run(self, reader: BagReader) -> Iterator[None]:
        """Process all messages; yields after each, for progress."""
        log_time_ns = 0
        for message in reader.messages(self._topics.names):
            log_time_ns = max(log_time_ns, message.log_time_ns)
            self.record.add_message(message.log_time_ns)
            for match in self._take(message):
                self._fuse(match, log_time_ns)
            yield
        for match in self._matcher.finish():
            self._fuse(match, log_time_ns)

    def account(self) -> ReplayAccount:
        """What became of every frame; complete after `run` has ended."""
        fused = self._tally.fused["visible"]
        failed = self._tally.failed_pairs
        pairs = PairAccount(self._matcher.visible_counts.paired, fused, failed)
        account = ReplayAccount(self._stream("visible"), self._stream("thermal"), pairs)
        account.require_balance()
        return account

    def _stream(self, stream: Stream) -> StreamAccount:
        visible = stream == "visible"
        counts = self._matcher.visible_counts if visible else self._matcher.thermal_counts
        return StreamAccount(
            inputs=self._tally.inputs[stream],
            fused=self._tally.fused[stream],
            failed=counts.paired - self._tally.fused[stream],
            no_partner=counts.unpaired,
            stale=counts.stale,
            malformed=self._tally.malformed[stream],
        )

    def _take(self, message: BagMessage) -> list[Match[Arrival, Arrival]]:
        if message.topic == self._topics.visible_info:
            self._take_camera_info(message)
            return []
        stream: Stream = "visible" if message.topic == self._topics.visible else "thermal"
        self._tally.inputs[stream] += 1
        try:
            arrival = read_arrival(message, stream)
        except (BagError, ImageFormatError) as err:
            self._tally.malformed[stream] += 1
            self.record.drops.append(Drop(stream, "malformed", None, message.log_time_ns))
            self.record.add_reason(f"{stream}: {err}")
            return []
        stamp_ns = arrival.frame.stamp_ns
        self._outputs.copy_input(message)
        self.record.add_arrival(stream, stamp_ns, message.log_time_ns)
        add = self._matcher.add_visible if stream == "visible" else self._matcher.add_thermal
        return add(stamp_ns, arrival)

    def _take_camera_info(self, message: BagMessage) -> None:
        try:
            self._camera_info = deserialize(message)
        except BagError as err:
            self.record.add_reason(f"camera info: {err}")
            return
        self._outputs.copy_input(message)

    def _drop(self, stream: Stream, reason: DropReason, arrival: Arrival) -> None:
        stamp_ns = arrival.frame.stamp_ns
        self.record.drops.append(Drop(stream, reason, stamp_ns, arrival.log_time_ns))

    def _fuse(self, match: Match[Arrival, Arrival], log_time_ns: int) -> None:
        visible, thermal = match.visible, match.thermal
        timer = StageTimer()
        try:
            pair = frame_pair(visible.frame, thermal.frame)
            timer.finish("convert")
            fused, sources = self._pipeline.fuse_with_sources(pair)
        # As in the node: one pair that fails must not stop the next; it is counted and reported.
        except Exception as err:
            self._tally.failed_pairs += 1
            stamp_ns = visible.frame.stamp_ns
            self.record.drops.append(Drop("pair", "failed", stamp_ns, log_time_ns))
            self.record.add_reason(f"pair: {type(err).__name__}: {err}")
            return
        self._tally.fused["visible"] += 1
        self._tally.fused["thermal"] += thermal is not self._last_fused_thermal
        self._last_fused_thermal = thermal
        convert_ms = timer.stages_ms["convert"] + visible.convert_ms + thermal.convert_ms
        self._write(match, fused, convert_ms, log_time_ns)
        self._inspection.look_at(FusedPair(pair, sources, fused), self.record.seconds)

    def _write(
        self,
        match: Match[Arrival, Arrival],
        fused: FusedFrame,
        convert_ms: float,
        log_time_ns: int,
    ) -> None:
        visible, thermal = match.visible, match.thermal
        writing = StageTimer()
        self._outputs.write_fused(log_time_ns, fused, visible.header, self._camera_info)
        writing.finish("write")
        write_ms = writing.stages_ms["write"]
        stages_ms = {"convert": convert_ms, **fused.timings_ms}
        arrivals_ns = visible.log_time_ns, thermal.log_time_ns
        stamp_ns = visible.frame.stamp_ns
        self.record.add_fused(stamp_ns, match.offset_ns, arrivals_ns, stages_ms, write_ms)
        stages_ms |= writing.stages_ms
        timing = timing_message(self._pipeline, fused, match, stages_ms, self._counters())
        self._outputs.write_timing(log_time_ns, timing)

    def _counters(self) -> ReplayCounters:
        counts = self._matcher.visible_counts, self._matcher.thermal_counts
        tally = self._tally
        return ReplayCounters(
            received=(tally.inputs["visible"], tally.inputs["thermal"]),
            malformed=(tally.malformed["visible"], tally.malformed["thermal"]),
            unpaired=(counts[0].unpaired, counts[1].unpaired),
            stale=(counts[0].stale, counts[1].stale),
            failed=tally.failed_pairs,
            fused=tally.fused["visible"],
        )
