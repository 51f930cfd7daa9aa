# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import onnx
import pytest
from typer.testing import CliRunner

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.graphs import parity
from fusion_ros.backends.registry import usable_engines
from fusion_ros.cli.main import app
from fusion_ros.errors import ConfigError, EngineUnavailableError, ModelArtifactError


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_export_writes_a_graph_and_how_far_it_is_from_the_reference(tmp_path, precision):
    target = tmp_path / "model.onnx"
    result = run("export", "-o", target, "--precision", precision)
    assert result.exit_code == 0
    assert "grey levels" in result.output
    onnx.checker.check_model(str(target), full_check=True)


@pytest.mark.parametrize("options", [("--precision", "fp16"), ("--part", "network")])
def test_the_hybrid_is_exported_whole_or_its_network_alone(tmp_path, options):
    target = tmp_path / "model.onnx"
    result = run("export", "-o", target, "--backend", "hybrid", *options)
    assert result.exit_code == 0
    assert ("grey levels" in result.output) == ("--part" not in options)
    onnx.checker.check_model(str(target), full_check=True)


def test_a_backend_or_part_without_a_graph_is_refused_with_those_that_have_one(tmp_path):
    with pytest.raises(ConfigError, match="those that can: mm_lut, hybrid"):
        run("export", "-o", tmp_path / "model.onnx", "--backend", "average")
    with pytest.raises(ConfigError, match="a part of mm_lut, which has: none"):
        run("export", "-o", tmp_path / "model.onnx", "--part", "network")
    with pytest.raises(ConfigError, match="a part of hybrid, which has: network"):
        run("export", "-o", tmp_path / "model.onnx", "--backend", "hybrid", "--part", "fp16")
    assert not (tmp_path / "model.onnx").exists()


def test_export_takes_a_file_of_the_users_own(tmp_path):
    own = tmp_path / "own.npz"
    own.write_bytes(resolve_model("mm_lut", None).path.read_bytes())
    result = run("export", own, "-o", tmp_path / "own.onnx")
    assert "own@" in result.output


def test_a_graph_that_is_not_the_model_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(parity, "LARGEST_MEAN_LEVELS", -1.0)
    with pytest.raises(ModelArtifactError, match="nothing was written"):
        run("export", "-o", tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


@pytest.mark.skipif("tensorrt" in usable_engines("mm_lut"), reason="TensorRT runs here")
def test_build_engine_says_why_it_cannot():
    with pytest.raises(EngineUnavailableError, match="tensorrt"):
        run("build-engine")
