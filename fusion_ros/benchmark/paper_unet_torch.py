# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The HybridFusion paper's U-Net and a pyramid in torch, for `hybrid` to be measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from fusion_ros.artifacts.resources import resource
from fusion_ros.core.luma import luma, replace_luma_by
from fusion_ros.training.networks.registry import NETWORKS, build_network
from fusion_ros.training.training_config import TrainingConfig, read_config

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import FramePair


class PaperUnetContender:
    """Fuses with random weights: its speed does not depend on their values.

    Images are converted, fused and coloured as in a backend; torch uses all cores.
    """

    def __init__(self) -> None:
        """Build the network of 17.26 million parameters."""
        published = NETWORKS["hybrid-unet"]
        config: TrainingConfig[Any] = read_config(resource(published.config), published.shape)
        self._network = build_network("hybrid-unet", config).eval()

    @torch.no_grad()
    def __call__(self, pair: FramePair) -> NDArray[np.uint8]:
        """Fuse a pair of 8-bit images of one size."""
        grey = luma(pair.visible)
        sources = (
            torch.from_numpy(image.astype(np.float32))[None] for image in (grey, pair.thermal)
        )
        fused = self._network(*sources)[0].numpy()
        return replace_luma_by(pair.visible, np.floor(fused - grey + 0.5))
