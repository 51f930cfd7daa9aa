# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The HybridFusion paper's U-Net and a pyramid in torch, for `hybrid` to be measured against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from fusion_ros.core.luma import luma, replace_luma_by
from fusion_ros.training.network_shapes import PaperUnetShape
from fusion_ros.training.networks.paper_unet import PaperUnet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import FramePair

WIDTHS = (64, 128, 256, 512, 512)


class PaperUnetContender:
    """Fuses with random weights: its speed does not depend on their values.

    Images are converted, fused and coloured as in a backend; torch uses all cores.
    """

    def __init__(self) -> None:
        """Build the network of 17.26 million parameters."""
        torch.manual_seed(0)
        self._network = PaperUnet(PaperUnetShape(WIDTHS)).eval()

    @torch.inference_mode()
    def __call__(self, pair: FramePair) -> NDArray[np.uint8]:
        """Fuse a pair of 8-bit images of one size."""
        grey = luma(pair.visible)
        sources = (
            torch.from_numpy(image.astype(np.float32))[None] for image in (grey, pair.thermal)
        )
        fused = self._network(*sources)[0].numpy()
        return replace_luma_by(pair.visible, np.floor(fused - grey + 0.5))
