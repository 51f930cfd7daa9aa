# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The image encodings that are understood without help."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How one pixel lies in memory.

    Attributes:
        dtype: Element type.
        channels: Elements for each pixel.
    """

    dtype: type[np.uint8 | np.uint16]
    channels: int

    @property
    def bytes_per_pixel(self) -> int:
        """Size of one pixel [bytes]."""
        return np.dtype(self.dtype).itemsize * self.channels


PIXEL_LAYOUTS = {
    "bgr8": PixelLayout(np.uint8, 3),
    "rgb8": PixelLayout(np.uint8, 3),
    "bgra8": PixelLayout(np.uint8, 4),
    "rgba8": PixelLayout(np.uint8, 4),
    "mono8": PixelLayout(np.uint8, 1),
    "8UC1": PixelLayout(np.uint8, 1),
    "mono16": PixelLayout(np.uint16, 1),
    "16UC1": PixelLayout(np.uint16, 1),
}
VISIBLE_ENCODINGS = ("bgr8", "rgb8", "bgra8", "rgba8", "mono8", "8UC1")
THERMAL_ENCODINGS = ("mono8", "8UC1", "mono16", "16UC1")
