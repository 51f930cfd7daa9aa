# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train mm-lut`` from the command line to the files that it writes."""

import dataclasses
import json
import subprocess
import sys

import cv2
import pytest
from typer.testing import CliRunner

from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.cli.train import app
from fusion_ros.errors import ConfigError
from fusion_ros.training.network_shapes import MmNetShape

pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")


def run(data_folder, output, *options):
    arguments = [
        "mm-lut", "--data", str(data_folder), "--device", "cpu", "-o", str(output), *options
    ]  # fmt: skip
    return CliRunner().invoke(app, arguments)


def test_a_run_writes_the_model_a_report_curves_and_pictures(
    data_folder, config, config_file, tmp_path
):
    output, config = tmp_path / "run", dataclasses.replace(config, steadiness=9.0)
    result = run(
        data_folder, output, "--video", str(data_folder), "--val", f"plain:{data_folder}",
        "--config", str(config_file(config)), "--steps", "3",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    # The folder counts as pairs, and as a video of which every fourth frame is one.
    assert "on 5 pairs and 3 steps of video" in result.output
    assert MmLutModel.load(output / "mm_lut.npz").table.shape == (5, 3, 4, 6)
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    assert report["steps_done"] == report["config"]["optimization"]["steps"] == 3
    assert report["validation"][f"plain:{data_folder}"]["images"] == 4
    table = (output / "loss.csv").read_text(encoding="utf-8").splitlines()
    parts = [*sorted(config.loss), "steadiness", *sorted(config.penalties)]
    assert table[0] == "step," + ",".join(parts)
    assert len(table) == 4
    pictures = {path.name for path in output.glob("*.png")}
    assert pictures == {"loss.png", "val0_0.png", "val0_1.png", "val0_2.png", "val0_3.png"}
    assert not (output / "checkpoint.ckpt").exists()


def test_a_network_is_trained_and_teaches_the_table(data_folder, config, config_file, tmp_path):
    net = dataclasses.replace(
        config, network=MmNetShape((4, 6), 3, 8.0), penalties={},
        optimization=dataclasses.replace(config.optimization, rates={"network": 0.001}),
    )  # fmt: skip
    arguments = ["--data", str(data_folder), "--steps", "2", "--device", "cpu"]
    teacher = tmp_path / "net"
    result = CliRunner().invoke(
        app, ["mm-net", *arguments, "--config", str(config_file(net)), "-o", str(teacher)]
    )
    assert result.exit_code == 0, result.output
    taught = dataclasses.replace(config, distillation={"weight": 1.0})
    result = run(
        data_folder, tmp_path / "lut", "--config", str(config_file(taught)), "--steps", "2",
        "--teacher", f"mm-net:{teacher / 'mm_net.npz'}", "--teacher", "max",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert (tmp_path / "lut" / "loss.csv").read_text().splitlines()[0].endswith("smoothness")


def test_an_unfinished_run_is_neither_overwritten_nor_made_up(
    data_folder, config, config_file, tmp_path
):
    path = str(config_file(config))
    result = run(data_folder, tmp_path / "run", "--config", path, "--resume")
    assert isinstance(result.exception, ConfigError)
    assert "to resume" in str(result.exception)
    (tmp_path / "run" / "checkpoint.ckpt").write_bytes(b"")
    result = run(data_folder, tmp_path / "run", "--config", path)
    assert isinstance(result.exception, ConfigError)
    assert "pass --resume" in str(result.exception)


def test_a_folder_without_images_is_an_error(config, config_file, tmp_path):
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / "empty", tmp_path / "run", "--config", str(config_file(config)))
    assert isinstance(result.exception, ConfigError)
    assert "expected a folder of images" in str(result.exception)


def test_images_that_are_too_small_are_counted(data_folder, config, config_file, tmp_path):
    for name in ("vi", "ir"):
        image = cv2.imread(str(data_folder / name / "0.png"))
        cv2.imwrite(str(data_folder / name / "0.png"), image[:40])
    path = str(config_file(dataclasses.replace(config, steadiness=9.0)))
    result = run(
        data_folder, tmp_path / "run", "--video", str(data_folder), "--config", path,
        "--steps", "1",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = " ".join(result.output.split())
    assert "on 3 pairs and 2 steps of video (left out: 2 pairs and 1 steps of video" in told


@pytest.mark.slow
def test_two_devices_learn_from_different_crops_and_write_once(
    data_folder, config, config_file, tmp_path
):
    def train(output, devices):
        return subprocess.run(
            [
                sys.executable, "-m", "fusion_ros.cli.main", "train", "mm-lut", "--device", "cpu",
                "--data", str(data_folder), "--config", str(config_file(config)), "--steps", "5",
                "--threads", "1", "--devices", str(devices), "-o", str(output),
            ],
            capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip

    one, two = train(tmp_path / "one", 1), train(tmp_path / "two", 2)
    assert two.returncode == 0, two.stderr
    assert two.stdout.count("training mm-lut on 4 pairs") == 1
    assert two.stdout.count("mm_lut.npz: 5") == one.stdout.count("mm_lut.npz: 5") == 1
    first, mean = (
        (tmp_path / name / "loss.csv").read_text(encoding="utf-8").splitlines()
        for name in ("one", "two")
    )
    assert len(first) == len(mean) == 6
    assert first[1] != mean[1]
