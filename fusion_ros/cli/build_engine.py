# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros build-engine`: builds what engine `tensorrt` needs, ahead of the first start."""

from __future__ import annotations

from typing import Annotated

import typer

from fusion_ros.pipeline import DEFAULT_BACKEND


def build_engine(
    model: Annotated[
        str | None, typer.Argument(help="MM-LUT model file or name; the shipped one if left out.")
    ] = None,
) -> None:
    """Build, try and keep the TensorRT plan of a model for this machine's GPU.

    Does nothing where a plan that works is kept already. The folder is $FUSION_ROS_CACHE, or
    fusion_ros in the user's cache folder.
    """
    from fusion_ros.artifacts.model_store import resolve_model
    from fusion_ros.pipeline import load_backend

    artifact = resolve_model(DEFAULT_BACKEND, model)
    assert artifact is not None, "MM-LUT always has a model"
    load_backend(DEFAULT_BACKEND, "tensorrt", artifact.path).close()
    from fusion_ros.backends.mm_lut.tensorrt import describe_plan

    typer.echo(f"ready: {describe_plan(artifact.path)}")
