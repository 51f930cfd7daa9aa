# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A thermal camera that is slower than the visible one, and what a replay advises."""

from __future__ import annotations

import pytest

from small_bags import make_bag, replay, rewrite, run_command

THERMAL = "/thermal/image_raw"
REMEDY = ("--reuse-thermal", "--tolerance-ms", "112")
# The images are too small for the metrics.
UNSCORED = ("--score-every", "0")


@pytest.fixture(scope="module")
def slow_bag(tmp_path_factory):
    """Two seconds of 30 Hz beside 9 Hz."""
    folder = tmp_path_factory.mktemp("slow")
    return make_bag(folder, "--seconds", "2", "--thermal-rate", "9")


@pytest.mark.parametrize(
    "options",
    [(), ("--reuse-thermal",)],
    ids=["without reuse", "with reuse alone"],
)
def test_frames_lost_beside_a_slow_camera_come_with_the_remedy(slow_bag, tmp_path, options):
    metrics = replay(slow_bag, tmp_path / "out", *UNSCORED, *options)
    (warning,) = metrics["warnings"]
    lost = metrics["frames"]["visible"]["no_partner"]
    assert lost > 20
    assert warning.startswith(f"{lost} of 60 visible frames have no partner")
    assert warning.endswith(f"sends 9.0 Hz: add {' '.join(REMEDY)}")
    assert warning in (tmp_path / "out" / "report.html").read_text()


def test_offsets_of_the_stamps_are_respected(tmp_path):
    bag = make_bag(tmp_path, "--seconds", "2", "--thermal-rate", "9", "--thermal-delay-ms", "3000")
    taken_back = ("--thermal-offset-ms", "-3000", "--reuse-thermal")
    metrics = replay(bag, tmp_path / "out", *UNSCORED, *taken_back)
    assert metrics["warnings"][0].endswith(" ".join(REMEDY))


def test_the_remedy_fuses_nearly_all_and_silences_the_warning(slow_bag, tmp_path):
    metrics = replay(slow_bag, tmp_path / "out", *UNSCORED, *REMEDY)
    assert metrics["warnings"] == []
    assert metrics["frames"]["visible"]["no_partner"] <= 1


def test_the_console_shows_the_warning(slow_bag, tmp_path):
    output = run_command("replay", slow_bag, "-o", tmp_path / "out", "--backend", "average")
    assert " ".join(REMEDY) in output


def test_a_thermal_camera_that_fell_silent_is_no_slow_one(tmp_path):
    bag = make_bag(tmp_path, "--seconds", "2")

    def first_half(message, number):
        return None if message.topic == THERMAL and number >= 30 else message.data

    half = rewrite(bag, tmp_path / "half", first_half)
    for name, options in (("a", ()), ("b", ("--reuse-thermal",))):
        metrics = replay(half, tmp_path / name, *UNSCORED, *options)
        assert metrics["frames"]["visible"]["no_partner"] > 20
        assert metrics["warnings"] == []
