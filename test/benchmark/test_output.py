# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import dataclasses
import io
import json

import cv2
import pytest
from rich.console import Console

from benchmark.synthetic_report import report, speeds
from fusion_ros.benchmark.contenders import YARDSTICK
from fusion_ros.benchmark.node_benchmark import NodeBenchmark
from fusion_ros.benchmark.plot import draw_plot
from fusion_ros.benchmark.report import write_json
from fusion_ros.benchmark.table_output import print_report, write_markdown
from fusion_ros.benchmark.tables import figure
from fusion_ros.errors import ConfigError

SPEED_KEYS = {
    "contender": str,
    "width": int,
    "height": int,
    "median_ms": float,
    "p99_ms": float,
    "runs": int,
    "times_faster_than_lutfuse": float,
    "times_faster_than_unet": type(None),
    "times_slower_than_sum": float,
    "times_slower_than_copy": float,
    "first_frame_ms": float,
    "peak_memory_mb": float,
    "memory_growth_mb": float,
    "cores_busy": float,
}


def shown(found):
    output = io.StringIO()
    print_report(found, Console(file=output, width=100, highlight=False))
    return output.getvalue()


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_terminal_shows_every_figure_within_100_columns():
    text = shown(report())
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 100
    ours = next(line for line in text.splitlines() if "mm_lut on cpu" in line)
    expected = "mm_lut on cpu 2.00 4.00 50.0x 20.0x 1.8 450 201 138"
    assert ours.split() == expected.split()
    node = next(line for line in text.splitlines() if line.strip().startswith("node "))
    assert node.split() == "node 300 200 40 60 160 8.50 13.2 0.75 294".split()
    assert "date 2026-01-02, cpu Abacus, cores 2, commit abc1234" in text
    assert "warning" not in text


def test_a_busy_machine_is_named():
    assert "other programs kept 1.5 cores busy" in shown(report(load_before=1.5)).replace("\n", " ")


def test_a_node_that_was_not_measured_leaves_its_reason():
    text = shown(report(node=NodeBenchmark(skipped="'rclpy' [cannot] be imported")))
    assert "not measured: 'rclpy' [cannot] be imported" in text


def test_without_lutfuse_the_table_says_how_to_get_it():
    without = [speed for speed in speeds() if speed.timing.contender != YARDSTICK]
    without = [
        dataclasses.replace(
            speed, ratios=dataclasses.replace(speed.ratios, times_faster_than_lutfuse=None)
        )
        for speed in without
    ]
    text = shown(report(speeds=without))
    # The terminal may break the line anywhere between words.
    text = " ".join(text.split())
    assert "make setup-train" in text and "pip install '.[train]'" in text
    assert "50.0x" not in text


def test_a_percentile_of_few_runs_is_marked():
    few = [
        dataclasses.replace(speed, timing=dataclasses.replace(speed.timing, runs=20))
        if speed.timing.contender == YARDSTICK
        else speed
        for speed in speeds()
    ]
    assert f"fewer than 100 of {YARDSTICK}: p99 is close to the largest" in shown(
        report(speeds=few)
    )
    assert "fewer than" not in shown(report())


def test_where_all_runs_are_few_one_note_says_it_for_all():
    few = [
        dataclasses.replace(speed, timing=dataclasses.replace(speed.timing, runs=runs))
        for runs, speed in enumerate(speeds(), start=3)
    ]
    text = shown(report(speeds=few))
    assert f"at most {2 + len(few)} runs each: p99 is close to the largest" in text
    assert "fewer than" not in text


def test_markdown_has_the_same_figures_in_whole_tables(tmp_path):
    write_markdown(report(), tmp_path / "bench.md")
    lines = (tmp_path / "bench.md").read_text().splitlines()
    ours = next(line for line in lines if line.startswith("| mm_lut on cpu"))
    assert cells(ours) == "mm_lut on cpu|2.00|4.00|50.0x|20.0x|1.8|450|201|138".split("|")
    widths = {len(cells(line)) for line in lines if line.startswith("|")}
    assert widths == {9, 10}
    assert lines[-1].startswith("date 2026-01-02, cpu Abacus")


def test_json_holds_every_figure_with_its_type(tmp_path):
    write_json(report(), tmp_path / "bench.json")
    document = json.loads((tmp_path / "bench.json").read_text())
    assert set(document) == {"format", "provenance", "load_before", "warnings", "speed", "node"}
    assert len(document["speed"]) == 8
    for entry in document["speed"]:
        assert {name: type(value) for name, value in entry.items()} == SPEED_KEYS
    relay, node = document["node"]["runs"]
    assert relay["fused"] is None
    fates = ("fused", "superseded", "failed", "not_paired")
    assert sum(node[fate] for fate in fates) == node["pairs_sent"]
    assert node["latency_ms"] == {"p50": 8.5, "p99": 13.25}


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_the_same_figures_draw_the_same_plot(tmp_path, suffix):
    for name in "ab":
        draw_plot(report(), tmp_path / f"{name}.{suffix}")
    assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


def test_the_plot_shows_something_and_follows_the_figures(tmp_path):
    draw_plot(report(), tmp_path / "a.png")
    slower = speeds(
        medians_ms={
            "copy of both images": 0.05,
            "OpenCV weighted sum": 0.1,
            "mm_lut on cpu": 20.0,
            YARDSTICK: 100.0,
        }
    )
    draw_plot(report(speeds=slower), tmp_path / "b.png")
    first, second = (cv2.imread(str(tmp_path / f"{name}.png")) for name in "ab")
    assert first.shape[1] > 800
    assert first.std() > 10
    assert (first != second).any()


def test_the_plot_names_every_contender_and_the_machine(tmp_path, monkeypatch):
    import matplotlib

    monkeypatch.setitem(matplotlib.rcParams, "svg.fonttype", "none")
    draw_plot(report(), tmp_path / "bench.svg")
    text = (tmp_path / "bench.svg").read_text()
    for words in ("mm_lut on cpu", YARDSTICK, "1280x720", "2 cores of Abacus", "commit abc1234"):
        assert words in text


def test_a_plot_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"ends in \.png or \.svg"):
        draw_plot(report(), tmp_path / "bench.pdf")


def test_figures_keep_the_digits_that_count():
    assert [figure(value) for value in (0.034, 2.5, 12.34, 123.4)] == [
        "0.03",
        "2.50",
        "12.3",
        "123",
    ]
