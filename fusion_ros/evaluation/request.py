# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the user asks to be scored: options of the command line become sets and methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.registry import choose_engine
from fusion_ros.errors import ConfigError
from fusion_ros.evaluation.image_set import SetFolders
from fusion_ros.evaluation.methods import BackendRun, Baseline, FusedImages
from fusion_ros.metrics.baselines import BASELINES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion_ros.evaluation.methods import Method

VISIBLE_FOLDER, THERMAL_FOLDER = "vi", "ir"
FUSED_LABEL = "fused"


def requested_sets(
    visible: Path | None, thermal: Path | None, sets: Sequence[str], fused: Mapping[str, Path]
) -> list[SetFolders]:
    """Folders of all sets.

    Args:
        visible: Folder of visible images of a single set; None where `sets` are given.
        thermal: Folder of its thermal images.
        sets: ``NAME=DIR`` each, with ``DIR/vi`` and ``DIR/ir``; their fused images are in a folder
            NAME of each folder in `fused`.
        fused: Label to folder of fused images.

    Raises:
        ConfigError: Neither or both are given, a name comes twice, one is no ``NAME=DIR``, or a
            set has no folder of fused images.
    """
    if sets and (visible or thermal):
        raise ConfigError("expected --set, or --visible with --thermal; got both kinds")
    if sets:
        return [
            SetFolders(
                name,
                folder / VISIBLE_FOLDER,
                folder / THERMAL_FOLDER,
                {label: _fused_of_set(images, name) for label, images in fused.items()},
            )
            for name, folder in _named_folders("--set", sets).items()
        ]
    if visible is None or thermal is None:
        raise ConfigError("nothing to score on: give --visible and --thermal, or --set NAME=DIR")
    visible, thermal = visible.resolve(), thermal.resolve()
    return [SetFolders(visible.parent.name, visible, thermal, fused)]


def requested_fused(options: Sequence[str]) -> dict[str, Path]:
    """Label to folder of ``LABEL=DIR`` or ``DIR``, whose label is "fused".

    Raises:
        ConfigError: A label comes twice.
    """
    return _named_folders(
        "--fused", [text if "=" in text else f"{FUSED_LABEL}={text}" for text in options]
    )


def requested_methods(
    backends: Sequence[str],
    engine: str,
    model: str | None,
    fused: Iterable[str],
    baselines: bool,
) -> tuple[Method, ...]:
    """Everything to score, in the order of tables; engines are chosen and models checked here.

    Raises:
        ConfigError: Nothing is asked for, a label comes twice, or a model is given for several
            backends.
        EngineUnavailableError: The engine cannot run a backend here.
        ModelArtifactError: The model is missing or damaged.
    """
    if model is not None and len(backends) != 1:
        raise ConfigError(f"--model belongs to one --backend; got {len(backends)} of them")
    methods: list[Method] = [_backend(name, engine, model) for name in backends]
    methods.extend(FusedImages(label) for label in fused)
    if baselines:
        methods.extend(Baseline(name) for name in BASELINES)
    if not methods:
        raise ConfigError("nothing to score: give --fused or --backend, or leave --baselines on")
    labels = [method.label for method in methods]
    for label in labels:
        if labels.count(label) > 1:
            raise ConfigError(f"'{label}' would name two rows; give --fused another LABEL=DIR")
    return tuple(methods)


def _backend(name: str, engine: str, model: str | None) -> BackendRun:
    chosen = choose_engine(name, engine)
    artifact = resolve_model(name, model)
    # Workers may have another working directory.
    given = str(Path(model).expanduser().resolve()) if model and Path(model).exists() else model
    return BackendRun(
        f"{name} ({chosen})", name, chosen, given, artifact.model_id if artifact else ""
    )


def _fused_of_set(images: Path, name: str) -> Path:
    folder = images / name
    if not folder.is_dir():
        raise ConfigError(
            f"{folder}: expected a folder of images, but there is none (images of set '{name}'; "
            f"--fused DIR holds a folder for each --set)"
        )
    return folder


def _named_folders(option: str, texts: Sequence[str]) -> dict[str, Path]:
    folders: dict[str, Path] = {}
    for text in texts:
        name, separator, folder = text.partition("=")
        if not (name and separator and folder):
            raise ConfigError(f"{option} {text}: expected NAME=DIR, e.g. night=recordings/night")
        if name in folders:
            raise ConfigError(f"{option} {text}: there already is one named '{name}'")
        folders[name] = Path(folder).expanduser().resolve()
    return folders
