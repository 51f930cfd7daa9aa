# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Nearest-stamp pairing of two image topics, as a filter in a chain of message filters."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.errors import ImageFormatError
from fusion_ros.node.message_filter import MessageFilter
from fusion_ros.pairing.stamp_matcher import StampMatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.core.frames import Frame
    from fusion_ros.pairing.stamp_matcher import Match, StreamCounts
    from fusion_ros.parameters.config import PairingConfig

VISIBLE, THERMAL = "visible", "thermal"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A frame, and what is known of how it came.

    Attributes:
        frame: The checked image.
        header: Header of its message.
        arrived_ns: When its callback began, on the steady clock [ns].
        checked_ms: Time spent on looking at the message [ms].
    """

    frame: Frame
    header: Any
    arrived_ns: int
    checked_ms: float


class NearestStampSynchronizer(MessageFilter):
    """Pairs what two image sources give; outputs a `Match` of two `Arrival`.

    Attributes:
        malformed: Messages refused, for each stream; they are not part of the matcher's counts.
        last_errors: Why the latest message of a stream was refused.
        last_arrival_ns: When the latest message of a stream came, on the steady clock [ns].
    """

    def __init__(
        self,
        sources: tuple[Any, Any],
        readers: tuple[Callable[[Any], Frame], Callable[[Any], Frame]],
        config: PairingConfig,
        on_malformed: Callable[[str, str], None],
    ) -> None:
        """Connect to the visible and the thermal source.

        Args:
            sources: Filters that give the image messages, visible first.
            readers: Turn a message of the respective source into a frame, or raise
                `ImageFormatError`.
            config: Settings of the pairing.
            on_malformed: Told the stream and the reason when a message is refused.
        """
        super().__init__()
        self._readers = dict(zip((VISIBLE, THERMAL), readers, strict=True))
        self._on_malformed = on_malformed
        self.malformed = {VISIBLE: 0, THERMAL: 0}
        self.last_errors = {VISIBLE: "", THERMAL: ""}
        self.last_arrival_ns: dict[str, int] = {}
        self._matcher: StampMatcher[Arrival, Arrival] = StampMatcher(**asdict(config))
        for stream, source in zip((VISIBLE, THERMAL), sources, strict=True):
            source.registerCallback(self._take, stream)

    @property
    def visible_counts(self) -> StreamCounts:
        """What became of the well-formed visible frames."""
        return self._matcher.visible_counts

    @property
    def thermal_counts(self) -> StreamCounts:
        """What became of the well-formed thermal frames."""
        return self._matcher.thermal_counts

    def reset(self) -> None:
        """Discard what waits, after a jump of the clock."""
        self._matcher.reset()

    def reconfigure(self, config: PairingConfig) -> None:
        """Go on with other settings; frames that wait are discarded, counts go on."""
        self._matcher.reset()
        matcher: StampMatcher[Arrival, Arrival] = StampMatcher(**asdict(config))
        matcher.visible_counts = self._matcher.visible_counts
        matcher.thermal_counts = self._matcher.thermal_counts
        self._matcher = matcher

    def _take(self, message: Any, stream: str) -> None:
        arrived_ns = time.perf_counter_ns()
        self.last_arrival_ns[stream] = arrived_ns
        try:
            frame = self._readers[stream](message)
        except ImageFormatError as err:
            self.malformed[stream] += 1
            self.last_errors[stream] = str(err)
            self._on_malformed(stream, str(err))
            return
        checked_ms = (time.perf_counter_ns() - arrived_ns) / NS_PER_MS
        arrival = Arrival(frame, message.header, arrived_ns, checked_ms)
        for match in self._add(stream, arrival):
            self.signalMessage(match)

    def _add(self, stream: str, arrival: Arrival) -> list[Match[Arrival, Arrival]]:
        if stream == VISIBLE:
            return self._matcher.add_visible(arrival.frame.stamp_ns, arrival)
        return self._matcher.add_thermal(arrival.frame.stamp_ns, arrival)
