# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a replay measures on the images, and which of them it shows."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from fusion_ros.core.frames import FramePair, FusedFrame, PreparedPair
from fusion_ros.metrics.registry import REWARD, score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.replay.inspection import FusedPair, Inspection
from fusion_ros.replay.samples import Candidate, SampleChooser
from fusion_ros.replay.session import _score_every
from sample_images import smooth_pair
from small_bags import replay, run_command

SIDE = 64


def fused_pair(number, brightness=1.0, warmth=0, fused=None):
    pair = smooth_pair(SIDE, SIDE, seed=number)
    visible = (pair.visible * brightness).astype(np.uint8)
    thermal = np.clip(pair.thermal.astype(int) + warmth, 0, 255).astype(np.uint8)
    image = visible if fused is None else fused
    guidance = np.full((SIDE, SIDE), 0.5, np.float32)
    return FusedPair(
        FramePair(visible, thermal, visible_stamp_ns=number + 1),
        PreparedPair(visible, thermal),
        FusedFrame(image, guidance),
    )


def chosen(pairs, rewards):
    chooser = SampleChooser()
    for number, (pair, reward) in enumerate(zip(pairs, rewards, strict=True)):
        scores = {} if reward is None else {REWARD: reward}
        chooser.offer(Candidate(number, number + 1, number / 10, pair, scores))
    return chooser.chosen(lambda image, sources: {"late": 1.0})


def test_frames_are_chosen_by_what_they_show():
    pairs = [
        fused_pair(0),
        fused_pair(1, brightness=0.2),
        fused_pair(2, warmth=150),
        fused_pair(3),
        fused_pair(4),
    ]
    samples = chosen(pairs, [0.5, None, None, 0.9, 0.1])
    assert {sample.labels: sample.stamp_ns for sample in samples} == {
        ("best",): 4,
        ("worst",): 5,
        ("darkest",): 2,
        ("warmest",): 3,
        ("first",): 1,
    }
    assert {sample.stamp_ns: dict(sample.scores) for sample in samples}[2] == {"late": 1.0}
    assert {sample.stamp_ns: dict(sample.scores) for sample in samples}[4] == {REWARD: 0.9}


def test_a_frame_that_is_chosen_twice_is_shown_once():
    samples = chosen([fused_pair(0), fused_pair(1, brightness=0.2, warmth=150)], [0.1, 0.9])
    assert [sample.labels for sample in samples] == [
        ("best", "darkest", "warmest"),
        ("worst", "first"),
    ]


def test_of_equal_frames_the_first_is_chosen():
    assert [s.stamp_ns for s in chosen([fused_pair(0)] * 3, [0.5] * 3)] == [1]


def test_images_are_copied_for_the_pipeline_uses_its_buffers_again():
    pair = fused_pair(0)
    expected = pair.fused.image.copy()
    chooser = SampleChooser()
    chooser.offer(Candidate(0, 1, 0.0, pair, {}))
    pair.fused.image[:] = 0
    (sample,) = chooser.chosen(lambda image, sources: {})
    np.testing.assert_array_equal(sample.fused, expected)
    assert sample.guidance.dtype == np.uint8
    assert set(np.unique(sample.guidance)) == {128}


@pytest.mark.parametrize(("every", "scored"), [(0, []), (1, [0, 1, 2, 3, 4, 5]), (4, [0, 4])])
def test_each_nth_pair_is_scored_against_its_sources(every, scored):
    inspection = Inspection(every)
    pairs = [fused_pair(number) for number in range(6)]
    for pair in pairs:
        inspection.look_at(pair, float)
    scores = inspection.scores
    assert list(scores.times_s) == [number + 1 for number in scored]
    for row, number in enumerate(scored):
        sources = pairs[number].sources
        expected = score(fusion_sample(sources.visible, sources.visible, sources.thermal))
        found = {name: column[row] for name, column in scores.fused.columns.items()}
        assert found == pytest.approx(expected, nan_ok=True)
        assert scores.baselines["vis"].columns["VIF"][row] == pytest.approx(expected["VIF"])
    steady = scores.temporal()["fused"]
    assert set(steady) <= {"flicker", "BiSWE", "MS2R"}
    assert bool(scored) == ("MS2R" in steady)


def test_images_too_small_for_metrics_are_fused_all_the_same(tmp_path):
    folder = write_scene(tmp_path, side=40)
    metrics = replay(folder, tmp_path / "out", "--score-every", "1")
    assert metrics["pairs"]["fused"] == 6
    assert metrics["scores"] == metrics["baselines"] == {}
    assert any("could not be scored" in warning for warning in metrics["warnings"])
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000


def write_scene(folder, side=SIDE, count=6):
    for name in ("visible", "thermal"):
        (folder / name).mkdir()
    pair = smooth_pair(side, side)
    for number in range(count):
        moved = [np.roll(image, number, axis=1) for image in (pair.visible, pair.thermal)]
        cv2.imwrite(str(folder / "visible" / f"{number}.png"), moved[0])
        cv2.imwrite(str(folder / "thermal" / f"{number}.png"), moved[1])
    sources = ("--visible", folder / "visible", "--thermal", folder / "thermal")
    run_command("make-bag", *sources, "-o", folder / "bag", "--rate", "30")
    return folder / "bag"


def test_the_document_holds_scores_baselines_and_series_of_the_same_frames(tmp_path):
    metrics = replay(write_scene(tmp_path), tmp_path / "out", "--score-every", "2")
    assert metrics["profile"] == "std"
    assert metrics["series"]["scored_t_s"] == pytest.approx([0, 2 / 30, 4 / 30], abs=1e-4)
    vif, series = metrics["scores"]["VIF"], metrics["series"]["scores"]["VIF"]
    assert vif["n"] == len(series) == 3
    assert vif["mean"] == pytest.approx(np.mean(series), abs=1e-5)
    # 4.303: Student's t for 2 degrees of freedom and 95 %, from a printed table.
    half = 4.303 * np.std(series, ddof=1) / 3**0.5
    assert vif["high"] - vif["mean"] == pytest.approx(half, rel=1e-3)
    assert set(metrics["baselines"]) == {"vis", "ir", "avg", "max", "lap"}
    # The backend `average` and the baseline of that name agree up to rounding and colour.
    assert metrics["baselines"]["avg"]["SSIM"] == pytest.approx(
        metrics["scores"]["SSIM"]["mean"], abs=0.02
    )
    assert set(metrics["temporal"]["fused"]) == {"flicker", "BiSWE", "MS2R"}
    text = (tmp_path / "out" / "metrics.json").read_text()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_by_default_no_more_than_sixty_frames_are_scored():
    assert [_score_every(None, frames) for frames in (0, 100, 600)] == [10] * 3
    assert _score_every(None, 108_000) == 1800
    assert _score_every(0, 108_000) == 0
