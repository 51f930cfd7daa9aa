# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reading pairs and cutting crops."""

import cv2
import numpy as np
import pytest

from fusion_ros.core.luma import luma
from fusion_ros.errors import ConfigError, ImageFormatError
from fusion_ros.training.data.image_pairs import read_pairs, read_video_steps


def test_pairs_carry_luma_and_thermal_of_one_size(data_folder):
    pairs = read_pairs(data_folder)
    assert [pair.name for pair in pairs] == ["scenes/0", "scenes/1", "scenes/2", "scenes/3"]
    assert np.array_equal(pairs[0].luma, luma(pairs[0].visible))
    assert pairs[0].thermal.shape == pairs[0].luma.shape == (64, 80)


def test_large_images_are_halved_until_they_fit(data_folder):
    assert read_pairs(data_folder, long_side_px=79)[0].luma.shape == (32, 40)
    assert read_pairs(data_folder, long_side_px=80)[0].luma.shape == (64, 80)


def test_every_frame_of_a_video_is_paired_with_the_next(data_folder):
    names = [(before.name, after.name) for before, after in read_video_steps(data_folder)]
    assert names == [("scenes/0", "scenes/1"), ("scenes/1", "scenes/2"), ("scenes/2", "scenes/3")]


def test_a_missing_partner_is_an_error(data_folder):
    (data_folder / "ir" / "2.png").unlink()
    with pytest.raises(ConfigError, match=r"no partner for 1 image\(s\): 2"):
        read_pairs(data_folder)


def test_a_pair_of_two_sizes_is_an_error(data_folder):
    cv2.imwrite(str(data_folder / "ir" / "2.png"), np.zeros((64, 81), np.uint8))
    with pytest.raises(ImageFormatError, match=r"2\.png.*expected one size"):
        read_pairs(data_folder)


def test_an_image_of_four_channels_holds_both_sources(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "train.txt").write_text("00001D\n")
    image = np.random.default_rng(0).integers(256, size=(20, 30, 4), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "images" / "00001D.png"), image)
    (pair,) = read_pairs(f"mfnet:{tmp_path / 'train'}")
    assert np.array_equal(pair.visible, image[..., :3])
    assert np.array_equal(pair.thermal, image[..., 3])


def test_an_image_without_a_fourth_channel_is_an_error_there(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "train.txt").write_text("a\n")
    cv2.imwrite(str(tmp_path / "images" / "a.png"), np.zeros((20, 30, 3), np.uint8))
    with pytest.raises(ImageFormatError, match="four channels"):
        read_pairs(f"mfnet:{tmp_path / 'train'}")
