# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from benchmark.synthetic_report import MEDIANS_MS, timings
from fusion_ros.benchmark import measurement
from fusion_ros.benchmark.contenders import (
    COPY,
    FLOOR,
    PAPER_UNET,
    YARDSTICK,
    contenders,
    write_lutfuse_model,
)
from fusion_ros.benchmark.measurement import Effort, measure
from fusion_ros.benchmark.pictures import SIZES, benchmark_pair, size_name, size_named
from fusion_ros.benchmark.speed import ratios_of
from fusion_ros.errors import ConfigError


class Clock:
    """A steady clock that only moves when somebody works."""

    def __init__(self):
        self.now_ns = 0

    def perf_counter_ns(self):
        return self.now_ns

    def worker(self, name, times_ms, calls):
        """What fuses in the times given, one after the other and then again the last."""
        times_ms = iter(times_ms)
        last = [0.0]

        def fuse(_pair):
            last[0] = next(times_ms, last[0])
            self.now_ns += round(1e6 * last[0])
            calls.append(name)

        return fuse


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(measurement, "time", clock)
    return clock


def test_contenders_take_turns_and_each_round_another_begins(clock):
    calls, turns = [], []
    loaded = {name: clock.worker(name, [10.0], calls) for name in "abc"}
    results = measure(loaded, (64, 48), Effort(3, 20.0, 5), lambda: turns.append(len(calls)))
    # Three runs to warm up; then turns of one run that is not timed and two that are.
    assert "".join(calls) == "aaabbbccc" + "aaabbbccc" + "bbbcccaaa" + "cccaaabbb"
    assert len(turns) == 9
    assert [result.runs for result in results] == [6, 6, 6]
    assert [result.median_ms for result in results] == [10.0, 10.0, 10.0]


def test_a_fast_contender_runs_more_often_up_to_a_limit_and_a_slow_one_once(clock):
    calls = []
    loaded = {"fast": clock.worker("f", [0.01], calls), "slow": clock.worker("s", [500.0], calls)}
    fast, slow = measure(loaded, (64, 48), Effort(4, 100.0, 25))
    assert (fast.runs, slow.runs) == (100, 4)


def test_a_contender_that_takes_seconds_joins_every_fifth_round_only(clock):
    calls = []
    loaded = {"fast": clock.worker("f", [9.0], calls), "slow": clock.worker("s", [601.0], calls)}
    turns = []
    fast, slow = measure(loaded, (64, 48), Effort(20, 100.0, 1), lambda: turns.append(1))
    assert (fast.runs, slow.runs, len(turns)) == (20, 4, 40)


def test_median_and_99th_percentile_are_those_of_the_timed_runs(clock):
    # Three runs to warm up, one that is not timed; then 1, 2, ... 101 ms.
    times_ms = [1.0] * 3 + [0.5] + [float(n) for n in range(1, 102)]
    loaded = {"a": clock.worker("a", times_ms, [])}
    (result,) = measure(loaded, (64, 48), Effort(1, 101.0, 101))
    assert (result.runs, result.median_ms, result.p99_ms) == (101, 51.0, 100.0)


def test_ratios_compare_the_medians_of_one_size():
    ratios = ratios_of(timings())
    ours = ratios["mm_lut on cpu"]
    assert ours.times_faster_than_lutfuse == pytest.approx(50.0)
    assert ours.times_slower_than_sum == pytest.approx(20.0)
    assert ours.times_slower_than_copy == pytest.approx(40.0)
    assert ratios[FLOOR].times_slower_than_sum == 1.0
    assert ratios[YARDSTICK].times_faster_than_lutfuse == 1.0
    assert ours.times_faster_than_unet is None


def test_the_hybrid_is_compared_with_the_network_of_its_paper():
    ratios = ratios_of(timings(medians_ms=MEDIANS_MS | {PAPER_UNET: 900.0, "hybrid on cpu": 9.0}))
    assert ratios["hybrid on cpu"].times_faster_than_unet == pytest.approx(100.0)
    assert ratios[PAPER_UNET].times_faster_than_unet == 1.0


def test_the_network_of_the_paper_is_not_measured_at_sizes_that_take_it_too_long(tmp_path):
    pytest.importorskip("torch", reason="needs PyTorch")
    found = {contender.name: contender for contender in contenders(tmp_path / "absent.npz")}
    assert found[PAPER_UNET].takes((1280, 720))
    assert not found[PAPER_UNET].takes((1920, 1080))
    assert found[COPY].takes((1920, 1080))


def test_without_lutfuse_there_is_no_ratio_to_it():
    without = [timing for timing in timings() if timing.contender != YARDSTICK]
    assert ratios_of(without)["mm_lut on cpu"].times_faster_than_lutfuse is None


def test_all_usable_engines_but_the_definitions_compete_and_a_filter_keeps_the_bounds(tmp_path):
    names = [contender.name for contender in contenders(tmp_path / "absent.npz")]
    assert names[:2] == [COPY, FLOOR]
    assert {"mm_lut on cpu", "average on cpu", "laplacian on cpu"} <= set(names)
    assert not any("reference" in name for name in names)
    only = [contender.name for contender in contenders(tmp_path / "absent.npz", ["average"])]
    assert only == [COPY, FLOOR, "average on cpu"]
    with pytest.raises(ConfigError, match="unknown backend 'magic'"):
        contenders(tmp_path / "absent.npz", ["magic"])


def test_every_contender_fuses_or_copies_pairs_of_any_size(tmp_path):
    write_lutfuse_model(tmp_path / "lutfuse.npz")
    for contender in contenders(tmp_path / "lutfuse.npz"):
        fuse = contender.load()
        for size in ((48, 64), (30, 50)):
            result = fuse(benchmark_pair(*size))
            image = getattr(result, "image", getattr(result, "visible", result))
            assert image.shape == (*size, 3), contender.name


def test_the_copy_is_one_of_both_images(tmp_path):
    copy = contenders(tmp_path / "absent.npz")[0].load()
    pair = benchmark_pair(30, 50)
    copied = copy(pair)
    assert np.array_equal(copied.visible, pair.visible)
    assert np.array_equal(copied.thermal, pair.thermal)
    assert not np.shares_memory(copied.visible, pair.visible)
    assert copy(pair) is copied, "the memory is allocated once"


def test_benchmark_pictures_have_the_size_asked_for():
    pair = benchmark_pair(30, 50)
    assert pair.visible.shape == (30, 50, 3)
    assert pair.thermal.shape == (30, 50)
    assert np.std(pair.visible) > 20


def test_sizes_are_known_by_name():
    assert all(size_name(*size_named(name)) == name for name in SIZES)
    assert size_name(64, 48) == "64x48"
    with pytest.raises(ConfigError, match="unknown size '4k'; expected some of: 480p, 720p, 1080p"):
        size_named("4k")
