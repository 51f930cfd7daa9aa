# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Memory in which the hybrid's CPU engine works, kept from frame to frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.hybrid.model import FEATURES
from fusion_ros.core.pyramid_borders import DETAIL_LEVELS, smaller_side
from fusion_ros.kernels.guided_pyramid import LINES, PLANES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.hybrid.model import HybridModel

# A block, and what rows are widened by on either side.
LINE_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Workspace:
    """Arrays for one size of images.

    Attributes:
        grey: (H, W) uint8 luma.
        features: (1, 4, h, w) float32, what the network sees.
        levels: Of the pyramid, the finest first; see `kernels.guided_pyramid`.
        lines: A set of row buffers for each band.
    """

    grey: NDArray[np.uint8]
    features: NDArray[np.float32]
    levels: list[NDArray[np.float32]]
    lines: list[NDArray[np.float32]]

    @classmethod
    def allocate(cls, model: HybridModel, shape: tuple[int, ...], bands: int) -> Workspace:
        """Allocate for images of a (height, width)."""
        rows, columns = (-(-side // model.multiple_px) * model.multiple_px for side in shape)
        grid = (rows // model.stride_px, columns // model.stride_px)
        return cls(
            grey=np.zeros(shape, np.uint8),
            features=np.zeros((1, FEATURES, *grid), np.float32),
            levels=_levels(shape),
            lines=[np.zeros((LINES, columns + LINE_MARGIN), np.float32) for _ in range(bands)],
        )


def _levels(shape: tuple[int, ...]) -> list[NDArray[np.float32]]:
    sizes = [shape]
    for _ in range(DETAIL_LEVELS):
        sizes.append(tuple(smaller_side(side) for side in sizes[-1]))
    return [np.zeros((PLANES, *size), np.float32) for size in sizes]
