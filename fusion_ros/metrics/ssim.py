# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Structural similarity (SSIM) of the fused image to its sources.

- [0]: Image quality assessment: from error visibility to structural similarity, IEEE
  Transactions on Image Processing 13(4), 2004.

Toolboxes for fusion differ in window and constants, which moves the sum by 0.4; hence the three
conventions here, one for each profile. A copy of either source has the same value: 1 plus the
similarity of the sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.sources import once_per_sample
from fusion_ros.metrics.windows import gaussian_taps, smooth_valid, uniform_taps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample


@dataclass(frozen=True, slots=True, eq=False)
class SsimConvention:
    """Window and constants of one way to compute SSIM on images of 0..255.

    Attributes:
        taps: (n,) one row of the window.
        luminance_constant: Stabilizes the term of the means [levels²].
        contrast_constant: Stabilizes the term of the variances [levels²].
        sample_size: Pixels of the window where variances are those of a sample, divided by one
            pixel fewer; None where they are not.
    """

    taps: NDArray[np.float64]
    luminance_constant: float
    contrast_constant: float
    sample_size: int | None = None


# 11x11 Gaussian of sigma 1.5, full scale 255.
STANDARD = SsimConvention(gaussian_taps(11, 1.5), (0.01 * 255) ** 2, (0.03 * 255) ** 2)
# The same on images multiplied by 255 once more: in units of levels the constants all but vanish.
SCALED_TWICE = SsimConvention(gaussian_taps(11, 1.5), 0.01**2, 0.03**2)
# 7x7 mean and sample variances as scikit-image has them, which takes the full scale of floating
# point images to be 2.
FULL_SCALE_TWO = SsimConvention(
    uniform_taps(7), (0.01 * 2) ** 2, (0.03 * 2) ** 2, sample_size=7 * 7
)


@dataclass(frozen=True, slots=True, eq=False)
class LocalMoments:
    """An image with mean and variance of the window around each pixel."""

    image: NDArray[np.float64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def ssim(sample: FusionSample) -> float:
    """Sum over both sources of the mean similarity; 2 for three equal images."""
    return sum(similarity for similarity, _ in full_scale_terms(sample))


def ssim_scaled_twice(sample: FusionSample) -> float:
    """The sum as computed on images that were multiplied by 255 twice (profile ``tang``)."""
    return sum(similarity for similarity, _ in source_terms(sample, SCALED_TWICE))


def ssim_full_scale_two(sample: FusionSample) -> float:
    """The sum as computed with a 7x7 mean and a full scale of 2 (profile ``cddfuse``)."""
    return sum(similarity for similarity, _ in source_terms(sample, FULL_SCALE_TWO))


@once_per_sample
def full_scale_terms(sample: FusionSample) -> tuple[tuple[float, float], ...]:
    """Standard `similarity_terms` of visible and of thermal; MS-SSIM needs them, too."""
    return source_terms(sample, STANDARD)


def source_terms(
    sample: FusionSample, convention: SsimConvention
) -> tuple[tuple[float, float], ...]:
    """`similarity_terms` of visible with fused, and of thermal with fused."""
    fused = local_moments(sample.fused, convention)
    return tuple(
        similarity_terms(local_moments(source, convention), fused, convention)
        for source in (sample.visible, sample.thermal)
    )


def structural_similarity(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Mean similarity of two (H, W) images of 0..255: at most 1.

    Convention:
        The standard one: 11x11 Gaussian of sigma 1.5, full scale 255, valid pixels only.
    """
    moments = local_moments(first, STANDARD), local_moments(second, STANDARD)
    return similarity_terms(*moments, STANDARD)[0]


def local_moments(image: NDArray[np.float64], convention: SsimConvention) -> LocalMoments:
    """Moments of an (H, W) image in the valid pixels."""
    mean = smooth_valid(image, convention.taps)
    return LocalMoments(image, mean, smooth_valid(image * image, convention.taps) - mean * mean)


def similarity_terms(
    first: LocalMoments, second: LocalMoments, convention: SsimConvention
) -> tuple[float, float]:
    """Mean similarity, and mean of its factor for contrast and structure alone."""
    product = first.mean * second.mean
    covariance = smooth_valid(first.image * second.image, convention.taps) - product
    variances = first.variance + second.variance
    if convention.sample_size is not None:
        unbiased = convention.sample_size / (convention.sample_size - 1)
        covariance, variances = covariance * unbiased, variances * unbiased
    luminance = (2 * product + convention.luminance_constant) / (
        first.mean * first.mean + second.mean * second.mean + convention.luminance_constant
    )
    contrast = (2 * covariance + convention.contrast_constant) / (
        variances + convention.contrast_constant
    )
    return float(np.mean(luminance * contrast)), float(np.mean(contrast))
