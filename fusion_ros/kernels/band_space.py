# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the CPU's kernels read and where they work, as Numba passes it: tuples of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX as STRIDE
from fusion_ros.kernels.table_fusion import CORNERS, PIECE_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Rows of blocks for which a band runs the network before it fuses their pixels. More would
# leave the cache, fewer would compute more rows twice.
STRIP_ROWS = 64
FEATURES = 4


class KernelModel(NamedTuple):
    """A model as the kernels read it.

    Attributes:
        table: Flat uint8 table of weights; 255 is a weight of 1.
        axes: (4, 3) uint32: scale, last cell and stride of luma, gradient, context and thermal.
        ramp: (1021,) uint16: table coordinate of each edge strength.
        weights: (layers, D, C, 9) float32, zero where a layer has fewer channels.
        biases: (layers, D) float32.
        layouts: (layers, 3) int64: inputs, outputs and distance of the taps.
        slopes: (layers,) float32: factor of negative results.
    """

    table: NDArray[np.uint8]
    axes: NDArray[np.uint32]
    ramp: NDArray[np.uint16]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    layouts: NDArray[np.int64]
    slopes: NDArray[np.float32]


class BandSpace(NamedTuple):
    """Workspace of one band, with a border of p cells around planes.

    Attributes:
        grey: (4 R, W) uint8 luma of the strip's rows.
        front: (channels, R + 2p, w + 2p) float32 planes.
        back: The same, to alternate.
        context: (R, w) uint16 table coordinates.
        lines: (3, 4 w + 4) int32 row buffers.
        short_lines: (2, W + 2) int16 row buffers.
        corners: (5, `PIECE_PX`) uint32.
        shares: (4, `PIECE_PX`) uint16.
        values: (5, `PIECE_PX`) uint8.
    """

    grey: NDArray[np.uint8]
    front: NDArray[np.float32]
    back: NDArray[np.float32]
    context: NDArray[np.uint16]
    lines: NDArray[np.int32]
    short_lines: NDArray[np.int16]
    corners: NDArray[np.uint32]
    shares: NDArray[np.uint16]
    values: NDArray[np.uint8]


def allocate_space(model: KernelModel, rows: int, width: int) -> BandSpace:
    """Workspace for a band of `rows` rows of blocks of an image of `width` pixels."""
    columns = -(-width // STRIDE)
    border = int(model.layouts[:, 2].max())
    held = min(rows, STRIP_ROWS) + 2 * (int(model.layouts[:, 2].sum()) + 1)
    channels = max(FEATURES, model.weights.shape[1])
    planes = (channels, held + 2 * border, columns + 2 * border)
    return BandSpace(
        grey=np.zeros((STRIDE * held, width), np.uint8),
        front=np.zeros(planes, np.float32),
        back=np.zeros(planes, np.float32),
        context=np.zeros((held, columns), np.uint16),
        lines=np.zeros((3, STRIDE * columns + STRIDE), np.int32),
        short_lines=np.zeros((2, width + 2), np.int16),
        corners=np.zeros((CORNERS, PIECE_PX), np.uint32),
        shares=np.zeros((CORNERS - 1, PIECE_PX), np.uint16),
        values=np.zeros((CORNERS, PIECE_PX), np.uint8),
    )
