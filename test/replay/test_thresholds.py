# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from pathlib import Path

import pytest

from fusion_ros.core.nested_names import flatten
from fusion_ros.errors import ConfigError, ThresholdError
from fusion_ros.replay.thresholds import Threshold, judge, known_figures, read_thresholds
from small_bags import make_bag, replay

ROOT = Path(__file__).parents[2]


def read(tmp_path, text):
    path = tmp_path / "limits.yaml"
    path.write_text(text)
    return read_thresholds(path)


def test_limits_may_be_dotted_or_nested(tmp_path):
    text = 'scores.VIF.mean: ">= 0.9"\nframes: {visible: {malformed: "<= 0"}}\n'
    assert read(tmp_path, text) == (
        Threshold("scores.VIF.mean", ">=", 0.9),
        Threshold("frames.visible.malformed", "<=", 0.0),
    )


def test_the_example_that_comes_along_is_valid():
    assert len(read_thresholds(ROOT / "config" / "thresholds.yaml")) > 5


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('scores.VIV.mean: ">= 1"', r"scores\.VIV\.mean.*did you mean.*scores\.VIF\.mean"),
        ('scores.VIF: ">= 1"', "no figure of metrics.json"),
        ("scores.VIF.mean: 0.9", "in quotes.*got 0.9"),
        ('scores.VIF.mean: "about 1"', "expected one of >=, <="),
        ('scores.VIF.mean: ">= 1.2.3"', "expected one of >=, <="),
        ("", "expected lines such as"),
        ("[", "readable YAML"),
    ],
)
def test_what_is_no_limit_is_refused_before_any_bag_is_read(tmp_path, text, complaint):
    with pytest.raises(ConfigError, match=rf"limits\.yaml.*{complaint}"):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("rule", "value", "passed"),
    [
        (">=", 1.0, True),
        (">=", 0.9, False),
        ("<=", 1.0, True),
        ("<=", 1.1, False),
        (">", 1.0, False),
        (">", 1.1, True),
        ("<", 1.0, False),
        ("<", 0.9, True),
        ("==", 1, True),
        ("==", 2, False),
        ("<=", None, False),
    ],
)
def test_a_figure_is_compared_as_the_rule_says(rule, value, passed):
    verdicts = judge([Threshold("pairs.made", rule, 1.0)], {"pairs": {"made": value}})
    assert verdicts == [
        {"name": "pairs.made", "rule": rule, "limit": 1.0, "value": value, "passed": passed}
    ]


def test_a_figure_that_was_not_measured_has_missed_its_limit(tmp_path):
    verdicts = judge(read(tmp_path, 'scores.VIF.mean: ">= 0"'), {"scores": {}})
    assert (verdicts[0]["value"], verdicts[0]["passed"]) == (None, False)


def test_every_figure_of_a_real_replay_is_known(tmp_path):
    metrics = replay(make_bag(tmp_path), tmp_path / "out")
    parts = ("frames", "pairs", "pair_offset_ms", "arrival_offset_ms", "stages_ms", "rates_hz")
    found = dict(flatten({part: metrics[part] for part in parts}))
    assert set(found) <= set(known_figures())


def test_missed_limits_end_with_an_error_that_names_them_after_all_is_written(tmp_path):
    limits = tmp_path / "limits.yaml"
    limits.write_text('pairs.fused: "== 4"\npairs.made: ">= 5"\nscores.VIF.mean: ">= 0"\n')
    bag = make_bag(tmp_path)
    with pytest.raises(ThresholdError, match=r"pairs\.made is 4, expected >= 5; scores") as error:
        replay(bag, tmp_path / "out", "--thresholds", limits)
    assert "pairs.fused" not in str(error.value)
    assert "scores.VIF.mean is not measured" in str(error.value)
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert [verdict["passed"] for verdict in metrics["thresholds"]] == [True, False, False]
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000


def test_kept_limits_are_no_error(tmp_path):
    limits = tmp_path / "limits.yaml"
    limits.write_text('pairs.fused: "== 4"\n')
    metrics = replay(make_bag(tmp_path), tmp_path / "out", "--thresholds", limits)
    assert [verdict["passed"] for verdict in metrics["thresholds"]] == [True]
