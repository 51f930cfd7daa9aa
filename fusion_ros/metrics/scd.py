# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Sum of the correlations of differences (SCD).

- [0]: A new image quality metric for image fusion: the sum of the correlations of
  differences, AEU 69(12), 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.metrics.correlation import correlation

if TYPE_CHECKING:
    from fusion_ros.metrics.sources import FusionSample


def scd(sample: FusionSample) -> float:
    """How well what each source lacks in the fused image comes from the other one, in [-2, 2]."""
    return correlation(sample.fused - sample.thermal, sample.visible) + correlation(
        sample.fused - sample.visible, sample.thermal
    )
