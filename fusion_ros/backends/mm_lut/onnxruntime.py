# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT on ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.backends.graphs.graph_runner import PRECISION, GraphRunner
from fusion_ros.backends.mm_lut.graphs import MM_LUT_GRAPHS

if TYPE_CHECKING:
    from pathlib import Path


class MmLutOnnxRuntime(GraphRunner):
    """Runs the graph of a model in float32."""

    def __init__(self, model_path: Path) -> None:
        """Load the model's graph; raises `ModelArtifactError`."""
        super().__init__(MM_LUT_GRAPHS.graph(model_path, PRECISION))
