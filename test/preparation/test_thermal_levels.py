# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np

from fusion_ros.preparation.thermal_levels import MIN_SPAN, ThermalLevels

NS_PER_S = 1_000_000_000


def scene(seed=0, base=29_000, contrast=800.0):
    random = np.random.default_rng(seed)
    return (base + contrast * random.random((120, 160))).astype(np.uint16)


def test_eight_bit_frames_pass_unchanged():
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    mapped, window = ThermalLevels().apply(grey, 0)
    assert mapped is grey
    assert window == (0.0, 255.0)


def test_a_raw_frame_fills_the_grey_scale_and_reports_its_window():
    mapped, (low, high) = ThermalLevels().apply(scene(), NS_PER_S)
    assert mapped.dtype == np.uint8
    assert mapped.max() - mapped.min() > 180
    assert 28_800 < low < 29_050
    assert 29_750 < high < 30_000


def test_warmer_counts_are_never_darker():
    counts = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    mapped, _ = ThermalLevels().apply(counts, 1)
    assert (np.diff(mapped.ravel().astype(int)) >= 0).all()


def test_a_hot_object_entering_does_not_rescale_the_picture_at_once():
    levels = ThermalLevels()
    counts = scene()
    before, _ = levels.apply(counts, NS_PER_S)
    hot = counts.copy()
    hot[:40, :40] = 45_000
    background = np.s_[40:, :]
    after, _ = levels.apply(hot, NS_PER_S + NS_PER_S // 30)
    moved = np.abs(after[background].astype(int) - before[background]).mean()
    rescaled, _ = ThermalLevels().apply(hot, NS_PER_S)
    would_move = np.abs(rescaled[background].astype(int) - before[background]).mean()
    assert would_move > 80
    assert moved < 0.2 * would_move


def test_a_scene_that_does_not_change_keeps_its_grey_levels():
    levels = ThermalLevels()
    first, _ = levels.apply(scene(), NS_PER_S)
    for frame in range(1, 60):
        mapped, _ = levels.apply(scene(), NS_PER_S + frame * NS_PER_S // 30)
    assert np.abs(mapped.astype(int) - first).max() <= 1


def test_the_window_reaches_a_new_scene_after_some_time_constants():
    levels = ThermalLevels()
    levels.apply(scene(), NS_PER_S)
    for second in range(2, 40):
        mapped, window = levels.apply(scene(base=33_000), second * NS_PER_S)
    assert window[0] > 32_900
    assert mapped.max() - mapped.min() > 180


def test_a_frame_without_contrast_does_not_show_its_noise():
    counts = np.full((60, 80), 30_000, np.uint16)
    counts[::2] += 2
    mapped, (low, high) = ThermalLevels().apply(counts, 1)
    assert high - low >= MIN_SPAN
    assert mapped.max() - mapped.min() <= 8


def test_a_stamp_that_runs_backwards_holds_the_window():
    levels = ThermalLevels()
    _, window = levels.apply(scene(), 10 * NS_PER_S)
    _, held = levels.apply(scene(base=40_000), 5 * NS_PER_S)
    assert held == window
