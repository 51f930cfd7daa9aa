# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One entry of the table of metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fusion_ros.metrics.sources import SMALLEST_SIDE_PX

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.metrics.sources import FusionSample


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """One metric of the table.

    Attributes:
        compute: The metric itself.
        better: Which direction is better.
        text: Meaning and unit, in one line.
        smallest_side_px: Smaller images have no value of this metric.
    """

    compute: Callable[[FusionSample], float]
    better: Literal["higher", "lower"]
    text: str
    smallest_side_px: int = SMALLEST_SIDE_PX
