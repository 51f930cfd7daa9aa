# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Spatial frequency (SF).

- [0]: Image quality measures and their performance, IEEE Transactions on Communications
  43(12), 1995.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fusion_ros.metrics.sources import FusionSample


def spatial_frequency(sample: FusionSample) -> float:
    """Root of the mean squared step between neighbours [levels], rows and columns added up.

    Noise counts as detail here: compare with the sources' own values.

    Convention:
        On grey levels 0..255. Published values of colour images that were stepped along the
        wrong axis, or of 8-bit differences that wrapped around, are of no use for comparison.
    """
    along_rows = np.mean(np.diff(sample.fused, axis=1) ** 2)
    along_columns = np.mean(np.diff(sample.fused, axis=0) ** 2)
    return float(np.sqrt(along_rows + along_columns))
