# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What MM-LUT has learned: a table of weights and a small network, as arrays in an .npz file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.array_file import read_arrays, write_arrays
from fusion_ros.backends.mm_lut.signals import CONTEXT_FEATURES
from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAX_NODES = 17
AXES = ("luma", "gradient", "context", "thermal")


@dataclass(frozen=True, slots=True)
class ContextLayer:
    """One 3x3 convolution.

    Attributes:
        weight: (out, in, 3, 3) float32.
        bias: (out,) float32.
        dilation: Distance of the taps [cells].
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    dilation: int


@dataclass(frozen=True, slots=True)
class MmLutModel:
    """A trained MM-LUT.

    Attributes:
        table: (luma, gradient, context, thermal) uint8; 255 is a weight of 1. 2 to 17 nodes
            on each axis.
        layers: The context network, first layer first.
    """

    table: NDArray[np.uint8]
    layers: tuple[ContextLayer, ...]

    def __post_init__(self) -> None:
        """Check shapes and types; raises `ModelArtifactError`."""
        _check_table(self.table)
        _check_layers(self.layers)

    def save(self, path: Path) -> None:
        """Write the model as an .npz file."""
        arrays: dict[str, NDArray[np.generic]] = {"table": self.table}
        for index, layer in enumerate(self.layers):
            arrays[f"context.{index}.weight"] = layer.weight
            arrays[f"context.{index}.bias"] = layer.bias
            arrays[f"context.{index}.dilation"] = np.array(layer.dilation, dtype=np.int32)
        write_arrays(path, arrays)

    @classmethod
    def load(cls, path: Path) -> MmLutModel:
        """Read a model.

        Raises:
            ModelArtifactError: The file is missing, damaged or no MM-LUT model.
        """
        arrays = read_arrays(path)
        try:
            return cls(table=arrays["table"], layers=_layers(arrays))
        except KeyError as err:
            raise ModelArtifactError(
                f"{path}: expected an MM-LUT model, but array {err} is missing; models are made "
                f"by 'fusion_ros train mm-lut'"
            ) from err


def _layers(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[ContextLayer, ...]:
    count = sum(name.startswith("context.") and name.endswith(".weight") for name in arrays)
    return tuple(
        ContextLayer(
            weight=np.ascontiguousarray(arrays[f"context.{index}.weight"], dtype=np.float32),
            bias=np.ascontiguousarray(arrays[f"context.{index}.bias"], dtype=np.float32),
            dilation=int(arrays[f"context.{index}.dilation"]),
        )
        for index in range(count)
    )


def _check_table(table: NDArray[np.generic]) -> None:
    in_range = table.ndim == 4 and all(2 <= nodes <= MAX_NODES for nodes in table.shape)
    if table.dtype != np.uint8 or not in_range:
        raise ModelArtifactError(
            f"MM-LUT table: expected uint8 with 2 to {MAX_NODES} nodes on each of the axes "
            f"{', '.join(AXES)}, got {table.dtype} of shape {table.shape}"
        )


def _check_layers(layers: tuple[ContextLayer, ...]) -> None:
    width = CONTEXT_FEATURES
    for index, layer in enumerate(layers):
        outputs = layer.bias.size
        if layer.weight.shape != (outputs, width, 3, 3) or layer.dilation < 1:
            raise ModelArtifactError(
                f"MM-LUT context layer {index}: expected weights of shape "
                f"({outputs}, {width}, 3, 3) and a dilation of 1 or more, got "
                f"{layer.weight.shape} and {layer.dilation}"
            )
        if not (np.isfinite(layer.weight).all() and np.isfinite(layer.bias).all()):
            raise ModelArtifactError(f"MM-LUT context layer {index}: values are not finite")
        width = outputs
    if not layers or width != 1:
        raise ModelArtifactError(
            f"MM-LUT context network: expected layers that end in 1 channel, got "
            f"{len(layers)} layers that end in {width}"
        )
