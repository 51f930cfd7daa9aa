# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Times contenders in turns, so that whatever else the machine does hits all alike."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.benchmark.contenders import FLOOR, YARDSTICK, Contender, benchmark_pair
from fusion_ros.core.time_units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fusion_ros.core.frames import FramePair

ROUNDS = 20
# A turn takes as many runs as fit into this time, at least one and at most this many. [ms]
TURN_MS = 60.0
MOST_RUNS_A_TURN = 20
WARM_UP_RUNS = 3


@dataclass(frozen=True, slots=True)
class Measurement:
    """Times of one contender at one size.

    Attributes:
        contender: Its name.
        width: Of the images [px].
        height: Of the images [px].
        median_ms: Median time of a frame [ms].
        p99_ms: Time that 99 % of the frames stay below [ms].
        runs: How many frames were timed.
        times_faster_than_lutfuse: Ratio of medians; None where LUT-Fuse was not measured.
        times_slower_than_sum: Ratio of medians to OpenCV's weighted sum.
    """

    contender: str
    width: int
    height: int
    median_ms: float
    p99_ms: float
    runs: int
    times_faster_than_lutfuse: float | None
    times_slower_than_sum: float


def measure(
    found: list[Contender],
    sizes: Iterable[tuple[int, int]],
    on_turn: Callable[[], None] = lambda: None,
) -> list[Measurement]:
    """Time all contenders at all sizes.

    Args:
        found: The contenders.
        sizes: Widths and heights [px].
        on_turn: Called after each of the `ROUNDS` turns of each contender at each size.
    """
    results = []
    for width, height in sizes:
        pair = benchmark_pair(height, width)
        times: dict[str, list[float]] = {contender.name: [] for contender in found}
        runs = {contender.name: _runs_a_turn(contender, pair) for contender in found}
        for _ in range(ROUNDS):
            for contender in found:
                times[contender.name] += _time(contender, pair, runs[contender.name])
                on_turn()
        results += _summaries(times, width, height)
    return results


def _runs_a_turn(contender: Contender, pair: FramePair) -> int:
    typical_ms = float(np.median(_time(contender, pair, WARM_UP_RUNS)))
    return int(np.clip(TURN_MS / max(typical_ms, 1e-3), 1, MOST_RUNS_A_TURN))


def _time(contender: Contender, pair: FramePair, runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        start_ns = time.perf_counter_ns()
        contender.fuse(pair)
        times.append((time.perf_counter_ns() - start_ns) / NS_PER_MS)
    return times


def _summaries(times: dict[str, list[float]], width: int, height: int) -> list[Measurement]:
    medians = {name: float(np.median(values)) for name, values in times.items()}
    yardstick = medians.get(YARDSTICK)
    return [
        Measurement(
            contender=name,
            width=width,
            height=height,
            median_ms=medians[name],
            p99_ms=float(np.percentile(values, 99)),
            runs=len(values),
            times_faster_than_lutfuse=yardstick / medians[name] if yardstick else None,
            times_slower_than_sum=medians[name] / medians[FLOOR],
        )
        for name, values in times.items()
    ]
