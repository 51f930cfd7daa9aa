# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Our figures against trusted ones, on real images; the images are not part of the repository."""

import json
import os
from pathlib import Path

import pytest

from fusion_ros.core.image_folders import match_by_stem, read_colour
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.folder_scores import mean_scores, on_grey, score_methods

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FUSION_ROS_DATA", REPOSITORY.parent / "shared" / "data"))
TRUSTED = DATA / "official_lutfuse" / "scores.json"
# The trusted figures are rounded to four decimals.
ROUNDING = 1e-4

pytestmark = pytest.mark.skipif(
    not TRUSTED.is_file(),
    reason=f"needs {TRUSTED}; set FUSION_ROS_DATA to the folder of data sets",
)


def assert_equal_to_trusted(means, row):
    trusted = json.loads(TRUSTED.read_text(encoding="utf-8"))[row]
    compared = [name for name in means if name in trusted]
    assert {"EN", "VIF", "minVIF", "Qabf", "SSIM", "SCD", "MI", "reward"} <= set(compared)
    assert {name: means[name] for name in compared} == pytest.approx(
        {name: trusted[name] for name in compared}, abs=ROUNDING
    )


@pytest.mark.parametrize(("folder", "every"), [("roadscene/val", 1), ("m3svd/val/0111_1753", 4)])
def test_the_metrics_reproduce_trusted_figures_of_lut_fuse(folder, every):
    fused = DATA / "official_lutfuse" / "fused" / folder
    matched = match_by_stem([DATA / folder / "vi", DATA / folder / "ir", fused], every)
    table = score_methods(
        {stem: paths[:2] for stem, paths in matched.items()},
        {"fused": lambda stem, _visible, _thermal: read_colour(matched[stem][2])},
    )
    assert_equal_to_trusted(mean_scores(table["fused"]), f"{folder}/official_lutfuse")


@pytest.mark.parametrize("name", BASELINES)
def test_the_baselines_reproduce_trusted_figures(name):
    folder = "m3svd/val/0111_1753"
    matched = match_by_stem([DATA / folder / "vi", DATA / folder / "ir"], every=4)
    table = score_methods(matched, {name: on_grey(BASELINES[name])})
    assert_equal_to_trusted(mean_scores(table[name]), f"{folder}/{name}")
