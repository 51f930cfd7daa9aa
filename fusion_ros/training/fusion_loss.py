# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a fused image should keep of its sources, as a differentiable loss.

The first three terms are the usual ones of unsupervised fusion; SSIM is the standard one (11x11
Gaussian window of sigma 1.5, valid pixels, full scale 1).

- [0]: Image quality assessment: from error visibility to structural similarity, 2004.
- [1]: Image information and visual quality, IEEE Transactions on Image Processing 15(2), 2006.
- [2]: A new image quality metric for image fusion: the sum of the correlations of
  differences, AEU 69(12), 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from fusion_ros.training.mm_lut_network import sobel

SIMILARITY_WINDOW = (11, 1.5)
INFORMATION_WINDOW = (17, 3.4)
LUMINANCE_CONSTANT = 0.01**2
CONTRAST_CONSTANT = 0.03**2
# Where nothing varies but noise, a correlation means nothing.
FLAT_VARIANCE = 1e-4
NOISE_VARIANCE = 2 / 255**2
SMALL = 1e-6
NO_INFORMATION = 1e-3


@dataclass(frozen=True, slots=True)
class FusionLoss:
    """A weighted sum of five terms.

    Attributes:
        intensity: Weight of the distance to the brighter source.
        gradient: Weight of the distance to the stronger gradient, per direction.
        structure: Weight of the loss of structural similarity to both sources.
        fidelity: Weight of the loss of information of each source.
        balance: Weight of the lack of correlation between what each source adds and itself.
    """

    intensity: float
    gradient: float
    structure: float
    fidelity: float
    balance: float

    def __call__(self, fused: Tensor, luma: Tensor, thermal: Tensor) -> Tensor:
        """Loss of a batch.

        Args:
            fused: (B, H, W) in [0, 1].
            luma: (B, H, W) in [0, 1].
            thermal: (B, H, W) in [0, 1].

        Returns:
            A scalar; without the balance, 0 for two equal sources and a copy of them.
        """
        intensity = (fused - torch.maximum(luma, thermal)).abs().mean()
        gradient = gradient_distance(fused, luma, thermal)
        structure = 2 - similarity(fused, luma) - similarity(fused, thermal)
        # The root makes the source of which less is kept count more.
        fidelity = 2 - (
            information(fused, luma).sqrt().mean() + information(fused, thermal).sqrt().mean()
        )
        balance = 2 - correlation(fused - thermal, luma) - correlation(fused - luma, thermal)
        return (
            self.intensity * intensity
            + self.gradient * gradient
            + self.structure * structure
            + self.fidelity * fidelity
            + self.balance * balance
        )


def gradient_distance(fused: Tensor, luma: Tensor, thermal: Tensor) -> Tensor:
    """Mean distance of the Sobel magnitudes from the stronger source's, summed over directions."""
    distances = [
        (kept.abs() - torch.maximum(first.abs(), second.abs())).abs().mean()
        for kept, first, second in zip(sobel(fused), sobel(luma), sobel(thermal), strict=True)
    ]
    return distances[0] + distances[1]


def information(fused: Tensor, source: Tensor) -> Tensor:
    """Share of the source's information that is kept: the finest scale of VIF.

    Args:
        fused: (B, H, W) in [0, 1].
        source: (B, H, W) in [0, 1].

    Returns:
        (B,), more than 0.
    """
    with torch.no_grad():
        mean_s, square_s = _smooth(torch.stack((source, source * source)), INFORMATION_WINDOW)
        variance_s = (square_s - mean_s**2).clamp(min=0)
        possible = torch.log1p(variance_s / NOISE_VARIANCE).mean(dim=(1, 2))
    moments = torch.stack((fused, fused * fused, fused * source))
    mean_f, square_f, product = _smooth(moments, INFORMATION_WINDOW)
    covariance = product - mean_f * mean_s
    gain = covariance.clamp(min=0) / (variance_s + SMALL)
    rest = (square_f - mean_f**2 - gain * covariance).clamp(min=0)
    kept = torch.log1p(gain**2 * variance_s / (rest + NOISE_VARIANCE)).mean(dim=(1, 2))
    # A source without any information has none that could get lost.
    return (kept + NO_INFORMATION) / (possible + NO_INFORMATION)


def correlation(first: Tensor, second: Tensor) -> Tensor:
    """Pearson's correlation of each image (B, H, W) with its partner, averaged over the batch."""
    first = first - first.mean(dim=(1, 2), keepdim=True)
    second = second - second.mean(dim=(1, 2), keepdim=True)
    product = (first * second).mean(dim=(1, 2))
    variances = first.square().mean(dim=(1, 2)) * second.square().mean(dim=(1, 2))
    # Added under the root, whose derivative at zero is infinite.
    return (product / (variances + FLAT_VARIANCE**2).sqrt()).mean()


def similarity(fused: Tensor, source: Tensor) -> Tensor:
    """Mean structural similarity of two batches (B, H, W) in [0, 1]."""
    with torch.no_grad():
        mean_s, square_s = _smooth(torch.stack((source, source * source)), SIMILARITY_WINDOW)
    moments = torch.stack((fused, fused * fused, fused * source))
    mean_f, square_f, product = _smooth(moments, SIMILARITY_WINDOW)
    covariance = product - mean_f * mean_s
    variance = square_f - mean_f**2 + square_s - mean_s**2
    luminance = (2 * mean_f * mean_s + LUMINANCE_CONSTANT) / (
        mean_f**2 + mean_s**2 + LUMINANCE_CONSTANT
    )
    return (
        luminance * (2 * covariance + CONTRAST_CONSTANT) / (variance + CONTRAST_CONSTANT)
    ).mean()


def _smooth(images: Tensor, window: tuple[int, float]) -> Tensor:
    """Gaussian filter (size and sigma in pixels) of the last two dimensions, valid pixels only."""
    # Two products with banded matrices: several times faster than convolutions on a CPU.
    down = _band_matrix(images.shape[-2], *window).to(images)
    across = _band_matrix(images.shape[-1], *window).to(images)
    return down @ images @ across.T


def _band_matrix(length: int, size: int, sigma: float) -> Tensor:
    offsets = torch.arange(size) - size // 2
    taps = torch.exp(-0.5 * (offsets / sigma) ** 2)
    matrix = torch.zeros(length - size + 1, length)
    for row in range(len(matrix)):
        matrix[row, row : row + size] = taps / taps.sum()
    return matrix


def roughness(table_change: Tensor) -> Tensor:
    """Mean squared difference of neighbouring nodes, summed over the axes of the table."""
    terms = [torch.diff(table_change, dim=axis).square().mean() for axis in range(4)]
    return torch.stack(terms).sum()


def faint_edge_response(table: Tensor) -> Tensor:
    """Mean squared change of the fused grey as a flat pixel gets a faint edge.

    The steps of a slow gradient in the sky are edges of one level. A table that treats them
    unlike flat pixels draws contour lines there.

    Args:
        table: Weights in [0, 1], (luma, gradient, context, thermal).
    """
    luma = torch.linspace(0.0, 1.0, table.shape[0])[:, None, None]
    thermal = torch.linspace(0.0, 1.0, table.shape[3])
    change = (table[:, 1] - table[:, 0]) * (thermal - luma)
    return change.square().mean()
