# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np

from fusion_ros.core.frames import FramePair
from fusion_ros.preparation.prepare import Preparation
from sample_images import noise_pair, smooth_pair


def test_images_of_one_size_are_not_copied():
    pair = noise_pair(20, 30)
    prepared = Preparation().prepare(pair)
    assert np.shares_memory(prepared.visible, pair.visible)
    assert np.shares_memory(prepared.thermal, pair.thermal)


def test_prepared_images_are_contiguous_and_cannot_be_written():
    pair = noise_pair(40, 60)
    prepared = Preparation().prepare(FramePair(pair.visible[:, ::2], pair.thermal[:, ::2]))
    for image in (prepared.visible, prepared.thermal):
        assert image.flags.c_contiguous
        assert not image.flags.writeable


def test_a_smaller_thermal_image_is_brought_onto_the_visible_grid():
    pair = smooth_pair(96, 128)
    small = np.ascontiguousarray(smooth_pair(96, 128).thermal[::2, ::2])
    prepared = Preparation().prepare(FramePair(pair.visible, small))
    assert prepared.thermal.shape == (96, 128)
    assert np.abs(prepared.thermal.astype(int) - pair.thermal).mean() < 8


def test_sixteen_bit_counts_become_grey_with_their_range():
    counts = np.linspace(28_000, 32_000, 64 * 64).reshape(64, 64).astype(np.uint16)
    visible = np.zeros((64, 64, 3), np.uint8)
    prepared = Preparation().prepare(FramePair(visible, counts, thermal_stamp_ns=5))
    assert prepared.thermal.dtype == np.uint8
    low, high = prepared.thermal_range
    assert low < 28_100
    assert high > 31_900
