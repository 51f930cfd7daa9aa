# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The small convolutional network of MM-LUT, from block features to table coordinates.

Convention:
    Channels are planes of shape (h + 2p, w + 2p): the grid with a replicated border of p cells.
    Each kernel completes the border beside the rows that it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.luma import LUMA_BLUE, LUMA_GREEN, LUMA_HALF, LUMA_RED, LUMA_SHIFT
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX as STRIDE
from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray


@kernel
def block_features(
    first: int,
    end: int,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    scratch: NDArray[np.int32],
    features: NDArray[np.float32],
    border: int,
) -> None:
    """Luma of rows of blocks, and mean and maximum of luma and thermal for each 4x4 block.

    Args:
        first: First row of blocks.
        end: Row of blocks after the last.
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        thermal: (H, W) thermal image.
        grey: (H, W), receives the luma.
        scratch: (H, 3, W); the first row of a band is its workspace.
        features: (4, h + 2p, w + 2p) planes, receive the features in [0, 1].
        border: Width p of the planes' border.
    """
    height = thermal.shape[0]
    sums, peaks = scratch[first * STRIDE, 0], scratch[first * STRIDE, 1]
    for row in range(first, end):
        for y in range(row * STRIDE, min(row * STRIDE + STRIDE, height)):
            _luma_row(bgr[y], grey[y])
        for source in range(2):
            image = grey if source == 0 else thermal
            _block_columns(image, row * STRIDE, sums, peaks)
            _block_row(sums, peaks, features, 2 * source, row, border)
            _complete_border(features[2 * source], row, border)
            _complete_border(features[2 * source + 1], row, border)


@kernel
def _luma_row(bgr: NDArray[np.uint8], grey: NDArray[np.uint8]) -> None:
    for x in range(grey.size):
        blue = np.uint32(3 * x)
        total = np.int32(LUMA_BLUE) * bgr[blue] + np.int32(LUMA_GREEN) * bgr[blue + 1]
        total += np.int32(LUMA_RED) * bgr[blue + 2] + np.int32(LUMA_HALF)
        grey[x] = np.uint8(np.int32(total) >> np.int32(LUMA_SHIFT))


@kernel
def _block_columns(
    image: NDArray[np.uint8], top: int, sums: NDArray[np.int32], peaks: NDArray[np.int32]
) -> None:
    """Sum and maximum of the four rows of a row of blocks, the last row replicated."""
    last = image.shape[0] - 1
    a, b = image[min(top, last)], image[min(top + 1, last)]
    c, d = image[min(top + 2, last)], image[min(top + 3, last)]
    for x in range(sums.size):
        sums[x] = np.int32(a[x]) + np.int32(b[x]) + np.int32(c[x]) + np.int32(d[x])
        peaks[x] = max(max(a[x], b[x]), max(c[x], d[x]))


@kernel
def _block_row(
    sums: NDArray[np.int32],
    peaks: NDArray[np.int32],
    features: NDArray[np.float32],
    channel: int,
    row: int,
    border: int,
) -> None:
    """Join columns to blocks, the last column replicated, and scale to [0, 1]."""
    last = sums.size - 1
    mean_scale = np.float32(1.0 / (255.0 * STRIDE * STRIDE))
    peak_scale = np.float32(1.0 / 255.0)
    means, maxima = features[channel, row + border], features[channel + 1, row + border]
    for column in range(means.size - 2 * border):
        x = STRIDE * column
        # Only the last block can be cut; limiting its columns leaves the others as they are.
        b, c, d = min(x + 1, last), min(x + 2, last), min(x + 3, last)
        means[column + border] = (sums[x] + sums[b] + sums[c] + sums[d]) * mean_scale
        maxima[column + border] = max(max(peaks[x], peaks[b]), max(peaks[c], peaks[d])) * peak_scale


@kernel
def _complete_border(plane: NDArray[np.float32], row: int, border: int) -> None:
    rows, columns = plane.shape[0] - 2 * border, plane.shape[1] - 2 * border
    line = plane[row + border]
    for x in range(border):
        line[x] = line[border]
        line[border + columns + x] = line[border + columns - 1]
    if row == 0:
        for y in range(border):
            plane[y, :] = line
    if row == rows - 1:
        for y in range(border):
            plane[border + rows + y, :] = line


@kernel
def convolve(
    first: int,
    end: int,
    inputs: NDArray[np.float32],
    weight: NDArray[np.float32],
    bias: NDArray[np.float32],
    dilation: int,
    slope: float,
    outputs: NDArray[np.float32],
    border: int,
) -> None:
    """3x3 convolution and LeakyReLU of some rows.

    Args:
        first: First row.
        end: Row after the last.
        inputs: (C, h + 2p, w + 2p) planes.
        weight: (D, C, 3, 3).
        bias: (D,).
        dilation: Distance of the taps, at most p.
        slope: Factor of negative results; 1 leaves them.
        outputs: (D or more, h + 2p, w + 2p) planes, receive the result.
        border: Width p of the planes' border.
    """
    columns = outputs.shape[2] - 2 * border
    left = border - dilation
    slope = np.float32(slope)
    for row in range(first, end):
        for output in range(weight.shape[0]):
            line = outputs[output, row + border, border : border + columns]
            line[:] = bias[output]
            for channel in range(weight.shape[1]):
                _add_taps(
                    line,
                    inputs[channel, row + border - dilation, left:],
                    inputs[channel, row + border, left:],
                    inputs[channel, row + border + dilation, left:],
                    weight[output, channel],
                    dilation,
                )
            for x in range(columns):
                line[x] = max(line[x], np.float32(0)) + slope * min(line[x], np.float32(0))
            _complete_border(outputs[output], row, border)


@kernel
def _add_taps(
    line: NDArray[np.float32],
    above: NDArray[np.float32],
    middle: NDArray[np.float32],
    below: NDArray[np.float32],
    weight: NDArray[np.float32],
    dilation: int,
) -> None:
    columns = line.size
    above_0, above_1, above_2 = above[:columns], above[dilation:], above[2 * dilation :]
    middle_0, middle_1, middle_2 = middle[:columns], middle[dilation:], middle[2 * dilation :]
    below_0, below_1, below_2 = below[:columns], below[dilation:], below[2 * dilation :]
    for x in range(columns):
        line[x] += (
            weight[0, 0] * above_0[x]
            + weight[0, 1] * above_1[x]
            + weight[0, 2] * above_2[x]
            + weight[1, 0] * middle_0[x]
            + weight[1, 1] * middle_1[x]
            + weight[1, 2] * middle_2[x]
            + weight[2, 0] * below_0[x]
            + weight[2, 1] * below_1[x]
            + weight[2, 2] * below_2[x]
        )


@kernel
def context_coordinates(
    first: int,
    end: int,
    logits: NDArray[np.float32],
    border: int,
    full_scale: int,
    context: NDArray[np.uint16],
) -> None:
    """Sigmoid of some rows, as table coordinates in fixed point.

    Args:
        first: First row.
        end: Row after the last.
        logits: (h + 2p, w + 2p) plane.
        border: Width p of the plane's border.
        full_scale: Coordinate of a context of 1.
        context: (h, w), receives 0..full_scale.
    """
    for row in range(first, end):
        for column in range(context.shape[1]):
            logit = logits[row + border, column + border]
            share = np.float32(1.0) / (np.float32(1.0) + np.exp(-logit))
            context[row, column] = np.uint16(share * full_scale + np.float32(0.5))
