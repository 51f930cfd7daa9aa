# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Our figures against trusted ones, on real images; the images are not part of the repository."""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from fusion_ros.core.image_folders import match_by_stem, read_colour, read_grey
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.means import mean_scores
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("FUSION_ROS_DATA", REPOSITORY.parent / "shared" / "data"))
TRUSTED = DATA / "official_lutfuse" / "scores.json"
VIDEO = DATA / "m3svd" / "val" / "0111_1753"
# The trusted figures are rounded to four decimals.
ROUNDING = 1e-4
NUMBER_OF_IMAGES = "n"

pytestmark = pytest.mark.skipif(
    not TRUSTED.is_file(),
    reason=f"needs {TRUSTED}; set FUSION_ROS_DATA to the folder of data sets",
)


def assert_equal_to_trusted(images, row):
    trusted = json.loads(TRUSTED.read_text(encoding="utf-8"))[row]
    assert len(images) == trusted.pop(NUMBER_OF_IMAGES)
    means = mean_scores(images)
    assert {name: means[name] for name in trusted} == pytest.approx(trusted, abs=ROUNDING)


@pytest.mark.parametrize(("folder", "every"), [("roadscene/val", 1), ("m3svd/val/0111_1753", 4)])
def test_every_trusted_figure_of_lut_fuse_is_reproduced(folder, every):
    fused = DATA / "official_lutfuse" / "fused" / folder
    matched = match_by_stem([DATA / folder / "vi", DATA / folder / "ir", fused], every)
    images = {
        stem: score(fusion_sample(read_colour(result), read_colour(visible), read_grey(thermal)))
        for stem, (visible, thermal, result) in matched.items()
    }
    assert_equal_to_trusted(images, f"{folder}/official_lutfuse")


@pytest.mark.parametrize("name", BASELINES)
def test_the_baselines_reproduce_every_trusted_figure(name):
    matched = match_by_stem([VIDEO / "vi", VIDEO / "ir"], every=4)
    images = {}
    for stem, (visible_path, thermal_path) in matched.items():
        visible, thermal = read_colour(visible_path), read_grey(thermal_path)
        fused = BASELINES[name](cv2.cvtColor(visible, cv2.COLOR_BGR2GRAY), thermal)
        images[stem] = score(fusion_sample(fused, visible, thermal))
    assert_equal_to_trusted(images, f"m3svd/val/0111_1753/{name}")


def test_the_profiles_reproduce_what_the_toolboxes_say_of_one_frame():
    """Brightest of both in luma, chroma kept by a round trip through YCrCb, frame 0."""
    visible, thermal = read_colour(VIDEO / "vi/0000.jpg"), read_grey(VIDEO / "ir/0000.png")
    luma = cv2.cvtColor(visible, cv2.COLOR_BGR2YCrCb)
    luma[..., 0] = np.maximum(luma[..., 0], thermal)
    fused = cv2.cvtColor(luma, cv2.COLOR_YCrCb2BGR)
    grey = np.maximum(cv2.cvtColor(visible, cv2.COLOR_BGR2GRAY), thermal)
    std, tang, cddfuse = (
        score(fusion_sample(grey, visible, thermal), profile)
        for profile in ("std", "tang", "cddfuse")
    )
    assert [std["SSIM"], tang["SSIM"], cddfuse["SSIM"]] == pytest.approx(
        [1.265, 0.866, 0.878], abs=5e-4
    )
    assert [std["MI"], tang["MI"], cddfuse["MI"]] == pytest.approx([7.74, 7.74, 5.37], abs=5e-3)
    assert [std["EN"], cddfuse["EN"]] == pytest.approx([7.053] * 2, abs=5e-4)
    of_colour = score(fusion_sample(fused, visible, thermal), "tang")
    assert of_colour["EN"] == pytest.approx(7.357, abs=5e-4)
    assert std["VIF"] == tang["VIF"] == cddfuse["VIF"] == pytest.approx(0.792, abs=5e-4)
