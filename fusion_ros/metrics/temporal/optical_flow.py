# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where each pixel of a frame went in the next one.

- [0]: Fast optical flow using dense inverse search, ECCV 2016 (DIS).

DIS needs no weights and 20 ms for 640x480 on one core; video papers use learned flow, so figures
made with it compare methods on one video, but not with figures that papers print.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A pixel whose way there and back ends further away than this has no partner.
LARGEST_RETURN_ERROR_PX = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """The motion between two frames of one stream.

    Attributes:
        forward: (H, W, 2) float32 [px], right and down: where pixels of the first frame are in
            the second.
        backward: The same from the second frame to the first.
    """

    forward: NDArray[np.float32]
    backward: NDArray[np.float32]


class FlowEstimator:
    """DIS optical flow of OpenCV, preset medium. One thread at a time may use it."""

    def __init__(self) -> None:
        """Take the preset; buffers are made for the first frames."""
        self._dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def motion(self, first: NDArray[np.uint8], second: NDArray[np.uint8]) -> Motion:
        """Motion between two (H, W) frames."""
        return Motion(self._flow(first, second), self._flow(second, first))

    def _flow(self, start: NDArray[np.uint8], end: NDArray[np.uint8]) -> NDArray[np.float32]:
        flow = np.zeros((*start.shape, 2), np.float32)
        return np.asarray(self._dis.calc(start, end, flow), dtype=np.float32)


def fetch(image: NDArray[np.float32], flow: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values of an image where a flow points to.

    Args:
        image: (H, W) or (H, W, 2).
        flow: (H, W, 2) [px].

    Returns:
        As `image`: interpolated linearly in steps of 1/32 pixel; beyond the border the pixels
        at the border.
    """
    across, down = _grid(*flow.shape[:2])
    fetched = cv2.remap(
        image,
        across + flow[..., 0],
        down + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(fetched, dtype=np.float32)


def has_partner(there: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether following the flow there and back again ends within 1 pixel of the start.

    Args:
        there: (H, W, 2) [px], from the frame in question to another one.
        back: (H, W, 2) [px], from the other one.
    """
    miss = there + fetch(back, there)
    return np.asarray(np.hypot(miss[..., 0], miss[..., 1]) < LARGEST_RETURN_ERROR_PX)


@lru_cache(maxsize=1)
def _grid(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of each pixel."""
    across, down = np.meshgrid(np.arange(width), np.arange(height))
    return across.astype(np.float32), down.astype(np.float32)
