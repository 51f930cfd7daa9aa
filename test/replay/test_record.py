# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Rates of streams."""

import pytest

from fusion_ros.replay.record import RateMeter

STEP_NS = 100_000_000


def rate_of(times_ns):
    meter = RateMeter()
    for time_ns in times_ns:
        meter.add(time_ns)
    return meter.rate_hz


def test_the_rate_counts_lost_frames():
    assert rate_of(STEP_NS * n for n in range(31) if n % 3) == pytest.approx(20 / 3, rel=0.02)


@pytest.mark.parametrize("wild_ns", [0, 40 * STEP_NS, 2**62])
def test_a_wild_stamp_changes_no_rate(wild_ns):
    times_ns = [STEP_NS * n for n in range(1, 30)]
    times_ns[15] = wild_ns
    assert rate_of(times_ns) == pytest.approx(10)


def test_a_recording_in_a_loop_keeps_its_rate():
    assert rate_of([STEP_NS * n for n in range(10)] * 2) == pytest.approx(10)


def test_one_frame_has_no_rate():
    assert rate_of([5]) is None
