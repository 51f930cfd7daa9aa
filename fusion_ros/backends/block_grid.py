# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Small networks on a grid of blocks of pixels, in plain float64 NumPy.

Convention:
    Blocks are counted from the top left; those cut by the right or lower border are completed by
    replicating the last column and row. Convolutions replicate the borders of the grid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Planes = NDArray[np.float64]


def block_features(
    luma: NDArray[np.uint8], thermal: NDArray[np.uint8], side_px: int, multiple_px: int
) -> Planes:
    """Mean and maximum of square blocks of both images: what the networks see.

    Args:
        luma: (H, W) uint8.
        thermal: (H, W) uint8.
        side_px: Side of a block.
        multiple_px: Images are widened to a multiple of this, itself one of `side_px`.

    Returns:
        (4, h, w) in [0, 1]: luma mean, luma maximum, thermal mean and maximum.
    """
    features = []
    for image in (luma, thermal):
        height, width = image.shape
        border = ((0, -height % multiple_px), (0, -width % multiple_px))
        wide = np.pad(image.astype(np.float64) / 255.0, border, mode="edge")
        rows, columns = (side // side_px for side in wide.shape)
        blocks = wide.reshape(rows, side_px, columns, side_px)
        features += [blocks.mean(axis=(1, 3)), blocks.max(axis=(1, 3))]
    return np.stack(features)


def convolve(
    planes: Planes, weight: NDArray[np.float32], bias: NDArray[np.float32], dilation: int = 1
) -> Planes:
    """Convolve (in, h, w) with (out, in, k, k), k odd; taps are `dilation` apart."""
    _, height, width = planes.shape
    side = weight.shape[-1]
    reach = dilation * (side // 2)
    padded = np.pad(planes, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    total = np.empty((bias.size, height, width))
    total[:] = bias[:, None, None]
    for row in range(side):
        for column in range(side):
            top, left = row * dilation, column * dilation
            window = padded[:, top : top + height, left : left + width]
            total += np.tensordot(weight[:, :, row, column], window, axes=1)
    return total


def sigmoid(logit: Planes) -> Planes:
    """Logits to [0, 1]."""
    # exp overflows to infinity for very negative logits; the quotient is then 0, as it should.
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logit))


def enlarge(planes: Planes, factor: int, shape: tuple[int, ...]) -> Planes:
    """Interpolate (..., h, w) linearly between centres of cells, constant beyond the outer ones.

    Args:
        planes: On cells of `factor` samples.
        factor: Samples along each side of a cell.
        shape: Height and width of the result, which may end before the last cell does.
    """
    above, below, down = _neighbours(shape[0], planes.shape[-2], factor)
    left, right, across = _neighbours(shape[1], planes.shape[-1], factor)
    rows = planes[..., above, :] * (1 - down)[:, None] + planes[..., below, :] * down[:, None]
    return rows[..., left] * (1 - across) + rows[..., right] * across


def _neighbours(
    samples: int, cells: int, factor: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Planes]:
    centre = (np.arange(samples) + 0.5) / factor - 0.5
    lower = np.floor(centre).astype(np.int64)
    first, second = np.clip(lower, 0, cells - 1), np.clip(lower + 1, 0, cells - 1)
    return first, second, centre - lower
