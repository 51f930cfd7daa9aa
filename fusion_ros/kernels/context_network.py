# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the context network of MM-LUT sees, and what becomes of its result.

Convention:
    Channels are planes of shape (rows + 2p, w + 2p): rows of blocks with a replicated border of
    p cells. Each kernel completes the border beside the rows that it writes. Planes hold some
    of the image's rows of blocks; row numbers here are rows of the plane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX as STRIDE
from fusion_ros.kernels.compilation import kernel
from fusion_ros.kernels.pixel_arithmetic import luma_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Logits are limited to this before the sigmoid.
LIMIT = 64.0


@kernel
def luma_row(bgr: NDArray[np.uint8], grey: NDArray[np.uint8]) -> None:
    """Luma of (3 W,) channels side by side, into (W,)."""
    for x in range(grey.size):
        blue = np.uint32(3 * x)
        grey[x] = luma_level(bgr[blue], bgr[blue + 1], bgr[blue + 2])


@kernel
def block_columns(
    a: NDArray[np.uint8],
    b: NDArray[np.uint8],
    c: NDArray[np.uint8],
    d: NDArray[np.uint8],
    sums: NDArray[np.int32],
    peaks: NDArray[np.int32],
) -> None:
    """Sum and maximum of the columns of four rows of pixels, each (W,)."""
    for x in range(a.size):
        sums[x] = np.int32(a[x]) + np.int32(b[x]) + np.int32(c[x]) + np.int32(d[x])
        peaks[x] = max(max(a[x], b[x]), max(c[x], d[x]))


@kernel
def block_row(
    sums: NDArray[np.int32],
    peaks: NDArray[np.int32],
    means: NDArray[np.float32],
    maxima: NDArray[np.float32],
    border: int,
) -> None:
    """Join columns of pixels to blocks, the last column replicated, and scale to [0, 1].

    Args:
        sums: (W,) sums of columns of four pixels.
        peaks: (W,) their maxima.
        means: (w + 2p,), receives the means of the blocks.
        maxima: (w + 2p,), receives their maxima.
        border: Width p of the border.
    """
    last = sums.size - 1
    mean_scale = np.float32(1.0 / (255.0 * STRIDE * STRIDE))
    peak_scale = np.float32(1.0 / 255.0)
    for column in range(means.size - 2 * border):
        x = STRIDE * column
        # Only the last block can be cut; limiting its columns leaves the others as they are.
        b, c, d = min(x + 1, last), min(x + 2, last), min(x + 3, last)
        means[column + border] = (sums[x] + sums[b] + sums[c] + sums[d]) * mean_scale
        maxima[column + border] = max(max(peaks[x], peaks[b]), max(peaks[c], peaks[d])) * peak_scale


@kernel
def replicate_row(plane: NDArray[np.float32], row: int, first: int, end: int) -> None:
    """Copy a complete row of a plane to the rows from `first` to before `end`."""
    for y in range(first, end):
        for x in range(plane.shape[1]):
            plane[y, x] = plane[row, x]


@kernel
def context_row_coordinates(
    logits: NDArray[np.float32], border: int, full_scale: int, context: NDArray[np.uint16]
) -> None:
    """Sigmoid of one row of blocks, as table coordinates in fixed point.

    Args:
        logits: (w + 2p,).
        border: Width p of the border.
        full_scale: Coordinate of a context of 1.
        context: (w,), receives 0..full_scale.
    """
    for column in range(context.size):
        # Beyond this the sigmoid is 0 or 1 in fixed point; its exponential stays finite.
        logit = min(max(logits[column + border], np.float32(-LIMIT)), np.float32(LIMIT))
        share = np.float32(1.0) / (np.float32(1.0) + np.exp(-logit))
        context[column] = np.uint16(share * full_scale + np.float32(0.5))
