# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Whole images of mixed sizes, in batches of one size."""

import numpy as np
import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.image_pairs import ImagePair
from fusion_ros.training.data.whole_images import WholeImageSource


def pair(height, width, level=None):
    random = np.random.default_rng(height * width)
    luma = random.integers(255, size=(height, width), dtype=np.uint8)
    if level is not None:
        luma[:] = level
    return ImagePair("one", np.repeat(luma[..., None], 3, axis=2), luma, 255 - luma)


def test_a_batch_has_one_size_that_is_a_multiple_of_16_and_stays_registered():
    source = WholeImageSource([pair(70, 100), pair(64, 97), pair(200, 320)], (), 2, 1)
    shapes = set()
    for step in range(20):
        (luma, thermal), video = source.draw(step)
        assert np.array_equal(luma, 255 - thermal)
        assert video is None
        shapes.add(luma.shape)
    # 2 x 160 x 160 pixels hold both small pairs, and less than the large one.
    assert shapes == {(2, 64, 96), (1, 192, 320)}


def test_every_pair_has_its_turn_as_often_as_any_other():
    pairs = [pair(160, 160, level) for level in (0, 1, 2)] + [pair(320, 160, 200)]
    source = WholeImageSource(pairs, (), 1, 5)
    drawn = [int(source.draw(step)[0][0, 0, 0, 0]) for step in range(800)]
    assert np.mean([level == 200 for level in drawn]) == pytest.approx(0.25, abs=0.05)
    assert np.mean([level == 1 for level in drawn]) == pytest.approx(0.25, abs=0.05)


def test_what_is_drawn_depends_on_the_seed_and_the_step_alone():
    pairs = [pair(48, 48 + 16 * wide) for wide in range(6)]
    draws = [WholeImageSource(pairs, (), 1, seed).draw(3)[0] for seed in (1, 1)]
    assert np.array_equal(*draws)
    several = {WholeImageSource(pairs, (), 1, seed).draw(3)[0].tobytes() for seed in range(9)}
    assert len(several) > 3


def test_successive_frames_have_the_size_of_the_batch_or_are_left_out():
    small, large = pair(64, 64), pair(96, 96)
    later = ImagePair("two", small.visible, small.luma // 2, small.thermal)
    source = WholeImageSource([small, large], [(small, later), (small, large)], 1, 0)
    found = {}
    for step in range(20):
        pairs, video = source.draw(step)
        found[pairs.shape[2]] = video
    assert found[96] is None
    assert found[64].shape == (2, 2, 1, 64, 64)
    assert np.array_equal(found[64][1, 0], found[64][0, 0] // 2)


def test_night_has_its_share_of_whole_images():
    pairs = [pair(160, 160, 20), *(pair(160, 160, 150) for _ in range(4))]
    source = WholeImageSource(pairs, (), 1, 0, night_share=0.5)
    dark = [source.draw(step)[0][0].mean() < 70 for step in range(400)]
    assert np.mean(dark) == pytest.approx(0.5, abs=0.07)


def test_images_that_are_too_small_are_an_error():
    with pytest.raises(ConfigError, match="none of the 1 pairs"):
        WholeImageSource([pair(47, 100)], (), 1, 0)
