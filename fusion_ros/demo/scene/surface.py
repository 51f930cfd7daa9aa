# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a surface looks like to both cameras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Surface:
    """One material.

    Attributes:
        albedo: Share of light sent back, BGR in 0..1.
        day_c: Temperature by day [°C].
        night_c: Temperature by night [°C].
        glow: Light of its own after dark, BGR in 0..1.
        gloss: How much of the sky it mirrors, 0..1.
    """

    albedo: Colour
    day_c: float
    night_c: float
    glow: Colour = BLACK
    gloss: float = 0.0


@dataclass(frozen=True, slots=True)
class SurfaceTable:
    """The materials of many faces: the fields of `Surface`, one row for each face."""

    albedo: NDArray[np.float64]
    day_c: NDArray[np.float64]
    night_c: NDArray[np.float64]
    glow: NDArray[np.float64]
    gloss: NDArray[np.float64]

    @classmethod
    def of(cls, surfaces: Sequence[Surface]) -> SurfaceTable:
        """Stack materials."""
        return cls(
            np.array([surface.albedo for surface in surfaces]),
            np.array([surface.day_c for surface in surfaces]),
            np.array([surface.night_c for surface in surfaces]),
            np.array([surface.glow for surface in surfaces]),
            np.array([surface.gloss for surface in surfaces]),
        )

    def rows(self, chosen: NDArray[np.intp]) -> SurfaceTable:
        """The materials of some of the faces."""
        return SurfaceTable(
            self.albedo[chosen],
            self.day_c[chosen],
            self.night_c[chosen],
            self.glow[chosen],
            self.gloss[chosen],
        )


def rgb(red: int, green: int, blue: int) -> Colour:
    """An albedo from a colour as designers write it, 0..255."""
    return (blue / 255, green / 255, red / 255)
