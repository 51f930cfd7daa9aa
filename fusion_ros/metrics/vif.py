# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Visual information fidelity (VIF) in the pixel domain.

- [0]: Image information and visual quality, IEEE Transactions on Image Processing 15(2), 2006.

Papers on fusion report the sum over both sources. (They cite a VIF made for fusion, of 2013, but
their toolboxes compute this one.) A plain copy of one source reaches more than 1 in that sum; the
smaller of the two parts shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.sources import once_per_sample
from fusion_ros.metrics.windows import gaussian_taps, smooth_valid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

# Window of each scale: 17, 9, 5, 3 pixels, a fifth of that as sigma.
SCALE_TAPS = tuple(gaussian_taps(size_px, size_px / 5) for size_px in (17, 9, 5, 3))
NOISE_VARIANCE = 2.0
SMALL = 1e-10


def vif(sample: FusionSample) -> float:
    """Sum over both sources; 2 for three equal images."""
    return sum(_of_sources(sample))


def vif_visible(sample: FusionSample) -> float:
    """Fidelity to the visible image."""
    return _of_sources(sample)[0]


def vif_thermal(sample: FusionSample) -> float:
    """Fidelity to the thermal image."""
    return _of_sources(sample)[1]


def vif_minimum(sample: FusionSample) -> float:
    """The smaller of both fidelities: small where one source was just copied."""
    return min(_of_sources(sample))


@once_per_sample
def _of_sources(sample: FusionSample) -> tuple[float, ...]:
    return information_fidelity([sample.visible, sample.thermal], sample.fused)


def information_fidelity(
    references: Sequence[NDArray[np.float64]], distorted: NDArray[np.float64]
) -> tuple[float, ...]:
    """Share of each reference's information that another image still holds.

    Args:
        references: (H, W) each, 0..255.
        distorted: (H, W), 0..255.

    Returns:
        For each reference 1 for a copy, 0 for nothing in common; contrast gain can lead above 1.
    """
    kept, possible = np.zeros(len(references)), np.zeros(len(references))
    for scale, taps in enumerate(SCALE_TAPS):
        if scale:
            references = [smooth_valid(image, taps)[::2, ::2] for image in references]
            distorted = smooth_valid(distorted, taps)[::2, ::2]
        mean = smooth_valid(distorted, taps)
        spread = np.maximum(smooth_valid(distorted * distorted, taps) - mean * mean, 0)
        for index, reference in enumerate(references):
            mean_r = smooth_valid(reference, taps)
            variance = np.maximum(smooth_valid(reference * reference, taps) - mean_r * mean_r, 0)
            covariance = smooth_valid(reference * distorted, taps) - mean_r * mean
            variance, gain, rest = _channel(variance, spread, covariance)
            kept[index] += np.log10(1 + gain * gain * variance / (rest + NOISE_VARIANCE)).sum()
            possible[index] += np.log10(1 + variance / NOISE_VARIANCE).sum()
    # A constant reference has no information that could get lost.
    return tuple(
        float(part / whole) if whole > 0 else 1.0
        for part, whole in zip(kept, possible, strict=True)
    )


def _channel(
    variance: NDArray[np.float64], spread: NDArray[np.float64], covariance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Model each neighbourhood as ``distorted = gain * reference + noise``.

    Args:
        variance: Of the reference.
        spread: Variance of the distorted image.
        covariance: Of both.

    Returns:
        Variance of the reference, the gain, and the variance of the noise.
    """
    gain = covariance / (variance + SMALL)
    rest = spread - gain * covariance
    flat = variance < SMALL
    constant = spread < SMALL
    opposed = gain < 0
    rest = np.where(flat | opposed, spread, rest)
    rest = np.where(constant, 0, rest)
    return (
        np.where(flat, 0, variance),
        np.where(flat | constant | opposed, 0, gain),
        np.maximum(rest, SMALL),
    )
