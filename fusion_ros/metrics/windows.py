# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Filtering that keeps only the pixels whose whole window lies inside the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def gaussian_taps(size_px: int, sigma_px: float) -> NDArray[np.float64]:
    """Gaussian of odd length `size_px` that adds up to 1."""
    offsets = np.arange(size_px) - size_px // 2
    taps = np.exp(-0.5 * (offsets / sigma_px) ** 2)
    return np.asarray(taps / taps.sum(), dtype=np.float64)


def uniform_taps(size_px: int) -> NDArray[np.float64]:
    """Mean over odd length `size_px`."""
    return np.full(size_px, 1 / size_px)


def smooth_valid(image: NDArray[np.float64], taps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Filter with a square window.

    Args:
        image: (H, W), both at least the window's side.
        taps: (n,) one row of the separable window, n odd.

    Returns:
        (H - n + 1, W - n + 1).
    """
    reach = len(taps) // 2
    smooth = cv2.sepFilter2D(image, cv2.CV_64F, taps, taps)
    height, width = image.shape
    return np.asarray(smooth[reach : height - reach, reach : width - reach], dtype=np.float64)
