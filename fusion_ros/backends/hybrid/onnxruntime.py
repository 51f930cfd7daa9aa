# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid on ONNX Runtime: the whole fusion as one graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.backends.graphs.graph_runner import PRECISION, GraphRunner
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS

if TYPE_CHECKING:
    from pathlib import Path


class HybridOnnxRuntime(GraphRunner):
    """Runs the graph of a model in float32."""

    def __init__(self, model_path: Path) -> None:
        """Load the model's graph; raises `ModelArtifactError`."""
        super().__init__(HYBRID_GRAPHS.graph(model_path, PRECISION))
