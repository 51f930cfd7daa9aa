# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Models by name, from the manifest, with their checksums verified; or any model by its path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fusion_ros.artifacts.resources import resource
from fusion_ros.backends.registry import backend_info
from fusion_ros.errors import ConfigError, ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "models/manifest.yaml"
ID_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Artifact:
    """A model file whose content is known.

    Attributes:
        path: The file.
        model_id: ``<name>@<first 12 hex digits of its sha256>``.
    """

    path: Path
    model_id: str


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that comes with the package, and the checksum that it must have."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One model that comes with the package; `models/manifest.yaml` has more about it.

    Attributes:
        graphs: The same model, or a part of it, as ONNX files by name.
    """

    name: str
    backend: str
    path: Path
    sha256: str
    graphs: Mapping[str, CheckedFile] = field(default_factory=dict)


def resolve_model(backend: str, model: str | Path | None) -> Artifact | None:
    """Find the model that a backend shall use.

    Args:
        backend: Registered name.
        model: A path, a name from the manifest, or None for the backend's own model.

    Returns:
        The model, or None where the backend has nothing learned.

    Raises:
        ConfigError: A model is needed and none was given, or given and none is needed.
        ModelArtifactError: The file is missing or its checksum is wrong.
    """
    info = backend_info(backend)
    chosen = info.model if model is None or not str(model) else model
    if chosen is None:
        if info.needs_model:
            raise ConfigError(
                f"backend '{backend}' comes without a model: give one as the model "
                f"(for LUT-Fuse checkpoints: fusion_ros import-lutfuse)"
            )
        return None
    if not info.needs_model:
        raise ConfigError(f"backend '{backend}' has nothing learned: leave 'model' empty")
    for entry in manifest_entries():
        if entry.name == str(chosen):
            _verify(entry.path, entry.sha256)
            return Artifact(entry.path, f"{entry.name}@{entry.sha256[:ID_DIGITS]}")
    path = Path(chosen).expanduser()
    return Artifact(path, f"{path.stem}@{file_sha256(path)[:ID_DIGITS]}")


def manifest_entries() -> list[ManifestEntry]:
    """The models that come with the package.

    Raises:
        ModelArtifactError: The manifest is damaged.
    """
    path = resource(MANIFEST)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return [_entry(path, fields) for fields in document["models"]]
    except (KeyError, TypeError) as err:
        raise ModelArtifactError(f"{path}: damaged manifest ({err!r}); reinstall it") from err


def shipped_graph(model: Path, name: str) -> bytes | None:
    """The ONNX file that was made of a model.

    Args:
        model: A model file, known by its content.
        name: ``fp32``, ``fp16``, or that of a part.

    Returns:
        The file's content, or None where none comes with the package.

    Raises:
        ModelArtifactError: A file is missing or its checksum is wrong.
    """
    model_sha256 = file_sha256(model)
    for entry in manifest_entries():
        if entry.sha256 == model_sha256 and name in entry.graphs:
            graph = entry.graphs[name]
            _verify(graph.path, graph.sha256)
            return graph.path.read_bytes()
    return None


def file_sha256(path: Path) -> str:
    """Checksum of a file as 64 hex digits; raises `ModelArtifactError` if it is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as err:
        raise ModelArtifactError(
            f"{path}: expected a model file or one of the names in {MANIFEST} ({err.strerror})"
        ) from err


def _entry(manifest: Path, fields: dict[str, Any]) -> ManifestEntry:
    graphs: dict[str, dict[str, str]] = fields.get("graphs", {})
    return ManifestEntry(
        name=fields["name"],
        backend=fields["backend"],
        path=manifest.parent / fields["file"],
        sha256=fields["sha256"],
        graphs={
            name: CheckedFile(manifest.parent / graph["file"], graph["sha256"])
            for name, graph in graphs.items()
        },
    )


def _verify(path: Path, sha256: str) -> None:
    found = file_sha256(path)
    if found != sha256:
        raise ModelArtifactError(
            f"{path}: expected sha256 {sha256[:ID_DIGITS]}…, found {found[:ID_DIGITS]}…; the file "
            f"is damaged or was replaced: reinstall it, or give your own model by its path"
        )
