# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Entropy of the grey levels (EN).

- [0]: Assessment of image fusion procedures using entropy, image quality, and multispectral
  classification, Journal of Applied Remote Sensing 2(1), 2008.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

LEVELS = 256


def entropy(sample: FusionSample) -> float:
    """Entropy of the fused image's histogram [bit]: 0 for a constant image, at most 8.

    Noise raises it as detail does.
    """
    return histogram_entropy(_histogram(sample.fused))


def entropy_of_all_channels(sample: FusionSample) -> float:
    """Entropy [bit] of one histogram of all blue, green and red values (profile ``tang``)."""
    return histogram_entropy(_histogram(sample.fused_as_given))


def histogram_entropy(counts: NDArray[np.int64]) -> float:
    """Entropy [bit] of a histogram with any number of bins."""
    shares = counts[counts > 0] / counts.sum()
    return float(-np.sum(shares * np.log2(shares)))


def _histogram(image: NDArray[np.float64] | NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.bincount(image.astype(np.intp).ravel(), minlength=LEVELS)
