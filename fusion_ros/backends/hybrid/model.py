# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the hybrid has learned: the convolutions of a small U-Net, in a safetensors file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.artifacts.tensor_file import read_tensors, write_tensors
from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

KIND = "hybrid guidance network"
REMEDY = "reinstall it, or train it anew with 'fusion_ros train hybrid'"
STRIDES_PX = (2, 4)
FEATURES = 4
# Of each block: a logit, and what each grey level that thermal is brighter adds to it at a pixel.
OUTPUTS = 2


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution.

    Attributes:
        weight: (out, in, k, k) float32; k is 3 or 1.
        bias: (out,) float32.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class HybridModel:
    """A trained guidance network, its normalization folded into its convolutions.

    Attributes:
        stride_px: Side of the square blocks of pixels that the network sees, 2 or 4.
        down: For each level, from the finest: two convolutions of 3x3.
        up: For each level but the coarsest, from the finest: two convolutions of 3x3, which take
            the channels from below and then those of the level itself.
        head: A convolution of 1x1 to two channels, see `OUTPUTS`; it takes the channels of the
            finest level and then the features themselves.
    """

    stride_px: int
    down: tuple[tuple[Convolution, Convolution], ...]
    up: tuple[tuple[Convolution, Convolution], ...]
    head: Convolution

    def __post_init__(self) -> None:
        """Check shapes and values; raises `ModelArtifactError`."""
        _check(self)

    @property
    def multiple_px(self) -> int:
        """Images are widened to multiples of this, their borders replicated."""
        return self.stride_px * 2 ** len(self.up)

    def save(self, path: Path) -> None:
        """Write the model as a safetensors file."""
        tensors = {}
        for name, convolution in _named(self).items():
            tensors[f"{name}.weight"] = convolution.weight
            tensors[f"{name}.bias"] = convolution.bias
        facts = {"stride_px": self.stride_px, "levels": len(self.down)}
        write_tensors(path, tensors, {"kind": KIND, "shape": json.dumps(facts)})

    @classmethod
    def load(cls, path: Path) -> HybridModel:
        """Read a model.

        Raises:
            ModelArtifactError: The file is missing, damaged or no hybrid model.
        """
        tensors, facts = read_tensors(path)
        if facts.get("kind") != KIND:
            raise ModelArtifactError(
                f"{path}: expected a {KIND}, which 'fusion_ros train hybrid' makes, got "
                f"{facts.get('kind', 'another safetensors file')!r}"
            )
        try:
            shape = json.loads(facts["shape"])
            levels, stride_px = int(shape["levels"]), int(shape["stride_px"])
            return cls(
                stride_px,
                tuple(_pair(tensors, f"down.{level}") for level in range(levels)),
                tuple(_pair(tensors, f"up.{level}") for level in range(levels - 1)),
                _convolution(tensors, "head"),
            )
        except KeyError as err:
            raise ModelArtifactError(f"{path}: tensor or fact {err} is missing; {REMEDY}") from err
        except (TypeError, ValueError, OverflowError, ModelArtifactError) as err:
            raise ModelArtifactError(
                f"{path}: damaged, or of another version ({err}); {REMEDY}"
            ) from err


def _named(model: HybridModel) -> dict[str, Convolution]:
    named = {"head": model.head}
    for part, levels in (("down", model.down), ("up", model.up)):
        for level, pair in enumerate(levels):
            named |= {f"{part}.{level}.{index}": each for index, each in enumerate(pair)}
    return named


def _pair(tensors: Mapping[str, NDArray[np.float32]], name: str) -> tuple[Convolution, Convolution]:
    return _convolution(tensors, f"{name}.0"), _convolution(tensors, f"{name}.1")


def _convolution(tensors: Mapping[str, NDArray[np.float32]], name: str) -> Convolution:
    return Convolution(tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def _check(model: HybridModel) -> None:
    if model.stride_px not in STRIDES_PX or len(model.up) != len(model.down) - 1:
        raise ModelArtifactError(
            f"hybrid: expected blocks of {' or '.join(map(str, STRIDES_PX))} pixels and one level "
            f"less upwards than downwards, got {model.stride_px}, {len(model.down)} and "
            f"{len(model.up)}"
        )
    widths = [second.bias.size for _, second in model.down]
    entries = [FEATURES, *widths[:-1]]
    expected = {"head": (OUTPUTS, widths[0] + FEATURES, 1, 1)}
    for level, (entry, width) in enumerate(zip(entries, widths, strict=True)):
        expected[f"down.{level}.0"] = (width, entry, 3, 3)
        expected[f"down.{level}.1"] = (width, width, 3, 3)
        if level < len(model.up):
            expected[f"up.{level}.0"] = (width, widths[level + 1] + width, 3, 3)
            expected[f"up.{level}.1"] = (width, width, 3, 3)
    for name, convolution in _named(model).items():
        weight, bias = convolution.weight, convolution.bias
        fits = weight.shape == expected[name] and bias.shape == expected[name][:1]
        if not fits or {weight.dtype, bias.dtype} != {np.dtype(np.float32)}:
            raise ModelArtifactError(
                f"hybrid: expected {name} of shape {expected[name]} in float32, got weights "
                f"{weight.shape} in {weight.dtype} and biases {bias.shape} in {bias.dtype}"
            )
        if not (np.isfinite(weight).all() and np.isfinite(bias).all()):
            raise ModelArtifactError(f"hybrid: values of {name} are not finite")
