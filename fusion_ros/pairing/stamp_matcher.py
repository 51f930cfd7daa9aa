# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Pairs the frames of two streams by their stamps, and accounts for every frame.

A visible frame is paired with the thermal frame nearest in time, once it is certain that no
nearer one will come: when a later thermal stamp has been seen, or when the thermal stream's
rate says that the next stamp must lie farther away. So streams in step are paired at once and
never with a neighbour just because it arrived first.

A thermal stream slower than the visible one may serve several visible frames (`reuse_thermal`).
Each is then paired with the nearest of the thermal frames taken up to its own time, or a nearer
one that is there already: every visible frame comes out, and none waits for the future.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from fusion_ros.errors import ConfigError
from fusion_ros.pairing.stream_clock import StreamClock

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V")
T = TypeVar("T")

# A stamp this far behind its stream is a clock that was set back or a bag that started over,
# not a frame that came late.
JUMP_NS = 1_000_000_000
DEFAULT_QUEUE_SIZE = 10
Stream = Literal["visible", "thermal"]
DropReason = Literal["no_partner", "stale"]


@dataclass(frozen=True, slots=True)
class Match(Generic[V, T]):
    """Two frames that belong together.

    Attributes:
        visible: The item given with the visible stamp.
        thermal: The item given with the thermal stamp.
        offset_ns: Thermal stamp minus visible stamp [ns], configured offsets applied.
    """

    visible: V
    thermal: T
    offset_ns: int


@dataclass(slots=True)
class StreamCounts:
    """What became of the frames of one stream; `received` is the sum of the others.

    Attributes:
        received: All frames given.
        paired: Frames that are part of at least one pair.
        unpaired: Frames without a partner near enough.
        stale: Frames not newer than their stream, or discarded by a jump in time.
        held: Frames still waiting for a decision.
    """

    received: int = 0
    paired: int = 0
    unpaired: int = 0
    stale: int = 0

    @property
    def held(self) -> int:
        """Frames still waiting for a decision."""
        return self.received - self.paired - self.unpaired - self.stale


@dataclass(slots=True)
class _Waiting:
    stamp_ns: int
    item: object
    used: bool = False


