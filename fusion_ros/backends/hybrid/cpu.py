# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid on the CPU: the network by ONNX Runtime, all else by compiled loops."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS, NETWORK
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.backends.hybrid.workspace import Workspace
from fusion_ros.core.read_only import read_only
from fusion_ros.engines.onnx_session import CPU, OnnxSession
from fusion_ros.kernels.bands import BandRunner
from fusion_ros.kernels.guidance_rows import features_band, guidance_band, luma_band
from fusion_ros.kernels.guided_pyramid import (
    DIFFERENCE,
    GUIDANCE,
    blend_band,
    blend_base,
    fuse_band,
    shrink_band,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


class HybridCpu:
    """Fuses on all cores; a frame allocates its results and nothing else of its size."""

    def __init__(self, model_path: Path, threads: int | None = None) -> None:
        """Load the model and its network's graph; raises `ModelArtifactError`.

        Args:
            model_path: A hybrid model.
            threads: Threads to use; None for one per core.
        """
        self.model = HybridModel.load(model_path)
        self._bands = BandRunner(threads)
        graph = HYBRID_GRAPHS.graph(model_path, NETWORK)
        self._network: OnnxSession | None = OnnxSession(graph, (CPU,), self._bands.threads)
        self._space = Workspace.allocate(self.model, (1, 1), self._bands.threads)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        shape = pair.thermal.shape
        if self._space.grey.shape != shape:
            self._space = Workspace.allocate(self.model, shape, self._bands.threads)
        self._guide(pair)
        fused = np.empty(pair.visible.shape, np.uint8)
        self._blend(pair, fused)
        return fused, self._space.levels[0][GUIDANCE].copy() if want_guidance else None

    def close(self) -> None:
        """End the threads."""
        self._bands.close()
        self._network = None

    def _guide(self, pair: PreparedPair) -> None:
        """Write difference and guidance of the full resolution."""
        assert self._network is not None, "used after close"
        space, thermal = self._space, read_only(pair.thermal)
        finest, stride = space.levels[0], self.model.stride_px
        height = len(space.grey)
        visible = read_only(pair.visible.reshape(height, -1))
        self._run(luma_band, height, visible, thermal, space.grey, finest[DIFFERENCE])
        features = space.features[0]
        self._run(features_band, features.shape[1], space.grey, thermal, features, stride)
        (outputs,) = self._network.run(("outputs",), {"features": space.features})
        difference, guidance = finest[DIFFERENCE], finest[GUIDANCE]
        self._run(guidance_band, height, outputs[0], difference, guidance, stride)

    def _blend(self, pair: PreparedPair, fused: NDArray[np.uint8]) -> None:
        """Carry both down the pyramid, blend its levels from the coarsest, and colour."""
        space, height = self._space, len(self._space.grey)
        for level, smaller in pairwise(space.levels):
            self._run(shrink_band, smaller.shape[1], level, smaller)
        blend_base(space.levels[-1])
        for smaller, level in pairwise(space.levels[:0:-1]):
            self._run(blend_band, level.shape[1], level, smaller)
        visible = read_only(pair.visible.reshape(height, -1))
        thermal = read_only(pair.thermal)
        target = fused.reshape(height, -1)
        finest, half = space.levels[:2]
        self._run(fuse_band, height, finest, half, visible, space.grey, thermal, target)

    def _run(self, kernel: Callable[..., None], rows: int, *arguments: object) -> None:
        self._bands.run(kernel, rows, self._space.lines, *arguments)
