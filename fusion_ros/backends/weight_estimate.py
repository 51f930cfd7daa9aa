# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The weight that explains an image which was fused without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.luma import luma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


def explain_by_weight(image: NDArray[np.uint8], pair: PreparedPair) -> NDArray[np.float32]:
    """Find w in ``F = Y + w (T - Y)``.

    Args:
        image: (H, W, 3) uint8 BGR, the fused image.
        pair: What it was made from.

    Returns:
        (H, W) float32 in [0, 1]; 0.5 where both sources are equal.
    """
    visible = luma(pair.visible).astype(np.float32)
    distance = pair.thermal - visible
    moved = luma(image) - visible
    weight = np.full(distance.shape, 0.5, dtype=np.float32)
    np.divide(moved, distance, out=weight, where=distance != 0)
    return np.clip(weight, 0.0, 1.0, out=weight)
