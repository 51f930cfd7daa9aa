# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Random crops of pairs."""

import numpy as np
import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.crop_sampler import CropSampler, StepSampler
from fusion_ros.training.data.image_pairs import ImagePair


def pair_of(luma, thermal):
    return ImagePair("one", np.repeat(luma[..., None], 3, axis=2), luma, thermal)


def flat_pair(level):
    image = np.full((40, 50), level, np.uint8)
    return pair_of(image, image)


def test_crops_of_both_images_stay_registered():
    image = np.random.default_rng(0).integers(256, size=(40, 50), dtype=np.uint8)
    visible, thermal = CropSampler([pair_of(image, 255 - image)], crop_px=16, seed=1).draw(0, 20)
    assert visible.shape == (20, 16, 16)
    assert np.array_equal(visible, 255 - thermal)
    assert len({crop.tobytes() for crop in visible}) > 10


def test_crops_depend_on_the_seed_and_the_step_alone(pairs):
    sampler = CropSampler(pairs, 32, 5)
    first = sampler.draw(7, 3)
    other_step, again = sampler.draw(8, 3), CropSampler(pairs, 32, 5).draw(7, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other_step)
    assert not np.array_equal(first, CropSampler(pairs, 32, 6).draw(7, 3))


def test_pairs_smaller_than_a_crop_are_an_error(pairs):
    with pytest.raises(ConfigError, match="large enough"):
        CropSampler(pairs, crop_px=68, seed=0)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_night_has_the_share_that_is_asked_for(share):
    mostly_day = [flat_pair(20), *(flat_pair(150) for _ in range(9))]
    luma, _thermal = CropSampler(mostly_day, 16, 0, night_share=share).draw(0, 400)
    assert (luma.mean(axis=(1, 2)) < 70).mean() == pytest.approx(share, abs=0.07)


def test_balance_without_any_night_is_an_error():
    with pytest.raises(ConfigError, match="night_share"):
        CropSampler([flat_pair(150)], 16, 0, night_share=0.5)


def test_successive_frames_are_cut_at_one_place_and_in_order():
    image = np.random.default_rng(0).integers(200, size=(40, 50), dtype=np.uint8)
    frames = [pair_of(image + step, 255 - image - step) for step in range(3)]
    steps = [(frames[0], frames[1]), (frames[1], frames[2])]
    crops = StepSampler(steps, crop_px=16, seed=1).draw(0, 20)
    assert crops.shape == (2, 2, 20, 16, 16)
    assert np.array_equal(crops[1, 0], crops[0, 0] + 1)
    assert np.array_equal(crops[:, 0], 255 - crops[:, 1])
    assert len({crop.tobytes() for crop in crops[0, 0]}) > 10
    assert np.array_equal(crops, StepSampler(steps, 16, 1).draw(0, 20))
    assert not np.array_equal(crops, StepSampler(steps, 16, 1).draw(1, 20))


def test_video_without_frames_of_one_size_is_an_error():
    with pytest.raises(ConfigError, match="none of the 1 steps from frame to frame"):
        StepSampler([(flat_pair(3), pair_of(*2 * [np.zeros((41, 50), np.uint8)]))], 16, 0)
