# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where the engines that run ONNX get the graph of a model."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.artifacts.model_store import file_sha256, shipped_graph
from fusion_ros.errors import ConfigError, ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fusion_ros.backends.contract import Backend

# Type of the networks' arithmetic, by name of the graph of a whole fusion.
PRECISIONS = {"fp32": "float32", "fp16": "float16"}


@dataclass(frozen=True, slots=True)
class GraphFamily:
    """How the models of one backend become graphs.

    A graph of the whole fusion has inputs ``visible`` (height, width, 3) and ``thermal``
    (height, width), outputs ``fused`` (height, width, 3), all uint8, and ``weight`` (height,
    width) float32 in [0, 1].

    Attributes:
        load: Reads a model; raises `ModelArtifactError`.
        exporter: ``module:function`` that turns a model, the graph's name and the checksum of
            the model's file into an ONNX file; imported only to export.
        reference: The backend on engine ``reference``, which graphs must agree with.
        parts: Names of graphs of a part of the fusion, beside `PRECISIONS` for the whole.
    """

    load: Callable[[Path], Any]
    exporter: str
    reference: Callable[[Path], Backend]
    parts: tuple[str, ...] = ()

    def graph(self, model_path: Path, name: str) -> bytes:
        """The ONNX file of a model: the one that comes with the package, or a new export.

        Args:
            model_path: A model.
            name: One of `PRECISIONS` or `parts`.

        Raises:
            ConfigError: There is no graph of that name.
            ModelArtifactError: The model is missing, damaged or of another kind; or it is the
                user's own, and the package that exports it is not installed.
        """
        shipped = shipped_graph(model_path, name)
        return self.export(model_path, name) if shipped is None else shipped

    def export(self, model_path: Path, name: str) -> bytes:
        """Export a model to ONNX; raises like `graph`."""
        known = (*PRECISIONS, *self.parts)
        if name not in known:
            raise ConfigError(f"graph '{name}': expected one of {', '.join(known)}")
        model = self.load(model_path)
        if importlib.util.find_spec("onnx") is None:
            raise ModelArtifactError(
                f"{model_path}: expected an ONNX graph of this model, but only models that come "
                f"with the package have one, and to export yours the Python package 'onnx' is "
                f"missing: pip install '.[export]' in a clone"
            )
        module, function = self.exporter.split(":")
        exporter = getattr(importlib.import_module(module), function)
        graph: bytes = exporter(model, name, file_sha256(model_path))
        return graph
