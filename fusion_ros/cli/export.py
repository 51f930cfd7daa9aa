# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros export`: a model as an ONNX file for any runtime."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.backends.contract import Backend


class Precision(str, Enum):
    """Arithmetic of the networks in the graph."""

    FP32 = "fp32"
    FP16 = "fp16"


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The ONNX file to write.")],
    model: Annotated[
        str | None, typer.Argument(help="Model file or name; the shipped one if left out.")
    ] = None,
    backend: Annotated[str, typer.Option(help="What the model is for: mm_lut or hybrid.")] = (
        DEFAULT_BACKEND
    ),
    precision: Annotated[
        Precision, typer.Option(help="Arithmetic of the networks.")
    ] = Precision.FP32,
    part: Annotated[
        str | None, typer.Option(help="Only a part of the fusion, in fp32; of hybrid: network.")
    ] = None,
) -> None:
    """Write a whole fusion as one ONNX graph, and compare it with the reference.

    Inputs are `visible` (height, width, 3) BGR and `thermal` (height, width), outputs `fused`
    (height, width, 3) BGR, all uint8, and `weight` (height, width) float32. Any size.
    """
    from fusion_ros.artifacts.model_store import file_sha256, resolve_model
    from fusion_ros.backends.registry import graph_family
    from fusion_ros.errors import ConfigError

    family = graph_family(backend)
    artifact = resolve_model(backend, model)
    assert artifact is not None, "a backend with graphs has a model"
    if part is not None and part not in family.parts:
        raise ConfigError(
            f"--part {part}: expected a part of {backend}, which has: "
            f"{', '.join(family.parts) or 'none'}"
        )
    name = part or precision.value
    graph = family.export(artifact.path, name)
    verdict = (
        _compare(graph, family.reference, artifact.path)
        if part is None
        else "a part of the fusion in fp32, not compared with the reference by itself"
    )
    output.write_bytes(graph)
    typer.echo(
        f"{output}: {artifact.model_id}, {name}, {len(graph)} bytes, "
        f"sha256 {file_sha256(output)}\n{verdict}"
    )


def _compare(graph: bytes, reference: Callable[[Path], Backend], model_path: Path) -> str:
    """Run the graph; raises `ModelArtifactError` where it is not what the reference computes."""
    from importlib.util import find_spec

    if find_spec("onnxruntime") is None:
        return (
            "not compared with the reference, which needs ONNX Runtime: pip install '.[onnx]' "
            "in a clone"
        )
    from fusion_ros.backends.graphs.graph_runner import GraphRunner
    from fusion_ros.backends.graphs.parity import parity_of
    from fusion_ros.errors import ModelArtifactError

    parity = parity_of(GraphRunner(graph), reference(model_path))
    if not parity.sound:
        raise ModelArtifactError(
            f"{model_path}: its graph is not what the reference computes ({parity}); nothing was "
            f"written. Check the installed versions of onnx and onnxruntime"
        )
    return f"against the reference, in ONNX Runtime: {parity}"
