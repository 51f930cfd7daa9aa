# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT on the CPU: one compiled pass over bands of rows, in workspace that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.kernel_model import kernel_model
from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.core.read_only import read_only
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX
from fusion_ros.kernels.band_space import BandSpace, allocate_space
from fusion_ros.kernels.bands import BandRunner
from fusion_ros.kernels.fuse_band import fuse_band

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

NO_GUIDANCE = np.empty((0, 0), dtype=np.float32)


class MmLutCpu:
    """Fuses on all cores; a frame allocates its results and nothing else of its size."""

    def __init__(self, model_path: Path, threads: int | None = None) -> None:
        """Load the model; raises `ModelArtifactError`.

        Args:
            model_path: An MM-LUT model.
            threads: Threads to use; None for one per core.
        """
        self.model = MmLutModel.load(model_path)
        self._arrays = kernel_model(self.model)
        self._bands = BandRunner(threads)
        self._shape = (0, 0)
        self._spaces: list[BandSpace] = []

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        height, width = pair.thermal.shape
        rows = -(-height // CONTEXT_STRIDE_PX)
        if self._shape != (height, width):
            self._allocate(rows, width)
            self._shape = (height, width)
        fused = np.empty(pair.visible.shape, np.uint8)
        guidance = np.empty(pair.thermal.shape, np.float32) if want_guidance else NO_GUIDANCE
        self._bands.run(
            fuse_band,
            rows,
            self._spaces,
            self._arrays,
            read_only(pair.visible.reshape(height, -1)),
            read_only(pair.thermal),
            fused.reshape(height, -1),
            guidance,
        )
        return fused, guidance if want_guidance else None

    def close(self) -> None:
        """End the threads."""
        self._bands.close()

    def _allocate(self, rows: int, width: int) -> None:
        bands = self._bands.count(rows)
        self._spaces = [
            allocate_space(self._arrays, -(-rows // bands), width) for _ in range(bands)
        ]
