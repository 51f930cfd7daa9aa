# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT's kernels for NVIDIA GPUs; the arithmetic of a pixel is the CPU kernels' own.

Three kernels, seven launches for the shipped network: luma and block features; each layer of
the network, of which the last writes table coordinates; all of the table's work on a pixel.

Convention:
    Planes have no border here: neighbours outside are replaced by the nearest cell.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from numba import cuda, float32, int32

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX as STRIDE
from fusion_ros.kernels.compilation import device_kernel
from fusion_ros.kernels.context_network import LIMIT
from fusion_ros.kernels.convolution import GROUP
from fusion_ros.kernels.pixel_arithmetic import (
    FULL_WEIGHT,
    cell_of,
    edge_strength,
    falling,
    key_of,
    level_coordinate,
    luma_change,
    luma_level,
    mixed_context,
    mixed_weight,
    share_of,
    shifted_level,
    stride_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Threads of a block, along a row and down the rows.
BLOCK = (32, 4)


def grid_of(columns: int, rows: int, layers: int = 1) -> tuple[int, int, int]:
    """Blocks of threads that cover a plane, or several."""
    return -(-columns // BLOCK[0]), -(-rows // BLOCK[1]), layers


@device_kernel
def block_features(
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    features: NDArray[np.float32],
) -> None:
    """Luma, and mean and maximum of luma and thermal; a thread for each block of 4x4 pixels.

    Args:
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        thermal: (H, W) thermal image.
        grey: (H, W), receives the luma.
        features: (channels, h, w), receives four planes in [0, 1].
    """
    column, row = cuda.grid(2)
    height, width = thermal.shape
    if row >= features.shape[1] or column >= features.shape[2]:
        return
    light_sum, light_peak, heat_sum, heat_peak = int32(0), int32(0), int32(0), int32(0)
    for step in range(STRIDE * STRIDE):
        y = min(STRIDE * row + step // STRIDE, height - 1)
        x = min(STRIDE * column + step % STRIDE, width - 1)
        light = luma_level(bgr[y, 3 * x], bgr[y, 3 * x + 1], bgr[y, 3 * x + 2])
        grey[y, x] = light
        light_sum, light_peak = light_sum + int32(light), max(light_peak, int32(light))
        heat = int32(thermal[y, x])
        heat_sum, heat_peak = heat_sum + heat, max(heat_peak, heat)
    mean_scale = float32(1.0 / (255.0 * STRIDE * STRIDE))
    peak_scale = float32(1.0 / 255.0)
    features[0, row, column] = float32(light_sum) * mean_scale
    features[1, row, column] = float32(light_peak) * peak_scale
    features[2, row, column] = float32(heat_sum) * mean_scale
    features[3, row, column] = float32(heat_peak) * peak_scale


@device_kernel
def network_layer(
    source: NDArray[np.float32],
    target: NDArray[np.float32],
    weights: NDArray[np.float32],
    biases: NDArray[np.float32],
    inputs: int,
    outputs: int,
    dilation: int,
    slope: float,
    full_scale: int,
    context: NDArray[np.uint16],
) -> None:
    """3x3 convolution and activation; a thread for each cell and group of four outputs.

    Args:
        source: (C or more, h, w).
        target: (D or more, h, w), receives the result.
        weights: (D or more, C or more, 9), of a multiple of four outputs.
        biases: (D or more,).
        inputs: C.
        outputs: D.
        dilation: Distance of the taps.
        slope: Factor of negative results; 1 leaves them.
        full_scale: 0, or, after the last layer, the coordinate of a context of 1: the sigmoid
            is then written to `context` instead of the activation to `target`.
        context: (h, w), receives coordinates 0..full_scale.
    """
    column, row, group = cuda.grid(3)
    height, width = source.shape[1], source.shape[2]
    if row >= height or column >= width:
        return
    first = GROUP * group
    a, b, c, d = biases[first], biases[first + 1], biases[first + 2], biases[first + 3]
    for channel in range(inputs):
        for tap in range(9):
            y = min(max(row + dilation * (tap // 3 - 1), 0), height - 1)
            x = min(max(column + dilation * (tap % 3 - 1), 0), width - 1)
            cell = source[channel, y, x]
            a += weights[first, channel, tap] * cell
            b += weights[first + 1, channel, tap] * cell
            c += weights[first + 2, channel, tap] * cell
            d += weights[first + 3, channel, tap] * cell
    if full_scale > 0:
        logit = min(max(a, float32(-LIMIT)), float32(LIMIT))
        share = float32(1.0) / (float32(1.0) + math.exp(-logit))
        context[row, column] = int32(share * float32(full_scale) + float32(0.5))
        return
    for index in range(min(GROUP, outputs - first)):
        total = a if index == 0 else b if index == 1 else c if index == 2 else d
        positive, negative = max(total, float32(0.0)), min(total, float32(0.0))
        target[first + index, row, column] = positive + float32(slope) * negative


@device_kernel
def table_fusion(
    bgr: NDArray[np.uint8],
    grey: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    context: NDArray[np.uint16],
    table: NDArray[np.uint8],
    axes: NDArray[np.uint32],
    ramp: NDArray[np.uint16],
    fused: NDArray[np.uint8],
    guidance: NDArray[np.float32],
) -> None:
    """Gradient, context, table, blend and colour; a thread for each pixel.

    Args:
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        grey: (H, W) its luma.
        thermal: (H, W) thermal image.
        context: (h, w) context coordinates.
        table: Flat table of weights.
        axes: (4, 3) scale, last cell and stride of luma, gradient, context and thermal.
        ramp: (1021,) table coordinate of each edge strength.
        fused: (H, 3 W), receives the fused image.
        guidance: (H, W) or (0, 0), receives the weights in [0, 1].
    """
    x, y = cuda.grid(2)
    if y >= thermal.shape[0] or x >= thermal.shape[1]:
        return
    place_l = level_coordinate(grey[y, x], axes[0, 0])
    place_g = ramp[_edge(grey, y, x)]
    place_c = _context(context, y, x)
    place_t = level_coordinate(thermal[y, x], axes[3, 0])
    cell_l, cell_g = cell_of(place_l, axes[0, 1]), cell_of(place_g, axes[1, 1])
    cell_c, cell_t = cell_of(place_c, axes[2, 1]), cell_of(place_t, axes[3, 1])
    a, b, c, d = falling(
        key_of(place_l, cell_l, axes[0, 2]),
        key_of(place_g, cell_g, axes[1, 2]),
        key_of(place_c, cell_c, axes[2, 2]),
        key_of(place_t, cell_t, axes[3, 2]),
    )
    first = cell_l * axes[0, 2] + cell_g * axes[1, 2] + cell_c * axes[2, 2] + cell_t * axes[3, 2]
    second = first + stride_of(a)
    third = second + stride_of(b)
    fourth = third + stride_of(c)
    fifth = fourth + stride_of(d)
    values = (table[first], table[second], table[third], table[fourth], table[fifth])
    weight = mixed_weight(values, (share_of(a), share_of(b), share_of(c), share_of(d)))
    change = luma_change(grey[y, x], thermal[y, x], weight)
    for channel in range(3):
        fused[y, 3 * x + channel] = shifted_level(bgr[y, 3 * x + channel], change)
    if guidance.size > 0:
        guidance[y, x] = float32(weight) * float32(1.0 / FULL_WEIGHT)


@cuda.jit(device=True)
def _edge(grey: NDArray[np.uint8], y: int, x: int) -> int:
    above, below = max(y - 1, 0), min(y + 1, grey.shape[0] - 1)
    left, right = max(x - 1, 0), min(x + 1, grey.shape[1] - 1)
    nw, n, ne = int32(grey[above, left]), int32(grey[above, x]), int32(grey[above, right])
    w, e = int32(grey[y, left]), int32(grey[y, right])
    sw, s, se = int32(grey[below, left]), int32(grey[below, x]), int32(grey[below, right])
    return edge_strength(
        (ne + 2 * e + se) - (nw + 2 * w + sw), (sw + 2 * s + se) - (nw + 2 * n + ne)
    )


@cuda.jit(device=True)
def _context(context: NDArray[np.uint16], y: int, x: int) -> int:
    """Bilinear interpolation; block centres lie at pixels 1.5, 5.5, …, in eighths of a block."""
    row, down = (2 * y - 3) >> 3, (2 * y - 3) & 7
    column, across = (2 * x - 3) >> 3, (2 * x - 3) & 7
    above, below = max(row, 0), min(row + 1, context.shape[0] - 1)
    left, right = max(column, 0), min(column + 1, context.shape[1] - 1)
    west = int32(context[above, left]) * (8 - down) + int32(context[below, left]) * down
    east = int32(context[above, right]) * (8 - down) + int32(context[below, right]) * down
    return mixed_context(8 * west + 32, east - west, across)
