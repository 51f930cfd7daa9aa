# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How far an engine's results are from the reference, on images made for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.core.frames import PreparedPair
from fusion_ros.errors import DeviceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.contract import Backend

# What a sound engine may differ by: rounding, and networks in half precision.
LARGEST_LEVELS = 2
LARGEST_MEAN_LEVELS = 0.05
SEED = 7
# Odd, and no multiple of a network's blocks; the second is smaller than one block.
SIZES_PX = ((123, 157), (3, 2))
SHAPE_PX = 12
NOISE_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Parity:
    """Distance from the reference.

    Attributes:
        largest_levels: Largest difference of a channel of a pixel [grey levels].
        mean_levels: Mean difference [grey levels].
    """

    largest_levels: int
    mean_levels: float

    @property
    def sound(self) -> bool:
        """Whether this is rounding rather than an error."""
        return self.largest_levels <= LARGEST_LEVELS and self.mean_levels <= LARGEST_MEAN_LEVELS

    def __str__(self) -> str:
        """For people."""
        return f"largest difference {self.largest_levels}, mean {self.mean_levels:.4f} grey levels"


def parity_of(backend: Backend, reference: Backend) -> Parity:
    """Fuse pairs with a backend and with its reference engine, and compare the images."""
    distances = []
    for height, width in SIZES_PX:
        pair = probe_pair(height, width)
        found, expected = backend.fuse(pair, False)[0], reference.fuse(pair, False)[0]
        distances.append(np.abs(found.astype(np.int32) - expected).ravel())
    distance = np.concatenate(distances)
    return Parity(int(distance.max()), float(distance.mean()))


def require_parity(backend: Backend, reference: Backend) -> None:
    """Raise `DeviceError` unless a backend computes what its reference engine does."""
    parity = parity_of(backend, reference)
    if not parity.sound:
        raise DeviceError(f"its results here are not those of the reference: {parity}")


def probe_pair(height: int, width: int) -> PreparedPair:
    """A pair of soft shapes with some noise, always the same for a size."""
    random = np.random.default_rng(SEED)
    planes = [_shapes(random, height, width) for _ in range(4)]
    return PreparedPair(np.stack(planes[:3], axis=-1), planes[3])


def _shapes(random: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    coarse = random.uniform(0, 255, (height // SHAPE_PX + 2, width // SHAPE_PX + 2))
    soft = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    noisy = soft + random.normal(0, NOISE_LEVELS, (height, width))
    return np.clip(noisy, 0, 255).astype(np.uint8)
