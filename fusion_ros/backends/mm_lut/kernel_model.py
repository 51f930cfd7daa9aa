# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""MM-LUT's model in the form that the CPU and the CUDA kernels read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.signals import LEAKY_SLOPE
from fusion_ros.core.signal_scales import GRADIENT_FULL_SCALE
from fusion_ros.kernels.band_space import KernelModel
from fusion_ros.kernels.convolution import GROUP
from fusion_ros.kernels.pixel_arithmetic import ONE, SCALE_SHIFT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel


def kernel_model(model: MmLutModel) -> KernelModel:
    """Lay a model out for the kernels."""
    weights, biases, layouts = _network(model.layers)
    slopes = np.full(len(model.layers), LEAKY_SLOPE, np.float32)
    slopes[-1] = 1.0
    edges = np.sqrt(np.arange(GRADIENT_FULL_SCALE + 1) / GRADIENT_FULL_SCALE)
    return KernelModel(
        table=np.ascontiguousarray(model.table).ravel(),
        axes=_axes(model.table.shape),
        ramp=np.rint(edges * (model.table.shape[1] - 1) * ONE).astype(np.uint16),
        weights=weights,
        biases=biases,
        layouts=layouts,
        slopes=slopes,
    )


def _axes(shape: tuple[int, ...]) -> NDArray[np.uint32]:
    """Scale of grey levels, last cell and stride of each axis."""
    strides = [int(np.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    return np.array(
        [
            (round((nodes - 1) * ONE / 255.0 * (1 << SCALE_SHIFT)), nodes - 2, stride)
            for nodes, stride in zip(shape, strides, strict=True)
        ],
        dtype=np.uint32,
    )


def _network(
    layers: tuple[ContextLayer, ...],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """All layers in arrays of one size, with how much of it each layer uses."""
    most = max(max(layer.weight.shape[:2]) for layer in layers)
    most = -(-most // GROUP) * GROUP
    weights = np.zeros((len(layers), most, most, 9), np.float32)
    biases = np.zeros((len(layers), most), np.float32)
    layouts = np.zeros((len(layers), 3), np.int64)
    for index, layer in enumerate(layers):
        outputs, inputs = layer.weight.shape[:2]
        weights[index, :outputs, :inputs] = layer.weight.reshape(outputs, inputs, 9)
        biases[index, :outputs] = layer.bias
        layouts[index] = inputs, outputs, layer.dilation
    return weights, biases, layouts
