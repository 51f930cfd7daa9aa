# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Means and their confidence intervals."""

import numpy as np
import pytest
from scipy import stats

from fusion_ros.metrics.means import interval_half_widths, mean_scores

VALUES = [1.0, 2.5, 2.0, 4.0]
IMAGES = {str(index): {"SSIM": value, "EN": 7.0} for index, value in enumerate(VALUES)}


def test_the_mean_is_over_images():
    assert mean_scores(IMAGES) == {"SSIM": 2.375, "EN": 7.0}


def test_the_interval_is_that_of_students_t():
    low, high = stats.t.interval(0.95, 3, loc=np.mean(VALUES), scale=stats.sem(VALUES))
    assert interval_half_widths(IMAGES) == pytest.approx({"SSIM": (high - low) / 2, "EN": 0})


def test_one_image_has_a_mean_and_no_interval():
    assert mean_scores({"a": {"EN": 7.0}}) == {"EN": 7.0}
    assert interval_half_widths({"a": {"EN": 7.0}}) == {}


def test_a_metric_that_some_image_lacks_has_no_mean():
    images = {"large": {"EN": 7.0, "MS_SSIM": 1.5}, "small": {"EN": 6.0}}
    assert mean_scores(images) == {"EN": 6.5}
    assert set(interval_half_widths(images)) == {"EN"}
