# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Visual information fidelity (VIF) in the pixel domain.

- [0]: Image information and visual quality, IEEE Transactions on Image Processing 15(2), 2006.

Papers on fusion report the sum over both sources. A plain copy of one source reaches more than
1 in that sum; the smaller of the two parts shows it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.gaussian_window import smooth_valid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

WINDOWS_PX = (17, 9, 5, 3)
NOISE_VARIANCE = 2.0
SMALL = 1e-10


def vif(sample: FusionSample) -> float:
    """Sum over both sources; 2 for three equal images."""
    return vif_visible(sample) + vif_thermal(sample)


# Four entries of the table are made of these two: each is computed once for a sample.
@lru_cache(maxsize=1)
def vif_visible(sample: FusionSample) -> float:
    """Fidelity to the visible image."""
    return information_fidelity(sample.visible, sample.fused)


@lru_cache(maxsize=1)
def vif_thermal(sample: FusionSample) -> float:
    """Fidelity to the thermal image."""
    return information_fidelity(sample.thermal, sample.fused)


def vif_minimum(sample: FusionSample) -> float:
    """The smaller of both fidelities: small where one source was just copied."""
    return min(vif_visible(sample), vif_thermal(sample))


def information_fidelity(reference: NDArray[np.float64], distorted: NDArray[np.float64]) -> float:
    """Share of the reference's information that the other image still holds.

    Args:
        reference: (H, W), 0..255.
        distorted: (H, W), 0..255.

    Returns:
        1 for a copy, 0 for nothing in common; contrast gain can lead above 1.
    """
    kept = possible = 0.0
    for scale, window in enumerate(WINDOWS_PX):
        sigma = window / 5
        if scale:
            reference = smooth_valid(reference, window, sigma)[::2, ::2]
            distorted = smooth_valid(distorted, window, sigma)[::2, ::2]
        variance, gain, rest = _channel(reference, distorted, window, sigma)
        kept += np.log10(1 + gain * gain * variance / (rest + NOISE_VARIANCE)).sum()
        possible += np.log10(1 + variance / NOISE_VARIANCE).sum()
    # A constant reference has no information that could get lost.
    return float(kept / possible) if possible > 0 else 1.0


def _channel(
    reference: NDArray[np.float64], distorted: NDArray[np.float64], window: int, sigma: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Model each neighbourhood as ``distorted = gain * reference + noise``.

    Returns:
        Variance of the reference, the gain, and the variance of the noise.
    """
    mean_r, mean_d = (smooth_valid(image, window, sigma) for image in (reference, distorted))
    variance_r = smooth_valid(reference * reference, window, sigma) - mean_r * mean_r
    variance_d = smooth_valid(distorted * distorted, window, sigma) - mean_d * mean_d
    covariance = smooth_valid(reference * distorted, window, sigma) - mean_r * mean_d
    variance_r, variance_d = np.maximum(variance_r, 0), np.maximum(variance_d, 0)
    gain = covariance / (variance_r + SMALL)
    rest = variance_d - gain * covariance
    flat = variance_r < SMALL
    unrelated = flat | (variance_d < SMALL) | (gain < 0)
    rest = np.where(flat | (gain < 0), variance_d, rest)
    rest = np.where(variance_d < SMALL, 0, rest)
    return (
        np.where(flat, 0, variance_r),
        np.where(unrelated, 0, gain),
        np.maximum(rest, SMALL),
    )
