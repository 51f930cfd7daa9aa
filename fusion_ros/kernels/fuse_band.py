# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A whole frame of MM-LUT in one pass: each band of rows goes from pixels to fused pixels.

A band needs nothing from its neighbours: it computes the few rows of the context network that
reach into them itself. So bands never wait for each other, and a frame costs one call each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX as STRIDE
from fusion_ros.kernels.band_space import FEATURES, STRIP_ROWS
from fusion_ros.kernels.compilation import kernel
from fusion_ros.kernels.context_network import (
    block_columns,
    block_row,
    context_row_coordinates,
    luma_row,
    replicate_row,
)
from fusion_ros.kernels.convolution import complete_border, convolve
from fusion_ros.kernels.pixel_arithmetic import FULL_WEIGHT
from fusion_ros.kernels.table_fusion import (
    PIECE_PX,
    blend_row,
    context_row,
    edge_row,
    fetch_corners,
    find_corners,
    gradient_row,
    mix_corners,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.kernels.band_space import BandSpace, KernelModel


@kernel
def fuse_band(
    first: int,
    end: int,
    space: BandSpace,
    model: KernelModel,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    fused: NDArray[np.uint8],
    guidance: NDArray[np.float32],
) -> None:
    """Fuse some rows.

    Args:
        first: First row of blocks.
        end: Row of blocks after the last.
        space: Workspace that no other band uses.
        model: The model.
        bgr: (H, 3 W) visible image, its pixels' channels side by side.
        thermal: (H, W) thermal image.
        fused: (H, 3 W), receives the fused image.
        guidance: (H, W) or empty, receives the weights in [0, 1].
    """
    height = thermal.shape[0]
    rows = -(-height // STRIDE)
    reach = int(np.sum(model.layouts[:, 2])) + 1
    for top in range(first, end, STRIP_ROWS):
        bottom = min(top + STRIP_ROWS, end)
        lowest = top - reach
        _strip_features(space, model, bgr, thermal, lowest, bottom + reach, rows)
        _strip_context(space, model, lowest, top, bottom, rows)
        _fuse_rows(space, model, bgr, thermal, fused, guidance, lowest, top, bottom)


@kernel
def _strip_features(
    space: BandSpace,
    model: KernelModel,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    lowest: int,
    highest: int,
    rows: int,
) -> None:
    """Luma and block features of the rows of blocks from `lowest` to before `highest`."""
    height, width = thermal.shape
    border = int(np.max(model.layouts[:, 2]))
    first, end = max(lowest, 0), min(highest, rows)
    sums, peaks = space.lines[0, :width], space.lines[1, :width]
    for row in range(first, end):
        top, last = row * STRIDE, min(row * STRIDE + STRIDE, height) - 1
        start = lowest * STRIDE
        for y in range(top, last + 1):
            luma_row(bgr[y], space.grey[y - start])
        for source in range(2):
            image = space.grey if source == 0 else thermal
            shift = start if source == 0 else 0
            a, b = image[top - shift], image[min(top + 1, last) - shift]
            c, d = image[min(top + 2, last) - shift], image[last - shift]
            block_columns(a, b, c, d, sums, peaks)
            line = row - lowest + border
            means, maxima = space.front[2 * source, line], space.front[2 * source + 1, line]
            block_row(sums, peaks, means, maxima, border)
    for channel in range(FEATURES):
        plane = space.front[channel]
        for row in range(first, end):
            complete_border(plane, row - lowest + border, border)
        _complete_ends(plane, first, end, lowest, rows, border)


@kernel
def _complete_ends(
    plane: NDArray[np.float32], first: int, end: int, lowest: int, rows: int, border: int
) -> None:
    """Replicate the image's first and last row of blocks, where the rows written hold them."""
    shift = border - lowest
    if first == 0:
        replicate_row(plane, shift, shift - border, shift)
    if end == rows:
        replicate_row(plane, end - 1 + shift, end + shift, end + shift + border)


@kernel
def _strip_context(
    space: BandSpace, model: KernelModel, lowest: int, top: int, bottom: int, rows: int
) -> None:
    """Run the network for the rows of blocks from `top` to before `bottom`, and one around."""
    border = int(np.max(model.layouts[:, 2]))
    source, target = space.front, space.back
    beyond = top - lowest
    for index in range(model.layouts.shape[0]):
        inputs, outputs, dilation = model.layouts[index]
        beyond -= dilation
        first, end = max(top - beyond, 0), min(bottom + beyond, rows)
        convolve(
            source,
            target,
            model.weights[index],
            model.biases[index],
            (inputs, outputs, dilation),
            model.slopes[index],
            (first - lowest + border, end - lowest + border),
            border,
        )
        for output in range(outputs):
            _complete_ends(target[output], first, end, lowest, rows, border)
        source, target = target, source
    full_scale = (model.axes[2, 1] + 1) << 8
    for row in range(max(top - 1, 0), min(bottom + 1, rows)):
        logits, context = source[0, row - lowest + border], space.context[row - lowest]
        context_row_coordinates(logits, border, full_scale, context)


@kernel
def _fuse_rows(
    space: BandSpace,
    model: KernelModel,
    bgr: NDArray[np.uint8],
    thermal: NDArray[np.uint8],
    fused: NDArray[np.uint8],
    guidance: NDArray[np.float32],
    lowest: int,
    top: int,
    bottom: int,
) -> None:
    """Fuse the pixels of the rows of blocks from `top` to before `bottom`."""
    height, width = thermal.shape
    start, last_block = lowest * STRIDE, -(-height // STRIDE) - 1
    weights, gradients = space.lines[0, :width], space.lines[1, :width]
    contexts, context_line = space.lines[2], space.lines[0]
    sums, steps = space.short_lines[0], space.short_lines[1]
    shown = contexts[2 : width + 2]
    for y in range(top * STRIDE, min(bottom * STRIDE, height)):
        grey = space.grey[y - start]
        above, below = space.grey[max(y - 1, 0) - start], space.grey[min(y + 1, height - 1) - start]
        edge_row(above, grey, below, sums, steps, gradients)
        gradient_row(gradients, model.ramp)
        block = (2 * y - 3) >> 3
        upper, lower = max(block, 0) - lowest, min(block + 1, last_block) - lowest
        context_row(space.context[upper], space.context[lower], y, context_line, contexts)
        warm = thermal[y]
        for x in range(0, width, PIECE_PX):
            end = min(x + PIECE_PX, width)
            find_corners(
                grey[x:end],
                gradients[x:end],
                shown[x:end],
                warm[x:end],
                model.axes,
                space.corners,
                space.shares,
            )
            fetch_corners(model.table, space.corners, space.values, end - x)
            mix_corners(space.values, space.shares, weights[x:end])
        blend_row(bgr[y], grey, warm, weights, gradients, fused[y])
        if guidance.size > 0:
            for x in range(width):
                guidance[y, x] = weights[x] * np.float32(1.0 / FULL_WEIGHT)
