# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import random

import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.pairing.stamp_matcher import Match, StampMatcher

MS = 1_000_000
START_NS = 1_700_000_000_000 * MS


def stamps(period_ms, count, jitter_ms=0.0, phase_ms=0.0, seed=0):
    source = random.Random(seed)
    return [
        START_NS + int((phase_ms + i * period_ms + source.uniform(-jitter_ms, jitter_ms)) * MS)
        for i in range(count)
    ]


def play(matcher, visible, thermal, visible_delay_ms=5, thermal_delay_ms=5):
    """Feed both streams in order of arrival; returns (arrival, match) for each match."""
    arrivals = [(s + visible_delay_ms * MS, "visible", s) for s in visible]
    arrivals += [(s + thermal_delay_ms * MS, "thermal", s) for s in thermal]
    found = []
    for arrival, stream, stamp in sorted(arrivals):
        add = matcher.add_visible if stream == "visible" else matcher.add_thermal
        found += [(arrival, match) for match in add(stamp, stamp)]
    found += [(None, match) for match in matcher.finish()]
    for counts in (matcher.visible_counts, matcher.thermal_counts):
        assert counts.held == 0
        assert counts.received == counts.paired + counts.unpaired + counts.stale
    return found


def test_equal_stamps_pair_at_once_with_zero_tolerance():
    matcher = StampMatcher(tolerance_ns=0)
    assert matcher.add_visible(START_NS, "v") == []
    assert matcher.add_thermal(START_NS, "t") == [Match("v", "t", 0)]


def test_a_distance_equal_to_the_tolerance_matches_and_one_more_does_not():
    for distance, expected in ((10, 1), (11, 0)):
        matcher = StampMatcher(tolerance_ns=10)
        matcher.add_visible(START_NS, "v")
        matcher.add_thermal(START_NS + distance, "t")
        matcher.finish()
        assert matcher.visible_counts.paired == expected


def test_synchronous_streams_with_jitter_lose_no_pair():
    matcher = StampMatcher(tolerance_ns=25 * MS)
    found = play(matcher, stamps(33.3, 300, 4, seed=1), stamps(33.3, 300, 4, seed=2))
    assert len(found) == 300


def test_a_slow_thermal_stream_is_paired_with_the_nearest_visible_frames():
    matcher = StampMatcher(tolerance_ns=50 * MS)
    visible, thermal = stamps(33.3, 300), stamps(111, 90, phase_ms=7)
    found = play(matcher, visible, thermal)
    assert len(found) == 90
    for _, match in found:
        nearest = min(abs(stamp - match.thermal) for stamp in visible)
        assert abs(match.offset_ns) == nearest


@pytest.mark.parametrize("thermal_period_ms", [66.6, 111])
def test_reuse_fuses_every_visible_frame_one_by_one_without_waiting_for_the_future(
    thermal_period_ms,
):
    matcher = StampMatcher(tolerance_ns=120 * MS, reuse_thermal=True)
    visible = stamps(33.3, 300, phase_ms=33.3)
    thermal = stamps(thermal_period_ms, int(10_000 / thermal_period_ms) + 1)
    found = play(matcher, visible, thermal, visible_delay_ms=5, thermal_delay_ms=8)
    assert [match.visible for _, match in found] == visible
    assert matcher.thermal_counts.unpaired <= 1
    settled = [(arrival, match) for arrival, match in found[6:] if arrival is not None]
    assert len(settled) >= 290
    arrivals = [arrival for arrival, _ in settled]
    assert len(set(arrivals)) == len(arrivals)  # never two at once: the newest would win
    for arrival, match in settled:
        before = max(stamp for stamp in thermal if stamp <= match.visible)
        assert abs(match.offset_ns) <= match.visible - before
        assert arrival <= match.visible + 45 * MS


def test_reuse_pairs_streams_in_step_with_their_own_frames():
    matcher = StampMatcher(tolerance_ns=60 * MS, reuse_thermal=True)
    found = play(matcher, stamps(33, 100), stamps(33, 100), thermal_delay_ms=20)
    assert len(found) == 100
    settled = [match.offset_ns for _, match in found[2:]]  # two frames tell the rate
    assert settled == [0] * 98


def test_a_late_stream_is_waited_for():
    matcher = StampMatcher(tolerance_ns=25 * MS)
    found = play(matcher, stamps(33.3, 90), stamps(33.3, 90), thermal_delay_ms=85)
    assert len(found) == 90


def test_pairs_are_given_out_as_soon_as_no_nearer_partner_can_come():
    matcher = StampMatcher(tolerance_ns=25 * MS)
    visible, thermal = stamps(33.3, 60), stamps(33.3, 60, phase_ms=-8)
    found = play(matcher, visible, thermal)
    settled = found[5:]  # the first few have to learn the rate
    assert len(settled) == 55
    for arrival, match in settled:
        assert arrival == match.visible + 5 * MS


def test_a_constant_offset_between_the_clocks_is_taken_out():
    matcher = StampMatcher(tolerance_ns=2 * MS, thermal_offset_ns=-120 * MS)
    found = play(matcher, stamps(33, 50), stamps(33, 50, phase_ms=120), thermal_delay_ms=-100)
    assert len(found) == 50
    assert all(match.offset_ns == 0 for _, match in found)


