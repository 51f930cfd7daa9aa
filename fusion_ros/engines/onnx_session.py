# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs an ONNX graph in ONNX Runtime: on the GPU where that build can, else on the CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import onnxruntime

from fusion_ros.errors import DeviceError, ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
# Best first; ONNX Runtime itself goes on to the next where a device is missing.
BEST = (CUDA, CPU)
LOG_ERRORS = 3


class OnnxSession:
    """A loaded graph."""

    def __init__(
        self, graph: bytes, providers: Sequence[str] = BEST, threads: int | None = None
    ) -> None:
        """Load an ONNX file's content.

        Args:
            graph: The content.
            providers: What may run it, best first.
            threads: Threads of the CPU to use; None for one per core.

        Raises:
            ModelArtifactError: ONNX Runtime cannot load it.
        """
        options = onnxruntime.SessionOptions()
        options.log_severity_level = LOG_ERRORS
        if threads is not None:
            options.intra_op_num_threads = threads
        # Threads that wait busily would take the cores from whatever else runs there.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # One level more brings a blocked layout, whose conversions cost more than it gains here.
        levels = onnxruntime.GraphOptimizationLevel
        options.graph_optimization_level = levels.ORT_ENABLE_EXTENDED
        offered = onnxruntime.get_available_providers()
        chosen = [provider for provider in providers if provider in offered]
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=chosen)
        except Exception as err:
            # ONNX Runtime's exceptions have no root of their own.
            raise ModelArtifactError(
                f"ONNX Runtime {onnxruntime.__version__} cannot load the model's graph: {err}"
            ) from err

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """Compute some outputs, newly allocated, from all inputs."""
        results: list[NDArray[Any]] = self._session.run(list(outputs), dict(inputs))
        return results

    def require_cuda(self) -> None:
        """Raise `DeviceError` unless it runs on an NVIDIA GPU; from now on nowhere else."""
        if CUDA not in self._session.get_providers():
            raise DeviceError(
                f"ONNX Runtime {onnxruntime.__version__} could not use the GPU and runs on the "
                f"CPU: CUDA and cuDNN of the versions that it was built for are needed"
            )
        self._session.disable_fallback()


def missing_cuda() -> str:
    """Why ONNX Runtime cannot use an NVIDIA GPU; empty if its build can."""
    if CUDA in onnxruntime.get_available_providers():
        return ""
    return (
        f"the installed ONNX Runtime {onnxruntime.__version__} is a build for the CPU "
        f"(pip install onnxruntime-gpu in its place)"
    )
