# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the published MM-LUT must be: small, smooth, and better than trivial fusions."""

import os
from pathlib import Path

import numpy as np
import pytest

from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.backends.mm_lut.reference import fusion_weight, interpolate_simplex
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.training.data.image_pairs import read_pairs
from fusion_ros.training.mm_lut_validation import validate

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FUSION_ROS_DATA", REPOSITORY.parent / "shared" / "data"))
# A soft maximum moves by 1 level; thresholds of the table may move several times as much.
LARGEST_STEP_LEVELS = 5
needs_data = pytest.mark.skipif(
    not (DATA / "roadscene" / "val").is_dir(),
    reason=f"needs {DATA / 'roadscene' / 'val'}; set FUSION_ROS_DATA to the folder of data sets",
)


@pytest.fixture(scope="module")
def model():
    return MmLutModel.load(REPOSITORY / "models" / "mm_lut.npz")


def test_the_table_fits_the_smallest_caches(model):
    assert model.table.size <= 17**4


def test_one_level_of_luma_never_moves_the_result_by_more_than_a_few_levels(model):
    levels = np.arange(256) / 255.0
    luma, thermal = np.meshgrid(levels, levels[::5], indexing="ij")
    steps = []
    for gradient in (0.0, 0.3, 1.0):
        for context in (0.0, 0.5, 1.0):
            held = [np.full_like(luma, value) for value in (gradient, context)]
            weight = interpolate_simplex(model.table, (luma, *held, thermal)) / 255.0
            steps.append(np.diff(luma + weight * (thermal - luma), axis=0) * 255)
    assert np.abs(steps).max() < LARGEST_STEP_LEVELS


@pytest.mark.parametrize("thermal", [0, 40, 255])
@pytest.mark.parametrize("brightest", [90, 230])
def test_a_clear_sky_gets_no_contour_lines(model, brightest, thermal):
    ramp = np.linspace(brightest - 24, brightest, 120)
    sky = np.tile(np.rint(ramp).astype(np.uint8), (60, 1))
    even = np.full_like(sky, thermal)
    weight = fusion_weight(model, sky, even)
    fused = np.rint(sky + weight * (even.astype(np.float64) - sky))
    # The sky itself has steps of one level; rounding may add another one.
    assert np.abs(np.diff(fused, axis=1)).max() <= 2


@needs_data
@pytest.mark.parametrize("folder", ["roadscene/val", "m3svd/val/0111_1753"])
def test_the_context_is_alive_and_freezing_it_costs_quality(model, folder):
    pairs = read_pairs(DATA / folder, every=5)
    result = validate(model, pairs)
    low, _median, high = result.context_percentiles
    assert high - low > 0.3
    assert result.scores_frozen["reward"] < result.scores["reward"]
    assert result.scores_frozen["minVIF"] < 0.8 * result.scores["minVIF"]
    assert result.scores["out_of_band"] == 0


@needs_data
@pytest.mark.parametrize("folder", ["roadscene/val", "m3svd/val/0111_1753"])
@pytest.mark.parametrize("rival", ["avg", "max", "lap"])
def test_it_is_better_than_trivial_fusions(model, folder, rival):
    pairs = read_pairs(DATA / folder, every=5)
    ours = validate(model, pairs).scores
    theirs = [
        score(fusion_sample(BASELINES[rival](p.luma, p.thermal), p.visible, p.thermal))
        for p in pairs
    ]
    assert ours["reward"] > np.mean([row["reward"] for row in theirs])
    assert ours["Qabf"] > np.mean([row["Qabf"] for row in theirs])
