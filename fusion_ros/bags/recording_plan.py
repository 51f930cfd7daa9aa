# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""When each frame of a made-up recording is stamped, and which image it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from fusion_ros.core.time_units import NS_PER_MS, NS_PER_S
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

Stream = Literal["visible", "thermal"]
# A fixed moment, so that the same command makes the same bag; any but zero will do.
START_NS = 1_700_000_000 * NS_PER_S


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """Timing of a recording made from images.

    Attributes:
        rate_hz: Visible frames per second.
        thermal_rate_hz: Thermal frames per second; None for `rate_hz`.
        jitter_ms: Every stamp is off by a random amount of at most this.
        thermal_delay_ms: Thermal stamps come this much after the moment that they show.
        seed: Of the jitter.
        seconds: Length; None to go by `passes`.
        passes: How often the images are run through, every other time backwards.
    """

    rate_hz: float
    thermal_rate_hz: float | None = None
    jitter_ms: float = 0.0
    thermal_delay_ms: float = 0.0
    seed: int = 0
    seconds: float | None = None
    passes: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be recorded."""
        rates = (self.rate_hz, self.thermal_rate_hz or self.rate_hz)
        if self.seed < 0:
            raise ConfigError(f"seed: expected 0 or more, got {self.seed}")
        if min(rates) <= 0 or self.passes < 1 or (self.seconds is not None and self.seconds <= 0):
            raise ConfigError("rates, seconds and loops: expected values above 0")
        period_ms = 1000 / max(rates)
        if not 0 <= self.jitter_ms < period_ms / 2:
            raise ConfigError(
                f"jitter: expected 0 or more and less than half a period ({period_ms / 2:.1f} ms "
                f"at {max(rates):g} Hz), so that frames stay in order, got {self.jitter_ms:g} ms"
            )


@dataclass(frozen=True, slots=True)
class PlannedFrame:
    """One frame of the recording.

    Attributes:
        stream: Which camera.
        stamp_ns: Its stamp [ns].
        image_index: Which of the images it shows.
    """

    stream: Stream
    stamp_ns: int
    image_index: int


def plan_frames(plan: RecordingPlan, images: int) -> list[PlannedFrame]:
    """Lay out all frames of both streams, ordered by stamp, visible first among equals.

    Args:
        plan: The timing.
        images: How many pairs of images there are.
    """
    if plan.seconds is not None:
        count = max(1, round(plan.seconds * plan.rate_hz))
    else:
        count = plan.passes * (images - 1) + 1
    thermal_rate_hz = plan.thermal_rate_hz or plan.rate_hz
    thermal_count = max(1, round(count * thermal_rate_hz / plan.rate_hz))
    delay_ns = round(plan.thermal_delay_ms * NS_PER_MS)
    visible_jitter, thermal_jitter = (np.random.default_rng([plan.seed, n]) for n in range(2))
    visible = _stamps(plan.rate_hz, count, plan.jitter_ms, visible_jitter)
    thermal = _stamps(thermal_rate_hz, thermal_count, plan.jitter_ms, thermal_jitter)
    steps = (round(number * plan.rate_hz / thermal_rate_hz) for number in range(thermal_count))
    frames = [
        *(
            PlannedFrame("visible", stamp_ns, _back_and_forth(number, images))
            for number, stamp_ns in enumerate(visible)
        ),
        *(
            PlannedFrame("thermal", stamp_ns + delay_ns, _back_and_forth(step, images))
            for step, stamp_ns in zip(steps, thermal, strict=True)
        ),
    ]
    return sorted(frames, key=lambda frame: (frame.stamp_ns, frame.stream == "thermal"))


def _stamps(
    rate_hz: float, count: int, jitter_ms: float, random: np.random.Generator
) -> Iterator[int]:
    jitter_ns = random.uniform(-1, 1, count) * jitter_ms * NS_PER_MS
    for number in range(count):
        yield START_NS + round(number * NS_PER_S / rate_hz) + round(jitter_ns[number])


def _back_and_forth(step: int, images: int) -> int:
    """Index 0, 1, …, n-1, n-2, …, 0, 1, …: a loop without a cut and without a frozen frame."""
    if images == 1:
        return 0
    period = 2 * (images - 1)
    place = step % period
    return min(place, period - place)
