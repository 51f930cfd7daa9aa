# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The command as users start it."""

from __future__ import annotations

import json
import subprocess
import sys

import cv2
import pytest


def bench(*arguments, **options):
    command = [sys.executable, "-m", "fusion_ros.cli.main", "bench", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, **options
    )


def test_a_quick_benchmark_leaves_table_json_plot_and_markdown(tmp_path):
    out = tmp_path / "new folder"
    files = ("--json", out / "b.json", "--plot", out / "b.png", "--markdown", out / "b.md")
    result = bench("--quick", "--sizes", "480p", "--backends", "average", "--no-node", *files)
    assert result.returncode == 0, result.stderr
    assert "average on cpu" in result.stdout
    document = json.loads((out / "b.json").read_text())
    names = [entry["contender"] for entry in document["speed"]]
    assert names == ["copy of both images", "OpenCV weighted sum", "average on cpu"]
    by_name = dict(zip(names, document["speed"], strict=True))
    average, floor = by_name["average on cpu"], by_name["OpenCV weighted sum"]
    assert (average["width"], average["height"]) == (640, 480)
    assert average["p99_ms"] >= average["median_ms"] > 0
    ratio = average["median_ms"] / floor["median_ms"]
    assert average["times_slower_than_sum"] == pytest.approx(ratio)
    assert average["times_faster_than_lutfuse"] is None
    assert document["node"] is None
    assert cv2.imread(str(out / "b.png")).std() > 10
    assert "| average on cpu |" in (out / "b.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sizes", "480p,4k"), "unknown size '4k'; expected some of: 480p, 720p, 1080p"),
        (("--sizes", "480p,"), "--sizes: expected different names with commas between"),
        (("--sizes", "480p,480p"), "--sizes: expected different names with commas between"),
        (("--backends", "magic"), "unknown backend 'magic'"),
        (("--node-size", "huge"), "unknown size 'huge'"),
        (("--plot", "bench.pdf"), "expected a name that ends in .png or .svg"),
    ],
)
def test_a_mistake_ends_the_benchmark_before_it_begins(tmp_path, arguments, words):
    result = bench(*arguments, cwd=tmp_path)
    assert result.returncode == 1
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
