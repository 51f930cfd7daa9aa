# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train mm-lut`` from the command line to the files that it writes."""

import json

import pytest
from typer.testing import CliRunner

from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.cli.train import app
from fusion_ros.errors import ConfigError

pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")


@pytest.fixture
def small_config(tmp_path, config):
    path = tmp_path / "small.yaml"
    names = config.__dataclass_fields__
    values = {name: getattr(config, name) for name in names}
    lines = [f"{k}: {list(v) if isinstance(v, tuple) else v}" for k, v in values.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_run_writes_the_model_a_report_and_pictures(data_folder, small_config, tmp_path):
    pytest.importorskip("matplotlib", reason="the loss curve needs matplotlib")
    output = tmp_path / "run"
    result = CliRunner().invoke(app, [
        "mm-lut", "--data", str(data_folder), "--video", str(data_folder), "--val",
        str(data_folder), "--config", str(small_config), "--steps", "3", "-o", str(output),
    ])  # fmt: skip
    assert result.exit_code == 0, result.output
    assert MmLutModel.load(output / "mm_lut.npz").table.shape == (5, 3, 4, 6)
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    assert report["steps_done"] == report["config"]["steps"] == 3
    assert report["validation"][str(data_folder)]["images"] == 4
    pictures = {path.name for path in output.glob("*.png")}
    assert pictures == {"loss.png", "val0_0.png", "val0_1.png", "val0_2.png", "val0_3.png"}


def test_a_folder_without_images_is_an_error(small_config, tmp_path):
    result = CliRunner().invoke(app, [
        "mm-lut", "--data", str(tmp_path), "--config", str(small_config), "-o", str(tmp_path),
    ])  # fmt: skip
    assert isinstance(result.exception, ConfigError)
    assert "expected a folder of images" in str(result.exception)
