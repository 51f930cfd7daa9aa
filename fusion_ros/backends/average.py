# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Mean of both sources: the smallest example of a backend, and a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.core.luma import blend_luma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

THERMAL_WEIGHT = 0.5


class AverageReference:
    """The mean in NumPy."""

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        weight = _constant_weight(pair)
        image = blend_luma(pair.visible, pair.thermal, weight)
        return image, weight if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""


class AverageCpu:
    """The mean by OpenCV."""

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        grey = cv2.cvtColor(pair.visible, cv2.COLOR_BGR2GRAY)
        change = cv2.addWeighted(
            pair.thermal, THERMAL_WEIGHT, grey, -THERMAL_WEIGHT, 0.0, dtype=cv2.CV_16S
        )
        image = np.empty_like(pair.visible)
        cv2.add(pair.visible, cv2.merge([change] * 3), dst=image, dtype=cv2.CV_8U)
        return image, _constant_weight(pair) if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""


def _constant_weight(pair: PreparedPair) -> NDArray[np.float32]:
    return np.full(pair.thermal.shape, THERMAL_WEIGHT, dtype=np.float32)