def test_a_bag_that_starts_over_is_paired_again_from_its_first_frames():
    matcher = StampMatcher(tolerance_ns=5 * MS)
    for _ in range(3):
        for stamp in stamps(33.3, 60):
            matcher.add_visible(stamp, stamp)
            matcher.add_thermal(stamp, stamp)
    assert matcher.visible_counts.paired == 180
    assert matcher.visible_counts.stale == 0


def test_a_repeated_or_late_stamp_is_counted_as_stale_and_not_paired():
    matcher = StampMatcher(tolerance_ns=5 * MS)
    matcher.add_visible(START_NS, "v")
    matcher.add_visible(START_NS, "again")
    matcher.add_visible(START_NS - 3 * MS, "late")
    assert matcher.visible_counts.stale == 2
    assert matcher.add_thermal(START_NS, "t") == [Match("v", "t", 0)]


def test_a_single_stamp_far_in_the_future_does_not_stop_the_pairing():
    matcher = StampMatcher(tolerance_ns=5 * MS)
    matcher.add_visible(START_NS + 1000_000 * MS, "glitch")
    for stamp in stamps(33.3, 30):
        matcher.add_visible(stamp, stamp)
        matcher.add_thermal(stamp, stamp)
    assert matcher.visible_counts.paired == 30
    assert matcher.visible_counts.stale == 1


def test_a_stalled_partner_leaves_bounded_queues_and_unpaired_counts():
    matcher = StampMatcher(tolerance_ns=5 * MS, queue_size=4)
    for stamp in stamps(33.3, 100):
        matcher.add_visible(stamp, stamp)
    assert matcher.visible_counts.held <= 4
    assert matcher.visible_counts.unpaired >= 96


@pytest.mark.parametrize("late", ["visible", "thermal"])
def test_no_pair_is_lost_when_a_stream_becomes_faster(late):
    matcher = StampMatcher(tolerance_ns=25 * MS)
    slow_then_fast = [START_NS, *(START_NS + 3_000_000 * MS + i * 33 * MS for i in range(30))]
    delays = {f"{late}_delay_ms": 20}
    found = play(matcher, slow_then_fast, [stamp + MS for stamp in slow_then_fast], **delays)
    assert len(found) == 31


def test_reset_accounts_for_what_waited():
    matcher = StampMatcher(tolerance_ns=5 * MS)
    matcher.add_visible(START_NS, "v")
    matcher.reset()
    assert (matcher.visible_counts.stale, matcher.visible_counts.held) == (1, 0)


@pytest.mark.parametrize("reuse", [False, True])
def test_every_frame_of_random_streams_ends_in_exactly_one_count(reuse):
    source = random.Random(3)
    for seed in range(30):
        visible = [s for s in stamps(33.3, 120, 12, seed=seed) if source.random() > 0.2]
        thermal = [s for s in stamps(source.choice((33.3, 66, 111)), 60, 12, seed=seed + 99)]
        matcher = StampMatcher(
            tolerance_ns=source.randrange(60) * MS,
            queue_size=source.randrange(1, 12),
            reuse_thermal=reuse,
        )
        found = play(matcher, visible, thermal, thermal_delay_ms=source.randrange(150))
        pairs = [match for _, match in found]
        assert len({match.visible for match in pairs}) == len(pairs)
        assert [m.visible for m in pairs] == sorted(m.visible for m in pairs)
        if not reuse:
            assert len({match.thermal for match in pairs}) == len(pairs)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(ConfigError, match="tolerance of 0 or more"):
        StampMatcher(tolerance_ns=-1)
    with pytest.raises(ConfigError, match="queue of 1 or more"):
        StampMatcher(tolerance_ns=0, queue_size=0)


@pytest.mark.parametrize("reuse", [False, True])
def test_every_frame_without_a_pair_is_told_once_with_its_reason(reuse):
    drops = []
    matcher = StampMatcher(
        tolerance_ns=12 * MS,
        reuse_thermal=reuse,
        queue_size=4,
        on_drop=lambda *drop: drops.append(drop),
    )
    visible, thermal = stamps(33.3, 200, 8, seed=3), stamps(47, 140, 8, seed=4)
    # A frame that comes late, and a clock that is set back.
    visible.insert(50, visible[40])
    source = [*visible, START_NS - 5_000 * MS, START_NS - 4_960 * MS]
    paired = {"visible": set(), "thermal": set()}
    for index, stamp in enumerate(source):
        matches = matcher.add_visible(stamp, ("v", index))
        if index < len(thermal):
            matches += matcher.add_thermal(thermal[index], ("t", index))
        for match in matches:
            paired["visible"].add(match.visible)
            paired["thermal"].add(match.thermal)
    for match in matcher.finish():
        paired["visible"].add(match.visible)
        paired["thermal"].add(match.thermal)
    counts = {"visible": matcher.visible_counts, "thermal": matcher.thermal_counts}
    for stream, frames in (("visible", len(source)), ("thermal", len(thermal))):
        told = {reason: [] for reason in ("no_partner", "stale")}
        for where, reason, item in drops:
            if where == stream:
                told[reason].append(item)
        assert len(told["no_partner"]) == counts[stream].unpaired
        assert len(told["stale"]) == counts[stream].stale
        dropped = told["no_partner"] + told["stale"]
        assert len(set(dropped)) == len(dropped)
        assert not set(dropped) & paired[stream]
        assert len(dropped) + len(paired[stream]) == frames
    assert counts["visible"].stale >= 1
    assert ("visible", "stale", ("v", 50)) in drops