class StampMatcher(Generic[V, T]):
    """Nearest-stamp pairing of a visible and a thermal stream. Not thread-safe.

    Convention:
        A distance equal to the tolerance still matches; a tolerance of 0 asks for equal stamps.
        Of two thermal frames equally near, the earlier one is taken.
    """

    def __init__(
        self,
        *,
        tolerance_ns: int,
        visible_offset_ns: int = 0,
        thermal_offset_ns: int = 0,
        queue_size: int = DEFAULT_QUEUE_SIZE,
        reuse_thermal: bool = False,
        on_drop: Callable[[Stream, DropReason, V | T], None] | None = None,
    ) -> None:
        """Start with empty queues.

        Args:
            tolerance_ns: Largest distance of two stamps that match [ns].
            visible_offset_ns: Added to visible stamps before they are compared [ns].
            thermal_offset_ns: Added to thermal stamps before they are compared [ns].
            queue_size: Frames of each stream that may wait.
            reuse_thermal: Whether a thermal frame may serve several visible frames.
            on_drop: Told of every frame that will be in no pair, when that is certain.

        Raises:
            ConfigError: A value is out of range.
        """
        if tolerance_ns < 0 or queue_size < 1:
            raise ConfigError(
                f"pairing: expected a tolerance of 0 or more and a queue of 1 or more, got "
                f"{tolerance_ns} ns and {queue_size}"
            )
        self._tolerance_ns = tolerance_ns
        self._offsets_ns = (visible_offset_ns, thermal_offset_ns)
        self._queue_size = queue_size
        self._reuse_thermal = reuse_thermal
        self._on_drop = on_drop
        self.visible_counts = StreamCounts()
        self.thermal_counts = StreamCounts()
        self._forget()

    def add_visible(self, stamp_ns: int, item: V) -> list[Match[V, T]]:
        """Take a visible frame; returns the pairs that are now certain, oldest first."""
        stamp_ns += self._offsets_ns[0]
        if not self._accept("visible", stamp_ns, item):
            return []
        self._visible_clock.advance(stamp_ns)
        self._visible.append(_Waiting(stamp_ns, item))
        return self._decide()

    def add_thermal(self, stamp_ns: int, item: T) -> list[Match[V, T]]:
        """Take a thermal frame; returns the pairs that are now certain, oldest first."""
        stamp_ns += self._offsets_ns[1]
        if not self._accept("thermal", stamp_ns, item):
            return []
        self._thermal_clock.advance(stamp_ns)
        self._thermal.append(_Waiting(stamp_ns, item))
        return self._decide()

    def finish(self) -> list[Match[V, T]]:
        """Decide all that waits, as if no frame will follow."""
        matches = self._decide(final=True)
        self._drop_thermal_before(None)
        return matches

    def reset(self) -> None:
        """Discard what waits, e.g. after a jump of the clock; counted as stale."""
        for visible in self._visible:
            self._drop("visible", "stale", visible.item)
        for thermal in self._thermal:
            if not thermal.used:
                self._drop("thermal", "stale", thermal.item)
        self._forget()

    def _forget(self) -> None:
        self._visible: deque[_Waiting] = deque()
        self._thermal: deque[_Waiting] = deque()
        self._visible_clock = StreamClock()
        self._thermal_clock = StreamClock()

    def _accept(self, stream: Stream, stamp_ns: int, item: V | T) -> bool:
        clock = self._visible_clock if stream == "visible" else self._thermal_clock
        self._counts(stream).received += 1
        if clock.latest_ns is not None and stamp_ns <= clock.latest_ns:
            if clock.latest_ns - stamp_ns < JUMP_NS:
                self._drop(stream, "stale", item)
                return False
            self.reset()
        return True

    def _counts(self, stream: Stream) -> StreamCounts:
        return self.visible_counts if stream == "visible" else self.thermal_counts

    def _drop(self, stream: Stream, reason: DropReason, item: object) -> None:
        counts = self._counts(stream)
        if reason == "stale":
            counts.stale += 1
        else:
            counts.unpaired += 1
        if self._on_drop is not None:
            self._on_drop(stream, reason, item)  # type: ignore[arg-type]

    def _decide(self, final: bool = False) -> list[Match[V, T]]:
        matches: list[Match[V, T]] = []
        while self._visible:
            forced = final or self._overfull()
            verdict = self._choose(forced)
            if verdict is _WAIT:
                break
            visible = self._visible.popleft()
            if verdict is None:
                self._drop("visible", "no_partner", visible.item)
            else:
                matches.append(self._pair(visible, verdict))
        self._prune()
        return matches

    def _overfull(self) -> bool:
        return max(len(self._visible), len(self._thermal)) > self._queue_size

    def _choose(self, forced: bool) -> _Waiting | None:
        """The partner of the oldest visible frame: a thermal frame, None, or `_WAIT`."""
        stamp_ns = self._visible[0].stamp_ns
        candidates = sorted(self._in_reach(stamp_ns), key=lambda t: abs(t.stamp_ns - stamp_ns))
        if not forced and not self._no_nearer_thermal_can_come(stamp_ns, candidates):
            return _WAIT
        rejected_ns: int | None = None
        for thermal in candidates:
            # A partner beyond one that belongs to a later visible frame would cross that pair.
            if rejected_ns is not None and thermal.stamp_ns > rejected_ns:
                continue
            preferred = True if self._reuse_thermal else self._is_nearest_visible(thermal, forced)
            if preferred is None:
                return _WAIT
            if preferred:
                return thermal
            rejected_ns = thermal.stamp_ns
        return None

    def _no_nearer_thermal_can_come(self, stamp_ns: int, candidates: list[_Waiting]) -> bool:
        if candidates:
            if self._reuse_thermal:
                return self._nothing_earlier_is_outstanding(stamp_ns)
            nearest_ns = abs(candidates[0].stamp_ns - stamp_ns)
            return self._thermal_clock.will_hardly_come_within(nearest_ns, stamp_ns)
        # To give a frame up takes certainty; a rate may change, stamps of a stream only grow.
        latest_ns = self._thermal_clock.latest_ns
        return latest_ns is not None and latest_ns - stamp_ns >= self._tolerance_ns

    def _nothing_earlier_is_outstanding(self, stamp_ns: int) -> bool:
        """Whether all thermal frames taken before a visible one are here, as far as one knows.

        Waiting for a nearer one of the future would hold visible frames back and let them go
        in bursts; and while the rate is unknown, one that may be reused is at hand.
        """
        clock = self._thermal_clock
        return not clock.knows_rate or clock.will_hardly_come_within(1, stamp_ns)

    def _in_reach(self, stamp_ns: int) -> list[_Waiting]:
        return [
            thermal
            for thermal in self._thermal
            if abs(thermal.stamp_ns - stamp_ns) <= self._tolerance_ns
        ]

    def _is_nearest_visible(self, thermal: _Waiting, forced: bool) -> bool | None:
        """Whether no later visible frame is nearer to `thermal`; None while that is open."""
        own_ns = abs(self._visible[0].stamp_ns - thermal.stamp_ns)
        if len(self._visible) > 1:
            return abs(self._visible[1].stamp_ns - thermal.stamp_ns) >= own_ns
        if forced or self._visible_clock.will_hardly_come_within(own_ns, thermal.stamp_ns):
            return True
        return None

    def _pair(self, visible: _Waiting, thermal: _Waiting) -> Match[V, T]:
        self._drop_thermal_before(thermal)
        self.visible_counts.paired += 1
        self.thermal_counts.paired += not thermal.used
        thermal.used = True
        if not self._reuse_thermal:
            self._thermal.popleft()
        offset_ns = thermal.stamp_ns - visible.stamp_ns
        return Match(visible.item, thermal.item, offset_ns)  # type: ignore[arg-type]

    def _prune(self) -> None:
        """Let thermal frames go that no visible frame can want any more."""
        if self._visible:
            oldest_ns: int | None = self._visible[0].stamp_ns
        else:
            oldest_ns = self._visible_clock.latest_ns
        while self._thermal and (
            len(self._thermal) > self._queue_size
            or (
                oldest_ns is not None and self._thermal[0].stamp_ns < oldest_ns - self._tolerance_ns
            )
        ):
            self._drop_oldest_thermal()

    def _drop_thermal_before(self, thermal: _Waiting | None) -> None:
        while self._thermal and self._thermal[0] is not thermal:
            self._drop_oldest_thermal()

    def _drop_oldest_thermal(self) -> None:
        thermal = self._thermal.popleft()
        if not thermal.used:
            self._drop("thermal", "no_partner", thermal.item)


# Answer of `_choose` while a nearer partner may still come.
_WAIT = _Waiting(stamp_ns=0, item=None)
