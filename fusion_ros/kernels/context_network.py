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
from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRIDE = 4


@kernel
def block_features(
    first: int,
    end: int,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    features: NDArray[np.float32],
    border: int,
) -> None:
    """Luma of rows of blocks, and mean and maximum of luma and thermal for each 4x4 block.

    Args:
        first: First row of blocks.
        end: Row of blocks after the last.
        bgr: (H, W, 3) visible image.
        thermal: (H, W) thermal image.
        grey: (H, W), receives the luma.
        features: (4, h + 2p, w + 2p) planes, receive the features in [0, 1].
        border: Width p of the planes' border.
    """
    height, width = thermal.shape
    columns = features.shape[2] - 2 * border
    whole = width // STRIDE
    scale = np.float32(1.0 / (255.0 * STRIDE * STRIDE))
    for row in range(first, end):
        for y in range(row * STRIDE, min(row * STRIDE + STRIDE, height)):
            for x in range(width):
                total = LUMA_BLUE * bgr[y, x, 0] + LUMA_GREEN * bgr[y, x, 1]
                total += LUMA_RED * bgr[y, x, 2] + LUMA_HALF
                grey[y, x] = total >> LUMA_SHIFT
        for column in range(columns):
            grey_sum, grey_max, heat_sum, heat_max = 0, 0, 0, 0
            for dy in range(STRIDE):
                y = min(row * STRIDE + dy, height - 1)
                for dx in range(STRIDE):
                    x = column * STRIDE + dx
                    if column >= whole:
                        x = min(x, width - 1)
                    value, heat = np.int64(grey[y, x]), np.int64(thermal[y, x])
                    grey_sum += value
                    heat_sum += heat
                    grey_max = max(grey_max, value)
                    heat_max = max(heat_max, heat)
            y, x = row + border, column + border
            features[0, y, x] = grey_sum * scale
            features[1, y, x] = grey_max * scale * (STRIDE * STRIDE)
            features[2, y, x] = heat_sum * scale
            features[3, y, x] = heat_max * scale * (STRIDE * STRIDE)
        for channel in range(4):
            _complete_border(features[channel], row, border)


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
