# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Sum of the correlations of differences (SCD).

- [0]: A new image quality metric for image fusion: the sum of the correlations of
  differences, AEU 69(12), 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample


def scd(sample: FusionSample) -> float:
    """How well what each source lacks in the fused image comes from the other one, in [-2, 2]."""
    return _correlation(sample.fused - sample.thermal, sample.visible) + _correlation(
        sample.fused - sample.visible, sample.thermal
    )


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    first, second = first - first.mean(), second - second.mean()
    scale = np.sqrt(np.sum(first * first) * np.sum(second * second))
    # Without variation there is nothing that could correlate.
    return float(np.sum(first * second) / scale) if scale > 0 else 0.0
