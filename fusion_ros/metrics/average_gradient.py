# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Average gradient (AG).

- [0]: Detail preserved fusion of visible and infrared images using regional saliency extraction
  and multi-scale image decomposition, Optics Communications 341, 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fusion_ros.metrics.sources import FusionSample


def average_gradient(sample: FusionSample) -> float:
    """Mean slope of the fused image [levels / pixel]; noise counts as detail.

    Convention:
        That of the papers' toolbox: central differences, one-sided ones at the border, root of
        half the sum of their squares, summed over all pixels and divided by (H - 1)(W - 1).
    """
    down, right = np.gradient(sample.fused)
    height, width = sample.fused.shape
    slopes = np.sqrt((right * right + down * down) / 2)
    return float(np.sum(slopes) / ((height - 1) * (width - 1)))
