# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Hybrid in plain float64 NumPy: the definition that all other engines are held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.hybrid.guidance import guidance_map
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.backends.hybrid.pyramid import fuse_by_guidance
from fusion_ros.core.luma import luma, replace_luma_by

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


class HybridReference:
    """Fuses with float64 arithmetic, one NumPy step after the other."""

    def __init__(self, model_path: Path) -> None:
        """Load the model; raises `ModelArtifactError`."""
        self.model = HybridModel.load(model_path)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        grey = luma(pair.visible)
        guidance = guidance_map(self.model, grey, pair.thermal)
        fused = fuse_by_guidance(grey, pair.thermal, guidance)
        image = replace_luma_by(pair.visible, np.floor(fused - grey + 0.5))
        return image, guidance.astype(np.float32) if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""
