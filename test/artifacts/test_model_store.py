# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib

import pytest

from fusion_ros.artifacts import model_store
from fusion_ros.artifacts.model_store import manifest_entries, resolve_model, shipped_graph
from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.registry import BACKENDS, graph_family
from fusion_ros.errors import ConfigError, ModelArtifactError


@pytest.mark.parametrize("entry", manifest_entries(), ids=lambda entry: entry.name)
def test_every_model_of_the_manifest_is_there_with_its_checksum(entry):
    assert hashlib.sha256(entry.path.read_bytes()).hexdigest() == entry.sha256
    assert entry.backend in BACKENDS
    assert entry.path.stat().st_size < 1 << 20


@pytest.mark.parametrize("entry", manifest_entries(), ids=lambda entry: entry.name)
def test_the_card_of_every_model_is_about_this_very_file(entry):
    card = (entry.path.parent / f"{entry.name}.md").read_text(encoding="utf-8")
    assert entry.sha256 in card
    assert f"{entry.path.stat().st_size:,} bytes" in card


@pytest.mark.parametrize("entry", manifest_entries(), ids=lambda entry: entry.name)
def test_every_graph_of_the_manifest_is_there_with_its_checksum(entry):
    assert set(entry.graphs) == {*PRECISIONS, *graph_family(entry.backend).parts}
    for name, graph in entry.graphs.items():
        assert hashlib.sha256(graph.path.read_bytes()).hexdigest() == graph.sha256
        assert shipped_graph(entry.path, name) == graph.path.read_bytes()


def test_a_default_model_is_in_the_manifest():
    names = {entry.name for entry in manifest_entries()}
    assert {info.model for info in BACKENDS.values() if info.model} <= names


def test_the_model_id_names_the_content():
    artifact = resolve_model("mm_lut", None)
    digest = hashlib.sha256(artifact.path.read_bytes()).hexdigest()
    assert artifact.model_id == f"mm_lut@{digest[:12]}"


def test_a_file_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    (tmp_path / "m.npz").write_bytes(b"changed")
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        f"models:\n  - {{name: m, backend: mm_lut, file: m.npz, sha256: '{'0' * 64}'}}\n"
    )
    monkeypatch.setattr(model_store, "resource", lambda _: manifest)
    with pytest.raises(ModelArtifactError, match="expected sha256 000000000000"):
        resolve_model("mm_lut", "m")


def test_a_graph_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    (tmp_path / "m.npz").write_bytes(b"model")
    (tmp_path / "m.onnx").write_bytes(b"changed")
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        f"models:\n  - {{name: m, backend: mm_lut, file: m.npz, "
        f"sha256: '{hashlib.sha256(b'model').hexdigest()}', "
        f"graphs: {{fp32: {{file: m.onnx, sha256: '{'0' * 64}'}}}}}}\n"
    )
    monkeypatch.setattr(model_store, "resource", lambda _: manifest)
    with pytest.raises(ModelArtifactError, match=r"m\.onnx: expected sha256 000000000000"):
        shipped_graph(tmp_path / "m.npz", "fp32")
    assert shipped_graph(tmp_path / "m.npz", "fp16") is None


def test_a_backend_without_a_model_of_its_own_says_how_to_get_one():
    with pytest.raises(ConfigError, match="import-lutfuse"):
        resolve_model("lutfuse", None)


def test_a_model_for_a_backend_without_learning_is_refused():
    with pytest.raises(ConfigError, match="nothing learned"):
        resolve_model("average", "x.npz")


def test_a_missing_model_file_is_named(tmp_path):
    with pytest.raises(ModelArtifactError, match=r"absent\.npz"):
        resolve_model("mm_lut", tmp_path / "absent.npz")
