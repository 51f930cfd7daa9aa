# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaussian filtering that keeps only the pixels whose whole window lies inside the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def smooth_valid(image: NDArray[np.float64], size_px: int, sigma_px: float) -> NDArray[np.float64]:
    """Filter with a normalized square window.

    Args:
        image: (H, W), both at least `size_px`.
        size_px: Side of the window, odd.
        sigma_px: Standard deviation of the Gaussian.

    Returns:
        (H - size_px + 1, W - size_px + 1).
    """
    reach = size_px // 2
    offsets = np.arange(-reach, reach + 1)
    taps = np.exp(-0.5 * (offsets / sigma_px) ** 2)
    taps /= taps.sum()
    smooth = cv2.sepFilter2D(image, cv2.CV_64F, taps, taps)
    height, width = image.shape
    return np.asarray(smooth[reach : height - reach, reach : width - reach], dtype=np.float64)
