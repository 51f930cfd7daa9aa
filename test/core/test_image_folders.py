# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which files belong together."""

import cv2
import numpy as np
import pytest

from fusion_ros.core.image_folders import match_by_stem, read_colour, read_grey
from fusion_ros.errors import ConfigError, ImageFormatError


@pytest.fixture
def folders(tmp_path):
    for folder, suffix in (("vi", "jpg"), ("ir", "png")):
        (tmp_path / folder).mkdir()
        for index in range(6):
            (tmp_path / folder / f"{index:02}.{suffix}").touch()
    (tmp_path / "ir" / "notes.txt").touch()
    return [tmp_path / "vi", tmp_path / "ir"]


def test_files_are_paired_by_stem_whatever_their_suffix(folders):
    matched = match_by_stem(folders)
    assert list(matched) == ["00", "01", "02", "03", "04", "05"]
    assert [path.name for path in matched["03"]] == ["03.jpg", "03.png"]


def test_every_nth_image_is_taken_in_the_order_of_names(folders):
    assert list(match_by_stem(folders, every=4)) == ["00", "04"]


@pytest.mark.parametrize("lacking", [0, 1])
def test_a_missing_partner_is_named_with_its_folder(folders, lacking):
    next(folders[lacking].glob("03.*")).unlink()
    with pytest.raises(ConfigError, match=rf"{folders[lacking]}: no partner for 1 image\(s\): 03"):
        match_by_stem(folders)


def test_two_files_of_one_stem_are_refused(folders):
    (folders[0] / "03.png").touch()
    with pytest.raises(ConfigError, match=r"03\.jpg and 03\.png"):
        match_by_stem(folders)


def test_a_missing_and_an_empty_folder_are_refused(folders, tmp_path):
    with pytest.raises(ConfigError, match="expected a folder"):
        match_by_stem([folders[0], tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="expected images"):
        match_by_stem([folders[0], tmp_path / "empty"])


def test_images_are_read_as_colour_or_grey_of_eight_bit(tmp_path):
    image = np.arange(24, dtype=np.uint8).reshape(4, 6)
    cv2.imwrite(str(tmp_path / "grey.png"), image)
    assert np.array_equal(read_grey(tmp_path / "grey.png"), image)
    assert read_colour(tmp_path / "grey.png").shape == (4, 6, 3)


def test_sixteen_bit_and_damaged_images_are_refused(tmp_path):
    cv2.imwrite(str(tmp_path / "deep.png"), np.full((4, 6), 40_000, np.uint16))
    with pytest.raises(ImageFormatError, match="expected an image of 8 bit, got uint16"):
        read_grey(tmp_path / "deep.png")
    (tmp_path / "broken.png").write_bytes(b"not an image")
    with pytest.raises(ImageFormatError, match="cannot be read"):
        read_colour(tmp_path / "broken.png")
