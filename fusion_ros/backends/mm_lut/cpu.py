# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT on the CPU: compiled kernels over bands of rows, in workspace that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.model import MmLutModel
from fusion_ros.backends.mm_lut.signals import CONTEXT_FEATURES, LEAKY_SLOPE
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE
from fusion_ros.kernels.bands import BandRunner
from fusion_ros.kernels.context_network import block_features, context_coordinates, convolve
from fusion_ros.kernels.table_fusion import FRACTION_BITS, KEY_SHIFT, ONE, fuse_rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

NO_GUIDANCE = np.empty((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Workspace:
    """Buffers for one image size.

    Attributes:
        grey: (H, W) luma.
        planes: Three stacks of (channels, h + 2p, w + 2p): features, and two to alternate.
        context: (h, w) table coordinates.
        scratch: (H, 3, W) row buffers.
    """

    grey: NDArray[np.uint8]
    planes: tuple[NDArray[np.float32], ...]
    context: NDArray[np.uint16]
    scratch: NDArray[np.int32]


class MmLutCpu:
    """Fuses on all cores; one full-size allocation per frame, the result."""

    def __init__(self, model_path: Path, threads: int | None = None) -> None:
        """Load the model; raises `ModelArtifactError`.

        Args:
            model_path: An MM-LUT model.
            threads: Threads to use; None for one per core.
        """
        self.model = MmLutModel.load(model_path)
        self._table = np.ascontiguousarray(self.model.table).ravel()
        self._cells, self._keys = _axis_tables(self.model.table.shape)
        self._border = max(layer.dilation for layer in self.model.layers)
        self._bands = BandRunner(threads)
        self._workspace = self._allocate(1, 1)

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        if self._workspace.grey.shape != pair.thermal.shape:
            self._workspace = self._allocate(*pair.thermal.shape)
        self._find_context(pair)
        height = pair.thermal.shape[0]
        fused = np.empty(pair.visible.shape, np.uint8)
        guidance = np.empty(pair.thermal.shape, np.float32) if want_guidance else NO_GUIDANCE
        space = self._workspace
        self._bands.run(
            fuse_rows,
            height,
            pair.visible.reshape(height, -1),
            space.grey,
            pair.thermal,
            space.context,
            self._table,
            self.model.table.shape,
            self._cells,
            self._keys,
            space.scratch,
            fused.reshape(height, -1),
            guidance,
        )
        return fused, guidance if want_guidance else None

    def close(self) -> None:
        """End the threads."""
        self._bands.close()

    def _find_context(self, pair: PreparedPair) -> None:
        space, border, layers = self._workspace, self._border, self.model.layers
        rows = space.context.shape[0]
        hidden = space.planes[0]
        self._bands.run(
            block_features,
            rows,
            pair.visible.reshape(pair.thermal.shape[0], -1),
            pair.thermal,
            space.grey,
            space.scratch,
            hidden,
            border,
        )
        for index, layer in enumerate(layers):
            following = space.planes[1 + index % 2]
            slope = LEAKY_SLOPE if index + 1 < len(layers) else 1.0
            self._bands.run(
                convolve,
                rows,
                hidden,
                layer.weight,
                layer.bias,
                layer.dilation,
                slope,
                following,
                border,
            )
            hidden = following
        full_scale = (self.model.table.shape[2] - 1) << FRACTION_BITS
        self._bands.run(context_coordinates, rows, hidden[0], border, full_scale, space.context)

    def _allocate(self, height: int, width: int) -> _Workspace:
        rows, columns = -(-height // CONTEXT_STRIDE_PX), -(-width // CONTEXT_STRIDE_PX)
        channels = max(layer.bias.size for layer in self.model.layers)
        size = (rows + 2 * self._border, columns + 2 * self._border)
        return _Workspace(
            grey=np.empty((height, width), np.uint8),
            planes=tuple(
                np.empty((count, *size), np.float32)
                for count in (CONTEXT_FEATURES, channels, channels)
            ),
            context=np.empty((rows, columns), np.uint16),
            scratch=np.empty((height, 3, width), np.int32),
        )


def _axis_tables(shape: tuple[int, ...]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Cell offset, and fraction with stride, of each value of luma, gradient and thermal."""
    nodes_luma, nodes_gradient, nodes_context, nodes_thermal = shape
    strides = (nodes_gradient * nodes_context * nodes_thermal, nodes_context * nodes_thermal, 1)
    byte = np.arange(256) / 255.0
    edge = np.sqrt(np.arange(GRADIENT_FULL_SCALE + 1) / GRADIENT_FULL_SCALE)
    cells = np.zeros((3, GRADIENT_FULL_SCALE + 1), np.uint32)
    keys = np.zeros_like(cells)
    axes = ((byte, nodes_luma), (edge, nodes_gradient), (byte, nodes_thermal))
    for axis, ((signal, nodes), stride) in enumerate(zip(axes, strides, strict=True)):
        coordinate = np.rint(signal * (nodes - 1) * ONE).astype(np.int32)
        cell = np.minimum(coordinate >> FRACTION_BITS, nodes - 2)
        fraction = coordinate - (cell << FRACTION_BITS)
        cells[axis, : signal.size] = cell * stride
        keys[axis, : signal.size] = (fraction << KEY_SHIFT) | stride
    return cells, keys
