# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Folders as public data sets have them."""

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.folder_layouts import LAYOUTS, find_pairs

# Layout, folder that the user names, visible and thermal file below the data set's root.
STORED = [
    ("plain", "scenes", "scenes/vi/a.jpg", "scenes/ir/a.png"),
    ("msrs", "train", "train/vi/00001D.png", "train/ir/00001D.png"),
    ("m3fd", "M3FD_Fusion", "M3FD_Fusion/Vis/00000.png", "M3FD_Fusion/Ir/00000.png"),
    ("roadscene", ".", "crop_LR_visible/FLIR_00006.jpg", "cropinfrared/FLIR_00006.jpg"),
    ("fmb", "train", "train/Visible/00001.png", "train/Infrared/00001.png"),
    ("llvip", "train", "visible/train/010001.jpg", "infrared/train/010001.jpg"),
]


def store(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(root / name), np.zeros((8, 8, 3), np.uint8))


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("layout", "folder", "visible", "thermal"), STORED)
def test_a_layout_is_read_by_name_and_recognized(tmp_path, layout, folder, visible, thermal, named):
    store(tmp_path, visible, thermal)
    source = f"{layout}:{tmp_path / folder}" if named else str(tmp_path / folder)
    (pair,) = find_pairs(source)
    assert (pair.visible, pair.thermal) == (tmp_path / visible, tmp_path / thermal)


@pytest.mark.parametrize("named", [True, False])
def test_mfnet_keeps_both_in_one_image_and_its_splits_in_lists(tmp_path, named):
    store(tmp_path, "images/00001D.png", "images/00002N.png", "images/00003N.png")
    (tmp_path / "train.txt").write_text("00001D\n00003N\n")
    source = f"mfnet:{tmp_path / 'train'}" if named else str(tmp_path / "train")
    pairs = find_pairs(source)
    assert [pair.stem for pair in pairs] == ["00001D", "00003N"]
    assert {pair.thermal for pair in pairs} == {None}


def test_every_layout_is_tried():
    assert {row[0] for row in STORED} | {"mfnet"} == set(LAYOUTS)


def test_mfnet_names_listed_images_that_are_missing(tmp_path):
    store(tmp_path, "images/a.png")
    (tmp_path / "train.txt").write_text("a\nb\n")
    with pytest.raises(ConfigError, match=r"1 are not in .*images: b"):
        find_pairs(f"mfnet:{tmp_path / 'train'}")
    with pytest.raises(ConfigError, match="expected a list"):
        find_pairs(f"mfnet:{tmp_path / 'val'}")


def test_an_unknown_layout_and_a_folder_of_none_are_errors(tmp_path):
    with pytest.raises(ConfigError, match=r"unknown layout 'msr'; known are plain, msrs"):
        find_pairs(f"msr:{tmp_path}")
    with pytest.raises(ConfigError, match=r"none of their folders.*crop_LR_visible"):
        find_pairs(str(tmp_path))


def test_the_layout_is_told_with_what_is_missing(tmp_path):
    store(tmp_path, "train/Visible/1.png")
    with pytest.raises(ConfigError, match=r"Infrared.*layout FOLDER/Visible"):
        find_pairs(f"fmb:{tmp_path / 'train'}")


def test_every_nth_pair_can_be_taken(tmp_path):
    store(tmp_path, *(f"{kind}/{n}.png" for kind in ("vi", "ir") for n in range(5)))
    assert [pair.stem for pair in find_pairs(str(tmp_path), every=2)] == ["0", "2", "4"]
