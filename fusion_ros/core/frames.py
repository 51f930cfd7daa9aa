# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The records that travel through the pipeline, in the order in which they come to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Frame:
    """One camera image as it came in, checked but not converted.

    Attributes:
        image: (H, W) or (H, W, C), uint8 or uint16; may be a view of a message's buffer,
            may have padded rows.
        encoding: ROS image encoding of `image`, e.g. ``bgr8`` or ``mono16``.
        stamp_ns: Acquisition time [ns].
        frame_id: The camera's optical frame.
    """

    image: NDArray[np.uint8 | np.uint16]
    encoding: str
    stamp_ns: int
    frame_id: str = ""


@dataclass(frozen=True, slots=True)
class FramePair:
    """A visible and a thermal image of the same moment: the input of a fusion.

    Attributes:
        visible: (H, W, 3) uint8 BGR.
        thermal: (h, w) uint8 or uint16, brighter = warmer; any size, taken to show the same
            field of view as `visible`.
        visible_stamp_ns: Acquisition time of `visible` [ns]; 0 where there is none.
        thermal_stamp_ns: Acquisition time of `thermal` [ns]; 0 where there is none.
    """

    visible: NDArray[np.uint8]
    thermal: NDArray[np.uint8 | np.uint16]
    visible_stamp_ns: int = 0
    thermal_stamp_ns: int = 0


@dataclass(frozen=True, slots=True)
class PreparedPair:
    """A pair that every backend can take: two 8-bit images on one grid.

    Attributes:
        visible: (H, W, 3) uint8 BGR, C-contiguous.
        thermal: (H, W) uint8, C-contiguous, on the grid of `visible`.
        thermal_range: Source values [counts] shown as grey 0 and as grey 255.
    """

    visible: NDArray[np.uint8]
    thermal: NDArray[np.uint8]
    thermal_range: tuple[float, float] = (0.0, 255.0)


@dataclass(frozen=True, slots=True)
class FusedFrame:
    """The result of a fusion.

    Attributes:
        image: (H, W, 3) uint8 BGR on the visible camera's grid.
        guidance: (H, W) float32 in [0, 1]: how much the thermal source decided here;
            None where it was not asked for.
        timings_ms: Wall time of each stage [ms] on a steady clock, in order of execution.
        thermal_range: Source values [counts] shown as grey 0 and as grey 255.
    """

    image: NDArray[np.uint8]
    guidance: NDArray[np.float32] | None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    thermal_range: tuple[float, float] = (0.0, 255.0)
