# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid on an NVIDIA GPU: the whole fusion as one graph, by ONNX Runtime's build for CUDA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.backends.graphs.graph_runner import PRECISION, GraphRunner
from fusion_ros.backends.graphs.parity import parity_of
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS
from fusion_ros.backends.hybrid.reference import HybridReference
from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from pathlib import Path


class HybridCuda(GraphRunner):
    """Runs the graph of a model in float32 on the GPU, or not at all."""

    def __init__(self, model_path: Path) -> None:
        """Load the model's graph and try it.

        Raises:
            ModelArtifactError: The model cannot be used.
            DeviceError: ONNX Runtime does not use the GPU, or its results are wrong.
        """
        super().__init__(HYBRID_GRAPHS.graph(model_path, PRECISION))
        self.require_cuda()
        parity = parity_of(self, HybridReference(model_path))
        if not parity.sound:
            raise DeviceError(f"results on this GPU are wrong: {parity} to the reference")
