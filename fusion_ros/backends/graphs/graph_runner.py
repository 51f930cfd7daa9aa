# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs the graph of a whole fusion on ONNX Runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.engines.onnx_session import OnnxSession

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

# Half precision gains nothing on a CPU.
PRECISION = "fp32"


class GraphRunner:
    """A backend that is a graph, as `GraphFamily` describes it."""

    def __init__(self, graph: bytes) -> None:
        """Load an ONNX file's content; raises `ModelArtifactError`."""
        self._session: OnnxSession | None = OnnxSession(graph)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        assert self._session is not None, "used after close"
        outputs = ("fused", "weight") if want_guidance else ("fused",)
        inputs = {"visible": pair.visible, "thermal": pair.thermal}
        fused, *weight = self._session.run(outputs, inputs)
        return fused, weight[0] if want_guidance else None

    def require_cuda(self) -> None:
        """Raise `DeviceError` unless it runs on an NVIDIA GPU."""
        assert self._session is not None, "used after close"
        self._session.require_cuda()

    def close(self) -> None:
        """Let go of the session, and of its threads and device memory."""
        self._session = None
