# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The command as users start it."""

from __future__ import annotations

import json
import subprocess
import sys

import cv2

from sample_images import smooth_pair


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "fusion_ros.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        **options,
    )


def test_a_mistake_ends_with_code_1_and_one_clear_line(tmp_path):
    result = run("fuse", tmp_path / "absent.png", tmp_path / "absent.png", "-o", tmp_path / "out")
    assert result.returncode == 1
    assert "error:" in result.stderr
    assert "absent.png" in result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_square_brackets_in_names_are_shown_as_they_are(tmp_path):
    missing = tmp_path / "[bold]day[1].png"
    result = run("fuse", missing, missing, "-o", tmp_path / "out.png")
    assert "[bold]day[1].png" in result.stderr


def test_an_unknown_option_shows_how_it_is_called():
    result = run("fuse", "--nonsense")
    assert result.returncode == 2
    assert "Usage" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_version_is_that_of_the_package():
    import fusion_ros

    assert run("--version").stdout.strip() == f"fusion_ros {fusion_ros.__version__}"


def test_every_command_explains_itself():
    listing = run("--help").stdout
    for command in (
        "demo",
        "fuse",
        "make-bag",
        "replay",
        "evaluate",
        "bench",
        "doctor",
        "train",
        "tune",
    ):
        assert command in listing


def test_fusing_two_files_writes_the_fused_one(tmp_path):
    pair = smooth_pair(40, 60)
    cv2.imwrite(str(tmp_path / "visible.png"), pair.visible)
    cv2.imwrite(str(tmp_path / "thermal.png"), pair.thermal)
    out = tmp_path / "fused.png"
    result = run("fuse", tmp_path / "visible.png", tmp_path / "thermal.png", "-o", out)
    assert result.returncode == 0, result.stderr
    assert cv2.imread(str(out)).shape == (40, 60, 3)


def test_names_with_spaces_and_signs_are_only_names(tmp_path):
    folder = tmp_path / "a b; touch gone $(touch gone)"
    folder.mkdir()
    pair = smooth_pair(16, 24)
    cv2.imwrite(str(folder / "v.png"), pair.visible)
    cv2.imwrite(str(folder / "t.png"), pair.thermal)
    arguments = ("fuse", folder / "v.png", folder / "t.png", "-o", folder / "f.png")
    assert run(*arguments, cwd=tmp_path).returncode == 0
    assert not (tmp_path / "gone").exists()


def test_the_doctor_writes_what_it_found(tmp_path):
    result = run("doctor", "--json", tmp_path / "doctor.json")
    assert result.returncode == 0, result.stdout + result.stderr
    assert json.loads((tmp_path / "doctor.json").read_text())["engine"] == "cpu"


def test_a_bag_that_cannot_be_made_leaves_nothing_in_the_way(tmp_path):
    pair = smooth_pair(48, 64)
    for folder, image in (("visible", pair.visible), ("thermal", pair.visible)):
        (tmp_path / folder).mkdir()
        for name in ("a.png", "b.png"):
            cv2.imwrite(str(tmp_path / folder / name), image)
    folders = ("--visible", tmp_path / "visible", "--thermal", tmp_path / "thermal")
    bag = tmp_path / "bag"
    colour = run("make-bag", *folders, "--rate", "10", "-o", bag)
    assert colour.returncode == 1, colour.stdout
    assert not bag.exists()
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(tmp_path / "thermal" / name), pair.thermal)
    made = run("make-bag", *folders, "--rate", "10", "-o", bag)
    assert made.returncode == 0, made.stderr


def test_a_replay_that_fuses_nothing_fails(tmp_path):
    pair = smooth_pair(48, 64)
    for folder, image in (("visible", pair.visible), ("thermal", pair.thermal)):
        (tmp_path / folder).mkdir()
        for name in ("a.png", "b.png"):
            cv2.imwrite(str(tmp_path / folder / name), image)
    folders = ("--visible", tmp_path / "visible", "--thermal", tmp_path / "thermal")
    bag = tmp_path / "bag"
    options = ("--rate", "10", "--thermal-delay-ms", "40", "-o", bag)
    assert run("make-bag", *folders, *options).returncode == 0
    result = run("replay", bag, "-o", tmp_path / "out", "--tolerance-ms", "1")
    assert result.returncode == 1
    assert "nothing was fused" in result.stderr
