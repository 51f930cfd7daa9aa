# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Around the hybrid's guidance network: what it sees, and its answer for each pixel.

`fusion_ros.backends.hybrid.guidance` defines what is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.kernels.compilation import kernel
from fusion_ros.kernels.context_network import luma_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Planes = NDArray[np.float32]

# Beyond this the sigmoid is all but 0 or 1; its exponential stays finite.
LIMIT = np.float32(64.0)


@kernel
def luma_band(
    first: int,
    end: int,
    _space: Planes,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    difference: Planes,
) -> None:
    """Luma of rows of pixels (H, 3 W), and the difference of thermal and luma, (H, W)."""
    for y in range(first, end):
        luma_row(bgr[y], grey[y])
        warm, cold, apart = thermal[y], grey[y], difference[y]
        for x in range(warm.size):
            apart[x] = np.float32(np.int32(warm[x]) - np.int32(cold[x]))


@kernel
def features_band(
    first: int,
    end: int,
    space: Planes,
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    features: Planes,
    stride: int,
) -> None:
    """Mean and maximum of blocks of both images, (4, h, w); the last row and column go on."""
    height, width = grey.shape
    columns = features.shape[2]
    mean_scale = np.float32(1.0 / (255.0 * stride * stride))
    peak_scale = np.float32(1.0 / 255.0)
    sums, peaks = space[0], space[1]
    for row in range(first, end):
        for source in range(2):
            image = grey if source == 0 else thermal
            for x in range(width):
                sums[x] = peaks[x] = np.float32(image[min(row * stride, height - 1), x])
            for step in range(1, stride):
                line = image[min(row * stride + step, height - 1)]
                for x in range(width):
                    level = np.float32(line[x])
                    sums[x] += level
                    peaks[x] = max(peaks[x], level)
            for x in range(width, columns * stride):
                sums[x], peaks[x] = sums[width - 1], peaks[width - 1]
            means, maxima = features[2 * source, row], features[2 * source + 1, row]
            for column in range(columns):
                left = column * stride
                total, peak = sums[left], peaks[left]
                for step in range(1, stride):
                    total += sums[left + step]
                    peak = max(peak, peaks[left + step])
                means[column] = total * mean_scale
                maxima[column] = peak * peak_scale


@kernel
def guidance_band(
    first: int,
    end: int,
    space: Planes,
    outputs: Planes,
    difference: Planes,
    guidance: Planes,
    stride: int,
) -> None:
    """Guidance of rows of pixels.

    Args:
        first: First row.
        end: Row after the last.
        space: Lines longer than the widened image by a block.
        outputs: (2, h, w) logit and gain of each block.
        difference: (H, W) thermal less luma.
        guidance: (H, W), receives 0..1.
        stride: Side of a block.
    """
    logit, gain, line = space[0], space[1], space[2]
    for y in range(first, end):
        _pixel_row(outputs[0], y, stride, line, logit)
        _pixel_row(outputs[1], y, stride, line, gain)
        apart, share = difference[y], guidance[y]
        for x in range(share.size):
            raised = logit[x] + gain[x] * apart[x]
            logit[x] = np.exp(-min(max(raised, -LIMIT), LIMIT))
        for x in range(share.size):
            share[x] = np.float32(1.0) / (np.float32(1.0) + logit[x])


@kernel
def _pixel_row(
    blocks: Planes, y: int, stride: int, line: NDArray[np.float32], pixels: NDArray[np.float32]
) -> None:
    """Interpolate blocks (h, w) at a row of pixels; `pixels` and `line` hold a block more."""
    rows, columns = blocks.shape
    position = (np.float32(y) + np.float32(0.5)) / np.float32(stride) - np.float32(0.5)
    lower = int(np.floor(position))
    share = position - np.float32(lower)
    above, below = blocks[max(lower, 0)], blocks[min(lower + 1, rows - 1)]
    for column in range(columns):
        line[column + 1] = above[column] + share * (below[column] - above[column])
    line[0], line[columns + 1] = line[1], line[columns]
    for phase in range(stride):
        # The first centre of a block lies half a block to the right.
        shift = phase - stride // 2
        fraction = (np.float32(phase) + np.float32(0.5)) / np.float32(stride)
        first = 1 if shift < 0 else 0
        for column in range(first, columns + 1):
            left = line[column]
            pixels[column * stride + shift] = left + fraction * (line[column + 1] - left)
