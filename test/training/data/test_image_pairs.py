# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading pairs and cutting crops."""

import cv2
import numpy as np
import pytest

from fusion_ros.core.luma import luma
from fusion_ros.errors import ConfigError, ImageFormatError
from fusion_ros.training.image_pairs import CropSampler, ImagePair, read_pairs


def test_pairs_carry_luma_and_thermal_of_one_size(data_folder):
    pairs = read_pairs(data_folder)
    assert [pair.name for pair in pairs] == ["scenes/0", "scenes/1", "scenes/2", "scenes/3"]
    assert np.array_equal(pairs[0].luma, luma(pairs[0].visible))
    assert pairs[0].thermal.shape == pairs[0].luma.shape == (64, 80)


def test_large_images_are_halved_until_they_fit(data_folder):
    assert read_pairs(data_folder, long_side_px=79)[0].luma.shape == (32, 40)
    assert read_pairs(data_folder, long_side_px=80)[0].luma.shape == (64, 80)


def test_a_missing_partner_is_an_error(data_folder):
    (data_folder / "ir" / "2.png").unlink()
    with pytest.raises(ConfigError, match=r"no partner for 1 image\(s\): 2"):
        read_pairs(data_folder)


def test_a_pair_of_two_sizes_is_an_error(data_folder):
    cv2.imwrite(str(data_folder / "ir" / "2.png"), np.zeros((64, 81), np.uint8))
    with pytest.raises(ImageFormatError, match=r"2\.png.*expected one size"):
        read_pairs(data_folder)


def test_crops_of_both_images_stay_registered():
    image = np.random.default_rng(0).integers(256, size=(40, 50), dtype=np.uint8)
    pair = ImagePair("one", np.repeat(image[..., None], 3, axis=2), image, 255 - image)
    visible, thermal = CropSampler([pair], crop_px=16, seed=1).draw(20)
    assert visible.shape == (20, 16, 16)
    assert np.array_equal(visible, 255 - thermal)
    assert len({crop.tobytes() for crop in visible}) > 10


def test_crops_depend_on_the_seed_alone(data_folder):
    pairs = read_pairs(data_folder)
    first, again, other = (CropSampler(pairs, 32, seed).draw(3) for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_pairs_smaller_than_a_crop_are_an_error(data_folder):
    with pytest.raises(ConfigError, match="large enough"):
        CropSampler(read_pairs(data_folder), crop_px=68, seed=0)
