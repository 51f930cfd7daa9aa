# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Structural similarity (SSIM) of the fused image to its sources.

- [0]: Image quality assessment: from error visibility to structural similarity, 2004.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.gaussian_window import smooth_valid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

WINDOW_PX = 11
SIGMA_PX = 1.5
LUMINANCE_CONSTANT = (0.01 * 255) ** 2
CONTRAST_CONSTANT = (0.03 * 255) ** 2


def ssim(sample: FusionSample) -> float:
    """Sum over both sources of the mean similarity; 2 for three equal images."""
    return structural_similarity(sample.visible, sample.fused) + structural_similarity(
        sample.thermal, sample.fused
    )


def structural_similarity(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Mean similarity of two (H, W) images of 0..255: at most 1.

    Convention:
        The standard one: 11x11 Gaussian of sigma 1.5, full scale 255, valid pixels only.
    """
    mean_1, mean_2 = _smooth(first), _smooth(second)
    variance_1 = _smooth(first * first) - mean_1 * mean_1
    variance_2 = _smooth(second * second) - mean_2 * mean_2
    covariance = _smooth(first * second) - mean_1 * mean_2
    luminance = (2 * mean_1 * mean_2 + LUMINANCE_CONSTANT) / (
        mean_1 * mean_1 + mean_2 * mean_2 + LUMINANCE_CONSTANT
    )
    contrast = (2 * covariance + CONTRAST_CONSTANT) / (variance_1 + variance_2 + CONTRAST_CONSTANT)
    return float(np.mean(luminance * contrast))


def _smooth(image: NDArray[np.float64]) -> NDArray[np.float64]:
    return smooth_valid(image, WINDOW_PX, SIGMA_PX)
