# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is known of the stamps of one stream."""

from __future__ import annotations

from collections import deque

# Intervals remembered; about half a second of a 30 Hz stream.
INTERVALS = 16
# The next interval is taken to be at least this share of the shortest one remembered.
SHORTEST_SHARE = 0.75


class StreamClock:
    """Latest stamp of a stream, and how soon the next one can follow."""

    __slots__ = ("_intervals_ns", "latest_ns")

    def __init__(self) -> None:
        """Know nothing yet."""
        self.latest_ns: int | None = None
        self._intervals_ns: deque[int] = deque(maxlen=INTERVALS)

    def advance(self, stamp_ns: int) -> None:
        """Take note of a stamp later than all before."""
        if self.latest_ns is not None:
            self._intervals_ns.append(stamp_ns - self.latest_ns)
        self.latest_ns = stamp_ns

    @property
    def knows_rate(self) -> bool:
        """Whether two frames have been seen."""
        return bool(self._intervals_ns)

    def will_hardly_come_within(self, distance_ns: int, stamp_ns: int) -> bool:
        """Whether the next frame will hardly lie nearer to a stamp than a distance [ns].

        An estimate from the stream's rate: good enough to take the better of two partners
        without waiting, not to give a frame up.
        """
        if self.latest_ns is None:
            return False
        shortest_ns = min(self._intervals_ns, default=0)
        next_ns = self.latest_ns + max(1, int(SHORTEST_SHARE * shortest_ns))
        return next_ns - stamp_ns >= distance_ns
