# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""LUT-Fuse checkpoints: the authors' table and context generator as arrays in one .npz file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.array_file import read_arrays, write_arrays
from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

NODES = 16
TABLE = "table"
# The generator's layers under the names that the authors' checkpoints give them:
# convolution, and the affine part of the instance norm that follows its activation.
HIDDEN_LAYERS = (
    ("input_layer.0", "input_layer.2"),
    ("mid_layer.0", "mid_layer.2"),
    ("mid_layer.3", "mid_layer.5"),
    ("mid_layer.6", "mid_layer.8"),
)
OUTPUT_LAYER = "output_layer.1"
_CHANNELS = (4, 16, 16, 16, 16, 1)


@dataclass(frozen=True, slots=True)
class LutFuseModel:
    """A LUT-Fuse checkpoint.

    Attributes:
        table: (16, 16, 16, 16) float32 over luma, gradient, context, thermal; fused luma,
            nominally in [0, 1].
        generator: Parameters of the context generator by the names of the checkpoint, float32.
    """

    table: NDArray[np.float32]
    generator: Mapping[str, NDArray[np.float32]]

    def __post_init__(self) -> None:
        """Check names and shapes; raises `ModelArtifactError`."""
        if self.table.shape != (NODES,) * 4:
            raise ModelArtifactError(
                f"LUT-Fuse table: expected shape {(NODES,) * 4}, got {self.table.shape}"
            )
        for name, shape in expected_shapes().items():
            found = self.generator[name].shape if name in self.generator else "nothing"
            if found != shape:
                raise ModelArtifactError(
                    f"LUT-Fuse generator: expected '{name}' of shape {shape}, got {found}; is "
                    f"this a checkpoint of another network?"
                )

    def save(self, path: Path) -> None:
        """Write the model as an .npz file."""
        write_arrays(path, {TABLE: self.table, **self.generator})

    @classmethod
    def load(cls, path: Path) -> LutFuseModel:
        """Read a model.

        Raises:
            ModelArtifactError: The file is missing, damaged or no LUT-Fuse model.
        """
        arrays = read_arrays(path)
        if TABLE not in arrays:
            raise ModelArtifactError(
                f"{path}: expected a LUT-Fuse model with an array '{TABLE}'; make one from the "
                f"authors' checkpoints with 'fusion_ros import-lutfuse'"
            )
        return cls.from_arrays(arrays.pop(TABLE), arrays)

    @classmethod
    def from_arrays(
        cls, table: NDArray[Any], generator: Mapping[str, NDArray[Any]]
    ) -> LutFuseModel:
        """Build a model from a checkpoint's arrays; a trailing axis of length 1 is dropped."""
        if table.ndim == 5 and table.shape[-1] == 1:
            table = table[..., 0]
        return cls(
            table=np.ascontiguousarray(table, dtype=np.float32),
            generator={
                name: np.ascontiguousarray(value, dtype=np.float32)
                for name, value in generator.items()
            },
        )


def expected_shapes() -> dict[str, tuple[int, ...]]:
    """Shape of every parameter of the context generator."""
    shapes: dict[str, tuple[int, ...]] = {}
    convolutions = [convolution for convolution, _ in HIDDEN_LAYERS] + [OUTPUT_LAYER]
    for name, inputs, outputs in zip(convolutions, _CHANNELS[:-1], _CHANNELS[1:], strict=True):
        shapes[f"{name}.weight"] = (outputs, inputs, 3, 3)
        shapes[f"{name}.bias"] = (outputs,)
    for (_, norm), outputs in zip(HIDDEN_LAYERS, _CHANNELS[1:-1], strict=True):
        shapes[f"{norm}.weight"] = shapes[f"{norm}.bias"] = (outputs,)
    return shapes
