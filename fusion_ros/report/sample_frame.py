# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One fused frame and its sources, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SampleFrame:
    """A frame that the report shows; every sample equals only itself.

    Attributes:
        labels: Why it was chosen, e.g. ``("best", "warmest")``; in the order best, worst,
            darkest, warmest, first.
        stamp_ns: Acquisition time of the visible image [ns].
        t_s: The same, since the recording's first visible image [s].
        visible: (H, W, 3) uint8 BGR.
        thermal: (H, W) uint8, as prepared for fusion: on the grid of `visible`.
        fused: (H, W, 3) uint8 BGR.
        guidance: (H, W) uint8; 255 where the thermal source decided alone.
        scores: Metrics of this frame; empty where it was not scored.
    """

    labels: tuple[str, ...]
    stamp_ns: int
    t_s: float
    visible: NDArray[np.uint8]
    thermal: NDArray[np.uint8]
    fused: NDArray[np.uint8]
    guidance: NDArray[np.uint8]
    scores: Mapping[str, float] = field(default_factory=dict)
