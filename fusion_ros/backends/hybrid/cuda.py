# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid on an NVIDIA GPU: the whole fusion as one graph, by ONNX Runtime's build for CUDA."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fusion_ros.backends.graphs.graph_runner import PRECISION, GraphRunner
from fusion_ros.backends.graphs.parity import require_parity
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS
from fusion_ros.backends.hybrid.reference import HybridReference
from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


class HybridCuda(GraphRunner):
    """Runs the float32 graph of a model on the GPU, or not at all.

    ONNX Runtime may multiply in TensorFloat-32 where the GPU has it.
    """

    def __init__(self, model_path: Path) -> None:
        """Load the model's graph and try it.

        Raises:
            ModelArtifactError: The model cannot be used.
            DeviceError: ONNX Runtime does not use the GPU, or its results are wrong.
        """
        graph = HYBRID_GRAPHS.graph(model_path, PRECISION)
        with _translated_errors():
            super().__init__(graph)
            self.require_cuda()
        require_parity(self, HybridReference(model_path))

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        with _translated_errors():
            return super().fuse(pair, want_guidance)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """ONNX Runtime's exceptions have no root of their own; the graph itself is right."""
    try:
        yield
    except DeviceError:
        raise
    except Exception as err:
        raise DeviceError(f"CUDA through ONNX Runtime failed ({err})") from err
