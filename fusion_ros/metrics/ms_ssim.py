# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Structural similarity over several scales (MS-SSIM).

- [0]: Multiscale structural similarity for image quality assessment, 37th Asilomar Conference on
  Signals, Systems and Computers, 2003.

Convention:
    Five scales with the weights of [0]: contrast and structure in each, luminance in the
    coarsest only. Each scale is the 2x2 mean of the one before; where a side is odd, its last
    row or column counts twice. Negative factors count as 0, as they have no real root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.ssim import STANDARD, full_scale_terms, local_moments, similarity_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.metrics.sources import FusionSample

SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
# The window of 11 pixels has to fit into the coarsest scale, with a pixel to spare.
SMALLEST_SIDE_PX = 10 * 2 ** (len(SCALE_WEIGHTS) - 1) + 1


def ms_ssim(sample: FusionSample) -> float:
    """Sum over both sources; 2 for three equal images of at least 161 pixels a side."""
    images = [sample.fused, sample.visible, sample.thermal]
    scales = [full_scale_terms(sample)]
    for _ in SCALE_WEIGHTS[1:]:
        images = [halve(image) for image in images]
        fused, *sources = (local_moments(image, STANDARD) for image in images)
        scales.append(tuple(similarity_terms(source, fused, STANDARD) for source in sources))
    return sum(_weighted_product(terms) for terms in zip(*scales, strict=True))


def _weighted_product(terms: tuple[tuple[float, float], ...]) -> float:
    factors = np.array([*(contrast for _, contrast in terms[:-1]), terms[-1][0]])
    return float(np.prod(np.maximum(factors, 0) ** SCALE_WEIGHTS))


def halve(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each 2x2 block of an (H, W) image: (ceil(H / 2), ceil(W / 2))."""
    height, width = image.shape
    even = np.pad(image, ((0, height % 2), (0, width % 2)), mode="edge")
    rows = even[::2] + even[1::2]
    return np.asarray((rows[:, ::2] + rows[:, 1::2]) / 4, dtype=np.float64)
