# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Entropy of the grey levels (EN)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

LEVELS = 256


def entropy(sample: FusionSample) -> float:
    """Entropy of the fused image's histogram [bit]: 0 for a constant image, at most 8."""
    counts = np.bincount(sample.fused.astype(np.intp).ravel(), minlength=LEVELS)
    return histogram_entropy(counts)


def histogram_entropy(counts: NDArray[np.int64]) -> float:
    """Entropy [bit] of a histogram with any number of bins."""
    shares = counts[counts > 0] / counts.sum()
    return float(-np.sum(shares * np.log2(shares)))
