# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Gaussian-weighted local moments of a fused image and its two sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from fusion_ros.training.losses.compiled_smoothing import compiled_smooth


@dataclass(frozen=True, slots=True)
class Window:
    """A normalized square Gaussian window.

    Attributes:
        size_px: Side, odd.
        sigma_px: Standard deviation.
    """

    size_px: int
    sigma_px: float


@dataclass(frozen=True, slots=True)
class LocalMoments:
    """Moments in the window around each pixel whose window lies inside the image.

    Attributes:
        mean_s: Of the sources, (2, B, h, w): luma, thermal.
        variance_s: Likewise, at least 0.
        mean_f: Of the fused image, (B, h, w).
        variance_f: Likewise.
        covariance: Of the fused image with each source, (2, B, h, w).
    """

    mean_s: Tensor
    variance_s: Tensor
    mean_f: Tensor
    variance_f: Tensor
    covariance: Tensor


def local_moments(fused: Tensor, sources: Tensor, window: Window) -> LocalMoments:
    """Moments of a batch.

    Args:
        fused: (B, H, W).
        sources: (2, B, H, W); no gradient flows to them.
        window: Smaller than the images.
    """
    with torch.no_grad():
        means, squares = smooth(torch.stack((sources, sources * sources)), window)
        variance_s = (squares - means * means).clamp(min=0)
    products = torch.cat((fused[None], (fused * fused)[None], fused * sources))
    smoothed = smooth(products, window)
    mean_f = smoothed[0]
    return LocalMoments(
        mean_s=means,
        variance_s=variance_s,
        mean_f=mean_f,
        variance_f=smoothed[1] - mean_f * mean_f,
        covariance=smoothed[2:] - mean_f * means,
    )


def smooth(images: Tensor, window: Window, step: int = 1) -> Tensor:
    """Filter the last two dimensions, keeping the pixels whose whole window lies inside.

    Args:
        images: (..., H, W).
        window: Smaller than the images.
        step: Keep only every n-th row and column of the result.
    """
    if images.device.type == "cpu" and images.dtype == torch.float32:
        return compiled_smooth(images, _taps(window), step)
    # Products with banded matrices: what an accelerator is best at.
    down = _band_matrix(images.shape[-2], window, step, images.dtype, images.device)
    across = _band_matrix(images.shape[-1], window, step, images.dtype, images.device)
    return down @ (images @ across.T)


@lru_cache(maxsize=32)
def _taps(window: Window) -> Tensor:
    offsets = torch.arange(window.size_px) - window.size_px // 2
    taps = torch.exp(-0.5 * (offsets / window.sigma_px) ** 2)
    return taps / taps.sum()


@lru_cache(maxsize=32)
def _band_matrix(
    length: int, window: Window, step: int, dtype: torch.dtype, device: torch.device
) -> Tensor:
    matrix = torch.zeros(length - window.size_px + 1, length)
    for row in range(len(matrix)):
        matrix[row, row : row + window.size_px] = _taps(window)
    return matrix[::step].to(dtype=dtype, device=device)
