# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ConfigError, ImageFormatError
from small_bags import run_command, write_image_folders


def test_two_files_give_one_fused_file_of_the_visible_size(tmp_path):
    visible, thermal = write_image_folders(tmp_path, depth=np.uint16)
    run_command("fuse", visible / "001.png", thermal / "001.png", "-o", tmp_path / "fused.png")
    assert cv2.imread(str(tmp_path / "fused.png")).shape == (24, 32, 3)


def test_folders_are_fused_pair_by_pair_with_their_guidance(tmp_path):
    visible, thermal = write_image_folders(tmp_path, count=3)
    run_command("fuse", visible, thermal, "-o", tmp_path / "out", "--guidance", tmp_path / "w")
    names = ["000.png", "001.png", "002.png"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == names
    weight = cv2.imread(str(tmp_path / "w/000.png"), cv2.IMREAD_UNCHANGED)
    assert (weight.shape, weight.dtype) == ((24, 32), np.uint8)


def test_an_image_is_fused_the_same_alone_and_in_a_folder(tmp_path):
    visible, thermal = write_image_folders(tmp_path, count=3, depth=np.uint16)
    run_command("fuse", visible, thermal, "-o", tmp_path / "all")
    run_command("fuse", visible / "002.png", thermal / "002.png", "-o", tmp_path / "one.png")
    assert (tmp_path / "all/002.png").read_bytes() == (tmp_path / "one.png").read_bytes()


def test_sixteen_bits_are_kept_until_the_fusion(tmp_path):
    visible, thermal = write_image_folders(tmp_path, count=1, depth=np.uint16)
    steps = np.tile(np.arange(30_000, 30_160, 10, dtype=np.uint16), (12, 1))
    cv2.imwrite(str(thermal / "000.png"), steps)
    options = ("--backend", "average", "-o", tmp_path / "fused.png")
    run_command("fuse", visible / "000.png", thermal / "000.png", *options)
    # Cut to 8 bit, these counts would all be the same grey.
    assert len(np.unique(cv2.imread(str(tmp_path / "fused.png"))[..., 1])) > 10


def test_a_colour_mapped_thermal_image_is_refused_by_name(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    cv2.imwrite(str(thermal / "001.png"), np.random.default_rng(0).integers(0, 255, (9, 9, 3)))
    with pytest.raises(ImageFormatError, match=r"001\.png.*grey"):
        run_command("fuse", visible, thermal, "-o", tmp_path / "out")


def test_a_file_and_a_folder_do_not_pair(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    with pytest.raises(ConfigError, match="two files or two folders"):
        run_command("fuse", visible, thermal / "000.png", "-o", tmp_path / "out")


def test_folders_are_not_fused_into_what_is_named_like_an_image(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    with pytest.raises(ConfigError, match=r"one\.PNG: expected a folder .* name of an image"):
        run_command("fuse", visible, thermal, "-o", tmp_path / "one.PNG")
    assert not (tmp_path / "one.PNG").exists()
