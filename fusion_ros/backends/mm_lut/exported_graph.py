# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the engines that run ONNX get the graph of an MM-LUT model."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from fusion_ros.artifacts.model_store import file_sha256, shipped_graph
from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from pathlib import Path

PRECISIONS = ("fp32", "fp16")


def graph_of(model_path: Path, precision: str) -> bytes:
    """The ONNX file of a model: the one that comes with the package, or a new export.

    Args:
        model_path: An MM-LUT model.
        precision: ``fp32`` or ``fp16``.

    Raises:
        ModelArtifactError: The model is missing, damaged or of another kind; or it is the
            user's own, and the package that exports it is not installed.
    """
    shipped = shipped_graph(model_path, precision)
    return export_graph(model_path, precision) if shipped is None else shipped


def export_graph(model_path: Path, precision: str) -> bytes:
    """Export a model to ONNX; raises like `graph_of`."""
    model = MmLutModel.load(model_path)
    if importlib.util.find_spec("onnx") is None:
        raise ModelArtifactError(
            f"{model_path}: expected an ONNX graph of this model, but only models that come "
            f"with the package have one, and to export yours the Python package 'onnx' is "
            f"missing: pip install '.[export]' in a clone"
        )
    from fusion_ros.backends.mm_lut.onnx_graph import export_onnx

    return export_onnx(model, precision, file_sha256(model_path))
