# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Faithfulness: the share of pixels that neither source can explain.

Our own measure; it needs no image model. A fusion that weighs its sources in each pixel scores 0;
what sharpens, overshoots or invents does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fusion_ros.metrics.sources import FusionSample

# Rounding of the image and of its conversion to grey may add up to this.
TOLERANCE_LEVELS = 2


def out_of_band(sample: FusionSample) -> float:
    """Share of pixels more than 2 levels outside the range of their sources, in [0, 1]."""
    lower = np.minimum(sample.visible, sample.thermal) - TOLERANCE_LEVELS
    upper = np.maximum(sample.visible, sample.thermal) + TOLERANCE_LEVELS
    return float(np.mean((sample.fused < lower) | (sample.fused > upper)))
