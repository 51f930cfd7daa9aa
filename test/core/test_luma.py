# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cv2
import numpy as np

from fusion_ros.core.luma import blend_luma, luma
from sample_images import noise_pair


def test_luma_agrees_with_opencv_to_one_level():
    bgr = noise_pair(64, 64).visible
    assert np.abs(luma(bgr).astype(int) - cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)).max() <= 1


def test_grey_stays_what_it_is():
    ramp = np.arange(256, dtype=np.uint8)[None]
    np.testing.assert_array_equal(luma(np.repeat(ramp[..., None], 3, axis=-1)), ramp)


def test_a_weight_of_zero_changes_nothing():
    pair = noise_pair(32, 32)
    weight = np.zeros(pair.thermal.shape)
    np.testing.assert_array_equal(blend_luma(pair.visible, pair.thermal, weight), pair.visible)


def test_any_weight_keeps_luma_between_the_sources():
    pair = noise_pair(128, 128)
    weight = np.random.default_rng(1).random(pair.thermal.shape)
    fused = luma(blend_luma(pair.visible, pair.thermal, weight)).astype(int)
    visible, thermal = luma(pair.visible).astype(int), pair.thermal.astype(int)
    assert (fused >= np.minimum(visible, thermal) - 1).all()
    assert (fused <= np.maximum(visible, thermal) + 1).all()


def test_hue_is_kept_where_nothing_is_clipped():
    visible = np.full((4, 4, 3), (90, 110, 130), np.uint8)
    fused = blend_luma(visible, np.full((4, 4), 160, np.uint8), np.full((4, 4), 0.5))
    difference = fused.astype(int) - visible
    assert (difference == difference[..., :1]).all()
    assert (difference > 0).all()
