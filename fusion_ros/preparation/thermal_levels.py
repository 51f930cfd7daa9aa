# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Thermal counts to 8-bit grey, by a window that follows the scene slowly.

A window taken anew from each frame makes the whole picture jump when something hot appears.
This one starts with the first frame's percentiles and then moves towards those of later frames
with a time constant, so a grey level keeps meaning about the same temperature.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.time_units import NS_PER_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Share of pixels below the black and above the white end of the window.
LOW_SHARE, HIGH_SHARE = 0.005, 0.995
# Room left beside the percentiles, as a share of their distance, so that what is a little
# hotter than the present scene is not white at once.
MARGIN = 0.1
# A window narrower than this shows sensor noise as contrast. [counts]
MIN_SPAN = 64.0
TIME_CONSTANT_S = 4.0
# Assumed between frames that carry no stamps. [s]
DEFAULT_PERIOD_S = 1 / 30
# Percentiles are taken from about this many pixels.
SAMPLES = 20_000


class ThermalLevels:
    """Maps 16-bit frames of one stream to 8 bit; 8-bit frames pass unchanged."""

    def __init__(self) -> None:
        """Start without a window; the first 16-bit frame sets it."""
        self._window: tuple[float, float] | None = None
        self._stamp_ns = 0
        self._table = np.zeros(1 << 16, dtype=np.uint8)

    def apply(
        self, counts: NDArray[np.uint8 | np.uint16], stamp_ns: int
    ) -> tuple[NDArray[np.uint8], tuple[float, float]]:
        """Map one frame.

        Args:
            counts: (h, w) uint8 or uint16.
            stamp_ns: Acquisition time [ns], 0 where unknown.

        Returns:
            (h, w) uint8, and the counts shown as grey 0 and 255.
        """
        if counts.dtype == np.uint8:
            return counts, (0.0, 255.0)  # type: ignore[return-value]
        window = self._follow(_percentile_window(counts), stamp_ns)
        return self._table[counts], window

    def _follow(self, target: tuple[float, float], stamp_ns: int) -> tuple[float, float]:
        if self._window is None:
            moved = target
        else:
            elapsed_s = (stamp_ns - self._stamp_ns) / NS_PER_S if stamp_ns else DEFAULT_PERIOD_S
            share = -math.expm1(-max(elapsed_s, 0.0) / TIME_CONSTANT_S)
            low, high = self._window
            moved = low + share * (target[0] - low), high + share * (target[1] - high)
        self._stamp_ns = stamp_ns
        if moved != self._window:
            self._window = moved
            self._fill_table(*moved)
        return moved

    def _fill_table(self, low: float, high: float) -> None:
        grey = (np.arange(self._table.size) - low) * (255.0 / (high - low))
        np.clip(np.rint(grey), 0, 255, out=grey)
        self._table[:] = grey


def _percentile_window(counts: NDArray[np.uint8 | np.uint16]) -> tuple[float, float]:
    stride = max(1, math.isqrt(counts.size // SAMPLES))
    sample = counts[::stride, ::stride]
    low, high = (float(value) for value in np.quantile(sample, (LOW_SHARE, HIGH_SHARE)))
    margin = MARGIN * (high - low)
    low, high = low - margin, high + margin
    missing = MIN_SPAN - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    return low, high
