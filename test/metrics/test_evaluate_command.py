# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros evaluate`` on folders made here."""

import json

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from fusion_ros.cli.evaluate import evaluate
from fusion_ros.errors import ConfigError, ImageFormatError

NAMES = ("a", "b")


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(evaluate)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folders(tmp_path):
    random = np.random.default_rng(0)
    for folder, shape in (("vi", (64, 72, 3)), ("ir", (64, 72)), ("fused", (64, 72, 3))):
        (tmp_path / folder).mkdir()
        for name in NAMES:
            image = random.integers(256, size=shape, dtype=np.uint8)
            cv2.imwrite(str(tmp_path / folder / f"{name}.png"), image)
    return tmp_path


def test_fused_images_and_baselines_are_scored_and_written_as_json(command, folders):
    result = command(
        "--visible", folders / "vi", "--thermal", folders / "ir", "--fused", folders / "fused",
        "--json", folders / "scores.json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "2 image(s)" in result.output
    figures = json.loads((folders / "scores.json").read_text(encoding="utf-8"))
    assert list(figures["means"]) == ["fused", "vis", "ir", "avg", "max", "lap"]
    assert figures["images"] == 2
    each = [figures["each"]["fused"][name]["VIF"] for name in NAMES]
    assert figures["means"]["fused"]["VIF"] == pytest.approx(np.mean(each))
    assert figures["means"]["vis"]["VIF_vis"] == pytest.approx(1, abs=1e-6)


def test_a_backend_is_run_and_scored(command, folders):
    result = command(
        "--visible", folders / "vi", "--thermal", folders / "ir", "--backend", "average",
        "--engine", "reference", "--no-baselines", "--json", folders / "scores.json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    figures = json.loads((folders / "scores.json").read_text(encoding="utf-8"))
    assert list(figures["means"]) == ["average (reference)"]
    assert figures["means"]["average (reference)"]["out_of_band"] < 0.01


def test_a_missing_fused_image_is_an_error_that_names_it(command, folders):
    (folders / "fused" / "b.png").unlink()
    result = command(
        "--visible", folders / "vi", "--thermal", folders / "ir", "--fused", folders / "fused"
    )
    assert isinstance(result.exception, ConfigError)
    assert "no partner for 1 image(s): b" in str(result.exception)


def test_a_fused_image_of_another_size_is_an_error_that_names_it(command, folders):
    cv2.imwrite(str(folders / "fused" / "b.png"), np.zeros((60, 72, 3), np.uint8))
    result = command(
        "--visible", folders / "vi", "--thermal", folders / "ir", "--fused", folders / "fused"
    )
    assert isinstance(result.exception, ImageFormatError)
    assert str(result.exception).startswith("b, fused:")


def test_nothing_to_score_is_an_error(command, folders):
    result = command("--visible", folders / "vi", "--thermal", folders / "ir", "--no-baselines")
    assert isinstance(result.exception, ConfigError)
