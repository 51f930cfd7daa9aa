# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Rows of a pyramid: smoothed and halved, or brought back to twice their length.

`fusion_ros.backends.hybrid.pyramid` defines what is computed. Each step is a loop of its own
over a row, in buffers that stay in the nearest cache, so that the compiler vectorizes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.pyramid_borders import reflected, reflected_smaller
from fusion_ros.kernels.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

reflected_index = kernel(reflected)
reflected_smaller_index = kernel(reflected_smaller)


@kernel
def shrink_row(plane: NDArray[np.float32], row: int, line: NDArray[np.float32]) -> None:
    """Smooth a plane (H, W) vertically around row `2 row`, into the first W of `line`."""
    height, width = plane.shape
    a = plane[reflected_index(2 * row - 2, height)]
    b = plane[reflected_index(2 * row - 1, height)]
    c = plane[2 * row]
    d = plane[reflected_index(2 * row + 1, height)]
    e = plane[reflected_index(2 * row + 2, height)]
    for x in range(width):
        outer, inner = a[x] + e[x], b[x] + d[x]
        line[x] = outer + np.float32(4.0) * inner + np.float32(6.0) * c[x]


@kernel
def halve_row(line: NDArray[np.float32], width: int, smaller: NDArray[np.float32]) -> None:
    """Smooth the first `width` samples horizontally, keep every second, and scale both passes."""
    scale = np.float32(1.0 / 256.0)
    for x in range(smaller.size):
        if 1 <= x and 2 * x + 2 < width:
            continue
        outer = line[reflected_index(2 * x - 2, width)] + line[reflected_index(2 * x + 2, width)]
        inner = line[reflected_index(2 * x - 1, width)] + line[reflected_index(2 * x + 1, width)]
        smaller[x] = (outer + np.float32(4.0) * inner + np.float32(6.0) * line[2 * x]) * scale
    for x in range(1, (width - 1) // 2):
        left = np.uint32(2 * x)
        outer = line[left - 2] + line[left + 2]
        inner = line[left - 1] + line[left + 1]
        smaller[x] = (outer + np.float32(4.0) * inner + np.float32(6.0) * line[left]) * scale


@kernel
def expand_row(
    smaller: NDArray[np.float32], row: int, height: int, line: NDArray[np.float32]
) -> None:
    """Row `row` of a level of `height` rows, from the smaller level (h, w); into (w + 2,).

    The samples stand one to the right, so that `double_row` can add the borders.
    """
    here = row // 2
    b = smaller[here]
    c = smaller[reflected_smaller_index(here + 1, height)]
    if row % 2 == 1:
        for x in range(b.size):
            line[x + 1] = np.float32(0.5) * (b[x] + c[x])
        return
    a = smaller[reflected_smaller_index(here - 1, height)]
    for x in range(b.size):
        line[x + 1] = np.float32(0.125) * (a[x] + c[x]) + np.float32(0.75) * b[x]


@kernel
def double_row(line: NDArray[np.float32], width: int, result: NDArray[np.float32]) -> None:
    """Bring a row that `expand_row` wrote to `width` samples; `result` holds one more."""
    samples = (width + 1) // 2
    line[0] = line[reflected_smaller_index(-1, width) + 1]
    line[samples + 1] = line[reflected_smaller_index(samples, width) + 1]
    for x in range(samples):
        left = np.uint32(2 * x)
        a, b, c = line[x], line[x + 1], line[x + 2]
        result[left] = np.float32(0.125) * (a + c) + np.float32(0.75) * b
        result[left + 1] = np.float32(0.5) * (b + c)
