# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Mutual information (MI) of the fused image with its sources.

- [0]: Information measure for performance of image fusion, Electronics Letters 38(7), 2002.

A copy of one source has the highest value that there is: nothing shares more with an image than
the image itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.entropy import LEVELS, histogram_entropy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample


def mutual_information(sample: FusionSample) -> float:
    """Sum over both sources [bit], from joint histograms of 256 x 256 levels."""
    return _shared(sample.visible, sample.fused) + _shared(sample.thermal, sample.fused)


def mutual_information_in_nats(sample: FusionSample) -> float:
    """The same sum with the natural logarithm [nat] (profile ``cddfuse``)."""
    return mutual_information(sample) * math.log(2)


def _shared(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    pairs = first.astype(np.intp) * LEVELS + second.astype(np.intp)
    joint = np.bincount(pairs.ravel(), minlength=LEVELS * LEVELS).reshape(LEVELS, LEVELS)
    separate = histogram_entropy(joint.sum(axis=0)) + histogram_entropy(joint.sum(axis=1))
    return separate - histogram_entropy(joint.ravel())
