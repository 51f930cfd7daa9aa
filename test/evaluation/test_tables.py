# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a table marks."""

from pathlib import Path

import pytest
from rich.text import Text

from fusion_ros.evaluation.image_set import ImageFiles, ImageSet, SetFolders
from fusion_ros.evaluation.methods import Baseline, FusedImages
from fusion_ros.evaluation.scoring import MethodScores
from fusion_ros.evaluation.tables import legend, set_table, step_note

HERE = Path()
METHODS = [FusedImages("ours"), FusedImages("theirs"), Baseline("max")]


def rows(**scores):
    """Metric to the cells of its row."""
    images = tuple(ImageFiles(stem, HERE, HERE, {}) for stem in "ab")
    found = ImageSet(SetFolders("s", HERE, HERE, {}), images, pairs=2, steps=(1,))
    methods = [method for method in METHODS if method.label in scores]
    table = set_table(found, methods, "std", scores)
    cells = zip(*(column.cells for column in table.columns), strict=True)
    return {name: tuple(values) for name, *values in cells}


def constant(video=None, **values):
    return MethodScores({"a": dict(values), "b": dict(values)}, video or {})


def test_the_best_of_what_is_no_baseline_is_bold_in_the_metrics_direction():
    found = rows(
        ours=constant({"BiSWE": 2.0}, SSIM=1.4, Nabf=0.02),
        theirs=constant({"BiSWE": 3.0}, SSIM=1.3, Nabf=0.01),
        max=constant({"BiSWE": 1.0}, SSIM=1.5, Nabf=0.0),
    )
    assert found["SSIM ↑"] == ("[bold]1.400[/] ±0.000", "1.300 ±0.000", "1.500 ±0.000")
    assert found["Nabf ↓"] == ("0.020 ±0.000", "[bold]0.010[/] ±0.000", "0.000 ±0.000")
    assert found["BiSWE ↓"] == ("[bold]2.000[/]", "3.000", "1.000")


def test_values_that_look_alike_are_both_bold():
    found = rows(ours=constant(SSIM=1.4001), theirs=constant(SSIM=1.4004))
    assert found["SSIM ↑"] == ("[bold]1.400[/] ±0.000",) * 2


def test_without_a_rival_nothing_is_bold():
    assert rows(ours=constant(SSIM=1.4), max=constant(SSIM=1.5))["SSIM ↑"][0] == "1.400 ±0.000"


def test_large_values_have_two_decimals():
    assert rows(ours=constant(SF=12.3456))["SF ↑"] == ("12.35 ±0.00",)


@pytest.mark.parametrize("missing", ["ours", "theirs"])
def test_a_value_that_is_not_known_is_a_dash(missing):
    found = rows(
        **{
            label: constant({} if label == missing else {"MS2R": 0.1}, SSIM=1)
            for label in ("ours", "theirs")
        }
    )
    assert sorted(found["MS2R ↓"]) == ["-", "0.100"]


def test_brackets_of_names_are_shown():
    folders = SetFolders("road[val]", HERE, HERE, {})
    found = ImageSet(folders, (ImageFiles("a", HERE, HERE, {}),), pairs=1, steps=())
    table = set_table(found, [FusedImages("[b]")], "std", {"[b]": constant(SSIM=1.4)})
    assert Text.from_markup(table.title).plain.startswith("road[val]: ")
    assert Text.from_markup(table.columns[1].header).plain == "[b]"


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), ""),
        ((1, 1), ""),
        ((4, 4), "s, one of every 4 frames: steadiness is over 4 frames of motion"),
        ((1, 3, 2), "s, images left out: steadiness is over up to 3 frames of motion in 2 of 3"),
    ],
)
def test_frames_of_a_video_that_are_no_neighbours_are_told(steps, words):
    note = step_note(ImageSet(SetFolders("s", HERE, HERE, {}), (), pairs=9, steps=steps))
    assert note.startswith(words)
    assert note.endswith("not comparable with every frame." if words else "")
    assert bool(note) == bool(words)


def test_the_legend_explains_what_is_there():
    with_baselines, without = legend(METHODS, "std"), legend(METHODS[:2], "tang")
    assert "Laplacian pyramid" in with_baselines and "'reward'" not in with_baselines
    assert "aseline" not in without and "'reward' exists in profile std only" in without
