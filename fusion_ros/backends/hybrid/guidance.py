# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The guidance network in plain float64 NumPy, and the map that its blocks make.

Convention:
    Images are widened to a multiple of the network's coarsest cell by replicating the last row
    and column. Cells of each grid are counted from the top left. Convolutions replicate borders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.hybrid.model import Convolution, HybridModel

    Planes = NDArray[np.float64]


def guidance_map(model: HybridModel, luma: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> Planes:
    """How much the thermal source shall decide at each pixel.

    Args:
        model: The trained network.
        luma: (H, W) uint8, of the visible image.
        thermal: (H, W) uint8.

    Returns:
        (H, W) in [0, 1].
    """
    blocks = block_guidance(model, block_features(model, luma, thermal))
    return upsample(blocks, model.stride_px, luma.shape)[0]


def block_features(
    model: HybridModel, luma: NDArray[np.uint8], thermal: NDArray[np.uint8]
) -> Planes:
    """Mean and maximum of blocks of both images: what the network sees, (4, h, w) in [0, 1]."""
    features = []
    for image in (luma, thermal):
        height, width = image.shape
        multiple, stride = model.multiple_px, model.stride_px
        border = ((0, -height % multiple), (0, -width % multiple))
        wide = np.pad(image.astype(np.float64) / 255.0, border, mode="edge")
        blocks = wide.reshape(wide.shape[0] // stride, stride, wide.shape[1] // stride, stride)
        features += [blocks.mean(axis=(1, 3)), blocks.max(axis=(1, 3))]
    return np.stack(features)


def block_guidance(model: HybridModel, features: Planes) -> Planes:
    """Run the network on (4, h, w): the guidance of each block, (1, h, w) in [0, 1]."""
    hidden, kept = features, []
    for level, convolutions in enumerate(model.down):
        hidden = _twice(hidden if level == 0 else _halved(hidden), convolutions)
        kept.append(hidden)
    for convolutions, beside in zip(model.up[::-1], kept[-2::-1], strict=True):
        above = upsample(hidden, 2, beside.shape[1:])
        hidden = _twice(np.concatenate((above, beside)), convolutions)
    logit = _convolve(np.concatenate((hidden, features)), model.head)
    # exp overflows to infinity for very negative logits; the quotient is then 0, as it should.
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-logit))


def upsample(planes: Planes, factor: int, shape: tuple[int, ...]) -> Planes:
    """Interpolate (C, h, w) linearly between centres, constant beyond the outer ones.

    Args:
        planes: On cells of `factor` pixels.
        factor: Pixels along each side of a cell.
        shape: Height and width of the result, which may end before the last cell does.
    """
    above, below, down = _neighbours(shape[0], planes.shape[1], factor)
    left, right, across = _neighbours(shape[1], planes.shape[2], factor)
    rows = planes[:, above] * (1 - down)[:, None] + planes[:, below] * down[:, None]
    return rows[..., left] * (1 - across) + rows[..., right] * across


def _neighbours(
    pixels: int, cells: int, factor: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Planes]:
    centre = (np.arange(pixels) + 0.5) / factor - 0.5
    lower = np.floor(centre).astype(np.int64)
    first, second = np.clip(lower, 0, cells - 1), np.clip(lower + 1, 0, cells - 1)
    return first, second, centre - lower


def _twice(planes: Planes, convolutions: tuple[Convolution, Convolution]) -> Planes:
    for convolution in convolutions:
        planes = np.maximum(_convolve(planes, convolution), 0.0)
    return planes


def _halved(planes: Planes) -> Planes:
    channels, height, width = planes.shape
    return planes.reshape(channels, height // 2, 2, width // 2, 2).max(axis=(2, 4))


def _convolve(planes: Planes, convolution: Convolution) -> Planes:
    _, height, width = planes.shape
    side = convolution.weight.shape[-1]
    reach = side // 2
    padded = np.pad(planes, ((0, 0), (reach, reach), (reach, reach)), mode="edge")
    total = np.empty((convolution.bias.size, height, width))
    total[:] = convolution.bias[:, None, None]
    for row in range(side):
        for column in range(side):
            window = padded[:, row : row + height, column : column + width]
            total += np.tensordot(convolution.weight[:, :, row, column], window, axes=1)
    return total
