# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Times contenders in turns, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.benchmark.pictures import benchmark_pair
from fusion_ros.core.time_units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fusion_ros.benchmark.contenders import Fuse
    from fusion_ros.core.frames import FramePair

WARM_UP_RUNS = 3
# Contenders that take longer than this many turns for a frame take part in few rounds.
SLOW_TURNS = 6
ROUNDS_SKIPPED_BY_SLOW = 4


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured.

    Attributes:
        rounds: Turns of each contender at each size.
        turn_ms: A turn takes as many runs as fit into this time, at least one [ms].
        most_runs_a_turn: And at most this many.
    """

    rounds: int
    turn_ms: float
    most_runs_a_turn: int


FULL = Effort(rounds=20, turn_ms=250.0, most_runs_a_turn=25)
QUICK = Effort(rounds=3, turn_ms=20.0, most_runs_a_turn=5)


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one contender at one size.

    Attributes:
        contender: Its name.
        width: Of the images [px].
        height: Of the images [px].
        median_ms: Median time of a frame [ms].
        p99_ms: Time that 99 % of the frames stay below [ms].
        runs: How many frames were timed.
    """

    contender: str
    width: int
    height: int
    median_ms: float
    p99_ms: float
    runs: int


def measure(
    loaded: Mapping[str, Fuse],
    size: tuple[int, int],
    effort: Effort = FULL,
    on_turn: Callable[[], None] = lambda: None,
) -> list[Timing]:
    """Time contenders at one size, in turns whose order moves on by one each round.

    Those that take longer than `SLOW_TURNS` for a frame take part in every fifth round only.

    Args:
        loaded: Names of the contenders, and what fuses a pair.
        size: Width and height [px].
        effort: How much is measured.
        on_turn: Called after each turn.
    """
    width, height = size
    pair = benchmark_pair(height, width)
    names = list(loaded)
    typical_ms = {name: _typical_ms(loaded[name], pair) for name in names}
    runs = {name: _runs_a_turn(typical_ms[name], effort) for name in names}
    slow = {name for name in names if typical_ms[name] > SLOW_TURNS * effort.turn_ms}
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(effort.rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if number % (1 + ROUNDS_SKIPPED_BY_SLOW) and name in slow:
                on_turn()
                continue
            # One run is not timed: what the last contender left in the caches is no one's fault.
            times[name] += _time(loaded[name], pair, runs[name] + 1)[1:]
            on_turn()
    return [_timing(name, size, values) for name, values in times.items()]


def _typical_ms(fuse: Fuse, pair: FramePair) -> float:
    return float(np.median(_time(fuse, pair, WARM_UP_RUNS)))


def _runs_a_turn(typical_ms: float, effort: Effort) -> int:
    return int(np.clip(effort.turn_ms / max(typical_ms, 1e-3), 1, effort.most_runs_a_turn))


def _time(fuse: Fuse, pair: FramePair, runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        start_ns = time.perf_counter_ns()
        fuse(pair)
        times.append((time.perf_counter_ns() - start_ns) / NS_PER_MS)
    return times


def _timing(name: str, size: tuple[int, int], times_ms: list[float]) -> Timing:
    median, high = np.percentile(times_ms, (50, 99))
    return Timing(name, *size, float(median), float(high), len(times_ms))
