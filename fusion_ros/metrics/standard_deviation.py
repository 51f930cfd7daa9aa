# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Standard deviation of the grey levels (SD), the plain statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fusion_ros.metrics.sources import FusionSample


def standard_deviation(sample: FusionSample) -> float:
    """Contrast of the fused image as a whole [levels], in [0, 127.5].

    Convention:
        Divided by the number of pixels, not by one fewer.
    """
    return float(np.std(sample.fused))
