# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Correlation of the fused image with its sources (CC), and the correlation of any two images.

- [0]: Infrared and visible image fusion methods and applications: a survey, Information
  Fusion 45, 2019.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample


def correlation_with_sources(sample: FusionSample) -> float:
    """Mean of the correlations with both sources, in [-1, 1].

    Convention:
        The mean, not the sum. The pixel-wise average of both sources is hard to beat in it.
    """
    return (
        correlation(sample.visible, sample.fused) + correlation(sample.thermal, sample.fused)
    ) / 2


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Pearson's coefficient over all pixels of two (H, W) images, in [-1, 1]."""
    first, second = first - first.mean(), second - second.mean()
    # Not as dot products: the order in which those add up depends on the number of threads.
    scale = np.sqrt(np.sum(first * first) * np.sum(second * second))
    # Without variation there is nothing that could correlate.
    return float(np.sum(first * second) / scale) if scale > 0 else 0.0
