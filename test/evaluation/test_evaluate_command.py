# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros evaluate`` on folders made here."""

import json

import cv2
import numpy as np
import pytest
import typer
from scipy import stats
from typer.testing import CliRunner

from fusion_ros.cli.evaluate import evaluate
from fusion_ros.errors import ConfigError, FusionError, ImageFormatError
from fusion_ros.metrics.registry import METRICS
from fusion_ros.metrics.temporal.temporal_scores import TEMPORAL_METRICS

NAMES = ("a", "b", "c")
BASELINES = ["vis", "ir", "avg", "max", "lap"]
HERE = ("--jobs", "1")


def write_set(folder, seed, shape=(64, 72)):
    random = np.random.default_rng(seed)
    for name, channels in (("vi", 3), ("ir", 1)):
        (folder / name).mkdir(parents=True)
        for stem in NAMES:
            coarse = random.uniform(20, 235, size=(shape[0] // 8, shape[1] // 8, channels))
            image = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC)
            cv2.imwrite(str(folder / name / f"{stem}.png"), image.clip(0, 255))


def write_fused(data, fused, stems=NAMES):
    fused.mkdir(parents=True)
    for stem in stems:
        visible = cv2.imread(str(data / "vi" / f"{stem}.png"))
        cv2.imwrite(str(fused / f"{stem}.png"), cv2.GaussianBlur(visible, (5, 5), 2))


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(evaluate)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def data(tmp_path):
    """Two sets, ``day`` and ``deep/night``, and a folder with fused images of both."""
    for seed, name in enumerate(("day", "deep/night")):
        write_set(tmp_path / name, seed)
        write_fused(tmp_path / name, tmp_path / "theirs" / name)
    return tmp_path


@pytest.fixture
def figures(command, data):
    """Runs the command and reads the figures that it wrote."""

    def run(*arguments):
        path = data / "made if needed" / "scores.json"
        result = command(*arguments, "--json", path)
        assert result.exit_code == 0, result.exception or result.output
        return json.loads(path.read_text(encoding="utf-8"))

    return run


def folders(data):
    return "--visible", data / "day/vi", "--thermal", data / "day/ir"


def both_sets(data):
    return "--set", f"day={data / 'day'}", "--set", f"deep/night={data / 'deep/night'}"


def test_one_run_scores_backends_images_and_baselines_on_several_sets(command, figures, data):
    options = (
        *both_sets(data), "--fused", f"theirs={data / 'theirs'}", "--backend", "average",
        "--engine", "reference", *HERE,
    )  # fmt: skip
    found = figures(*options)
    assert list(found["sets"]) == ["day", "deep/night"]
    for of_set in found["sets"].values():
        assert list(of_set["methods"]) == ["average (reference)", "theirs", *BASELINES]
        assert of_set["images"] == of_set["pairs_in_folder"] == 3
        theirs = of_set["methods"]["theirs"]
        each = [theirs["each"][stem]["VIF"] for stem in NAMES]
        low, high = stats.t.interval(0.95, 2, loc=np.mean(each), scale=stats.sem(each))
        assert theirs["means"]["VIF"] == pytest.approx(np.mean(each))
        assert theirs["ci95"]["VIF"] == pytest.approx((high - low) / 2)
        assert of_set["methods"]["vis"]["means"]["VIF_vis"] == pytest.approx(1, abs=1e-6)
        assert of_set["methods"]["average (reference)"]["means"]["out_of_band"] < 0.01
    # Small images have no MS-SSIM.
    assert set(theirs["means"]) == {*METRICS, "reward"} - {"MS_SSIM"}
    assert found["sets"]["day"]["methods"] != found["sets"]["deep/night"]["methods"]
    assert found["methods"]["average (reference)"]["engine"] == "reference"
    assert found["profile"] == "std"
    assert {"date", "cpu", "commit"} <= set(found["provenance"])


def test_the_table_names_set_images_profile_and_directions(command, data):
    result = command(*both_sets(data), "--profile", "tang", "--every", 2, *HERE)
    assert result.exit_code == 0, result.exception
    assert "day: 2 of 3 images, profile tang" in result.output
    assert "deep/night: 2 of 3 images, profile tang" in result.output
    assert "Nabf ↓" in result.output and "SSIM ↑" in result.output
    assert "±" in result.output and "95 % confidence interval" in result.output
    assert "HybridFusion, DTPF" in result.output
    assert max(map(len, result.output.splitlines())) <= 120


def test_single_folders_need_no_names(figures, data):
    found = figures(*folders(data), "--fused", data / "theirs/day", "--no-baselines", *HERE)
    assert list(found["sets"]) == ["day"]
    assert list(found["sets"]["day"]["methods"]) == ["fused"]


def test_a_profile_changes_its_metrics_and_no_others(figures, data):
    runs = {
        profile: figures(*folders(data), "--profile", profile, *HERE)["sets"]["day"]["methods"]
        for profile in ("std", "tang", "cddfuse")
    }
    means = {profile: methods["avg"]["means"] for profile, methods in runs.items()}
    assert means["cddfuse"]["MI"] == pytest.approx(means["std"]["MI"] * np.log(2))
    assert len({means[profile]["SSIM"] for profile in means}) == 3
    for metric in set(METRICS) - {"MI", "SSIM", "EN", "MS_SSIM"}:
        assert means["std"][metric] == means["tang"][metric] == means["cddfuse"][metric]
    assert "reward" in means["std"] and "reward" not in means["tang"]


def test_a_video_is_scored_as_one_in_the_order_of_names(figures, data):
    found = figures(*folders(data), "--sequence", *HERE)["sets"]["day"]["methods"]
    for method in found.values():
        assert set(method["video"]) <= set(TEMPORAL_METRICS)
        assert {"BiSWE", "MS2R"} <= set(method["video"])
    plain = figures(*folders(data), *HERE)["sets"]["day"]["methods"]
    assert plain["max"]["video"] == {}
    assert plain["max"]["each"] == found["max"]["each"]


def test_processes_and_clusters_give_the_same_figures_as_this_process(
    figures, data, dask_scheduler
):
    options = (*both_sets(data), "--backend", "mm_lut", "--engine", "reference")
    for mode in ((), ("--sequence",)):
        here, processes, cluster = (
            figures(*options, *mode, *workers)["sets"]
            for workers in (HERE, ("--jobs", "2"), ("--scheduler", dask_scheduler))
        )
        assert here == processes == cluster


def test_only_common_images_are_scored_if_asked_for(figures, command, data):
    write_fused(data / "day", data / "few", NAMES[:2])
    options = (*folders(data), "--fused", data / "few", *HERE)
    found = figures(*options, "--common")["sets"]["day"]
    assert (found["images"], found["pairs_in_folder"]) == (2, 3)
    assert list(found["methods"]["vis"]["each"]) == ["a", "b"]
    result = command(*options)
    assert isinstance(result.exception, ConfigError)
    assert "no partner for 1 image(s): c" in str(result.exception)
    assert str(result.exception).endswith("--common scores only those that are there")


@pytest.mark.parametrize(
    ("missing", "options", "steps", "note"),
    [
        ((), (), {"1": 2}, None),
        ((), ("--every", "2"), {"2": 1}, "day, one of every 2 frames: steadiness is over 2 frames"),
        (("b",), ("--common",), {"2": 1}, "day, one of every 2 frames"),
        (("a",), ("--common",), {"1": 1}, None),
    ],
)
def test_a_video_with_frames_left_out_says_so(command, data, missing, options, steps, note):
    write_fused(data / "day", data / "few", [name for name in NAMES if name not in missing])
    options = (*folders(data), "--fused", data / "few", "--sequence", *options, *HERE)
    result = command(*options, "--json", data / "scores.json")
    found = json.loads((data / "scores.json").read_text(encoding="utf-8"))["sets"]["day"]
    assert found["frame_steps"] == steps
    text = " ".join(result.output.split())
    assert "Frames of a video are alike" in text
    assert note in text if note else "not comparable" not in text


def test_a_set_without_a_folder_of_fused_images_says_which_set_it_is_of(command, data):
    options = (*both_sets(data), "--set", f"road={data / 'day'}", "--fused", data / "theirs")
    result = command(*options, *HERE)
    assert isinstance(result.exception, ConfigError)
    assert str(result.exception).startswith(str(data / "theirs/road"))
    assert "(images of set 'road'; --fused DIR holds a folder for each --set)" in str(
        result.exception
    )


def test_nothing_in_common_is_an_error(command, data):
    (data / "other").mkdir()
    cv2.imwrite(str(data / "other/x.png"), np.zeros((64, 72), np.uint8))
    result = command(*folders(data), "--fused", data / "other", "--common", *HERE)
    assert isinstance(result.exception, ConfigError)
    assert "no image name is common" in str(result.exception)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fused_image_of_another_size_is_an_error_that_names_it(command, data, jobs):
    cv2.imwrite(str(data / "theirs/day/b.png"), np.zeros((60, 72, 3), np.uint8))
    result = command(*folders(data), "--fused", data / "theirs/day", "--jobs", jobs)
    assert isinstance(result.exception, ImageFormatError)
    assert str(result.exception).startswith("b, fused:")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--no-baselines"], "nothing to score: give --fused or --backend"),
        (["--set", "x=here"], "got both kinds"),
        (["--fused", "max=there"], "'max' would name two rows"),
        (["--fused", "a=x", "--fused", "a=y"], "there already is one named 'a'"),
        (["--model", "mm_lut"], "--model belongs to one --backend"),
        (["--profile", "best"], "unknown profile 'best'"),
        (["--backend", "magic"], "unknown backend 'magic'"),
        (["--backend", "average", "--engine", "torch"], "cannot run on engine 'torch'"),
        (["--backend", "mm_lut", "--model", "none.npz"], "none.npz"),
        (["--fused", "nowhere"], "expected a folder of images"),
        (["--scheduler", "nonsense://x"], "address of a running Dask scheduler"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line_that_says_why(command, data, options, message):
    result = command(*folders(data), *options)
    assert isinstance(result.exception, FusionError)
    assert message in str(result.exception)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "give --visible and --thermal, or --set NAME=DIR"),
        (["--visible", "x"], "give --visible and --thermal, or --set NAME=DIR"),
        (["--set", "day"], "expected NAME=DIR"),
        (["--set", "day="], "expected NAME=DIR"),
        (["--set", "day=x", "--set", "day=y"], "there already is one named 'day'"),
    ],
)
def test_sets_that_make_no_sense_are_refused(command, options, message):
    result = command(*options)
    assert isinstance(result.exception, ConfigError)
    assert message in str(result.exception)
