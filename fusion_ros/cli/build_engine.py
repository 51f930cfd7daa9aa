# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros build-engine`: builds what engine `tensorrt` needs, ahead of the first start."""

from __future__ import annotations

from typing import Annotated

import typer

from fusion_ros.pipeline import DEFAULT_BACKEND


def build_engine(
    model: Annotated[
        str | None, typer.Argument(help="Model file or name; the shipped one if left out.")
    ] = None,
    backend: Annotated[str, typer.Option(help="What the model is for: mm_lut or hybrid.")] = (
        DEFAULT_BACKEND
    ),
) -> None:
    """Build, try and keep the TensorRT plan of a model for this machine's GPU.

    Does nothing where a plan that works is kept already. The folder is $FUSION_ROS_CACHE, or
    fusion_ros in the user's cache folder.
    """
    from fusion_ros.artifacts.model_store import resolve_model
    from fusion_ros.backends.registry import describe_plan, graph_family
    from fusion_ros.pipeline import load_backend

    graph_family(backend)
    artifact = resolve_model(backend, model)
    assert artifact is not None, "a backend with graphs has a model"
    load_backend(backend, "tensorrt", artifact.path).close()
    typer.echo(f"ready: {describe_plan(backend, artifact.path)}")
