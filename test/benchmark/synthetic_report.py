# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A report with round figures, as if they had been measured."""

from __future__ import annotations

from fusion_ros.benchmark.contenders import COPY, FLOOR, YARDSTICK
from fusion_ros.benchmark.fresh_process import FreshFigures
from fusion_ros.benchmark.measurement import Timing
from fusion_ros.benchmark.node_benchmark import NodeBenchmark
from fusion_ros.benchmark.node_figures import NodeFigures
from fusion_ros.benchmark.report import BenchmarkReport
from fusion_ros.benchmark.speed import Speed, ratios_of

MEDIANS_MS = {COPY: 0.05, FLOOR: 0.1, "mm_lut on cpu": 2.0, YARDSTICK: 100.0}


def timings(size=(640, 480), medians_ms=MEDIANS_MS):
    return [Timing(name, *size, ms, 2 * ms, 500) for name, ms in medians_ms.items()]


def speeds(size=(640, 480), medians_ms=MEDIANS_MS):
    row = timings(size, medians_ms)
    fresh = FreshFigures(
        first_frame_ms=450.0, peak_memory_mb=201.4, memory_growth_mb=138.0, cores_busy=1.8
    )
    return [Speed(timing, ratios_of(row)[timing.contender], fresh) for timing in row]


def node_run(program, fused):
    fates = (fused, 40, 0, 60) if fused else (None,) * 4
    return NodeFigures(
        program,
        "240 Hz",
        640,
        480,
        300,
        240.0,
        200,
        160.0,
        *fates,
        {"p50": 8.5, "p99": 13.25},
        {},
        0.75,
        294.0,
    )


def report(**changes):
    values = {
        "provenance": {"date": "2026-01-02", "cpu": "Abacus", "cores": 2, "commit": "abc1234"},
        "load_before": 0.1,
        "speeds": speeds() + speeds((1280, 720), {name: 3 * ms for name, ms in MEDIANS_MS.items()}),
        "node": NodeBenchmark((node_run("relay", None), node_run("node", 200)), "mm_lut", "cpu"),
    }
    return BenchmarkReport(**(values | changes))
