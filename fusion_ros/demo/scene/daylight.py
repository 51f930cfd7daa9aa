# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The light of the day: from afternoon sun over dusk to night within one drive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Where the sun stands: ahead, to the left, half way up.
SUN_DIRECTION = np.array([-0.55, 0.62, 0.28]) / np.linalg.norm([-0.55, 0.62, 0.28])
LAMP_COLOUR = np.array([0.42, 0.72, 1.0], np.float32)
HEADLIGHT_COLOUR = np.array([0.98, 1.0, 0.94], np.float32)

# Part of the drive, then BGR of: light from all sides, sun, sky overhead, sky at the horizon.
_KEYS = (
    (0.00, (0.60, 0.56, 0.52), (0.46, 0.56, 0.62), (0.84, 0.62, 0.40), (0.93, 0.87, 0.80)),
    (0.26, (0.56, 0.53, 0.51), (0.34, 0.50, 0.62), (0.78, 0.58, 0.42), (0.80, 0.84, 0.88)),
    (0.42, (0.33, 0.29, 0.31), (0.08, 0.20, 0.36), (0.48, 0.33, 0.28), (0.42, 0.60, 0.92)),
    (0.54, (0.16, 0.125, 0.115), (0.0, 0.0, 0.0), (0.22, 0.13, 0.10), (0.26, 0.24, 0.36)),
    (0.64, (0.085, 0.065, 0.055), (0.0, 0.0, 0.0), (0.085, 0.05, 0.04), (0.12, 0.095, 0.09)),
    (1.00, (0.070, 0.053, 0.045), (0.0, 0.0, 0.0), (0.065, 0.04, 0.03), (0.10, 0.08, 0.075)),
)


@dataclass(frozen=True, slots=True)
class Daylight:
    """The light at one moment; colours are BGR, 1 makes a white surface white.

    Attributes:
        ambient: Light from all sides.
        sun: Light of the sun on a surface that faces it.
        zenith: Sky overhead.
        horizon: Sky at the horizon, and haze.
        night: 0 by day, 1 by night.
    """

    ambient: NDArray[np.float32]
    sun: NDArray[np.float32]
    zenith: NDArray[np.float32]
    horizon: NDArray[np.float32]
    night: float


def daylight_at(part: float) -> Daylight:
    """The light after a part, 0..1, of the drive."""
    times = [float(key[0]) for key in _KEYS]
    ambient, sun, zenith, horizon = (
        _between(part, times, np.array([key[row] for key in _KEYS])) for row in range(1, 5)
    )
    night = float(np.clip((part - 0.30) / 0.30, 0, 1))
    return Daylight(ambient, sun, zenith, horizon, night * night * (3 - 2 * night))


def _between(part: float, times: list[float], colours: NDArray[np.float64]) -> NDArray[np.float32]:
    channels = [np.interp(part, times, colours[:, channel]) for channel in range(3)]
    return np.asarray(channels, np.float32)
