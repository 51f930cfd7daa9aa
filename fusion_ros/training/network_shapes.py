# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Sizes of the networks that can be trained, as their configuration files give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fusion_ros.backends.hybrid.model import STRIDES_PX
from fusion_ros.backends.mm_lut.model import AXES, MAX_NODES
from fusion_ros.errors import ConfigError


@dataclass(frozen=True, slots=True)
class MmLutShape:
    """Size of an MM-LUT.

    Attributes:
        nodes: Table nodes on each axis, 2 to 17.
        initial_slope: Slope of the initial soft maximum, in logits per full scale.
        channels: Width of the context network.
        dilations: One for each convolution of the context network [cells].
    """

    nodes: tuple[int, int, int, int]
    initial_slope: float
    channels: int
    dilations: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if len(self.nodes) != len(AXES) or not all(2 <= n <= MAX_NODES for n in self.nodes):
            raise ConfigError(
                f"nodes: expected 2 to {MAX_NODES} on each of the axes {', '.join(AXES)}, "
                f"got {list(self.nodes)}"
            )
        if not self.dilations or min(self.dilations) < 1:
            raise ConfigError(f"dilations: expected values of 1 or more, got {self.dilations}")
        require_positive(self, "channels")


@dataclass(frozen=True, slots=True)
class MmNetShape:
    """Size of the MM-Net.

    Attributes:
        widths: Channels at a half, a quarter, … of the resolution; one level each.
        detail_channels: Channels at full resolution.
        initial_slope: Slope of the initial soft maximum, in logits per full scale.
    """

    widths: tuple[int, ...]
    detail_channels: int
    initial_slope: float

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if len(self.widths) < 2 or min(self.widths) < 1:
            raise ConfigError(f"widths: expected two or more of 1 or more, got {self.widths}")
        require_positive(self, "detail_channels")


@dataclass(frozen=True, slots=True)
class HybridShape:
    """Size of the hybrid's guidance network.

    Attributes:
        stride_px: Side of the blocks of pixels that it sees: 2 or 4.
        widths: Channels on the grid of blocks, on half of it, …; one level each.
        initial_slope: Slope of the initial soft maximum, in logits per full scale.
        normalized: Whether batches are normalized while it is trained.
    """

    stride_px: int
    widths: tuple[int, ...]
    initial_slope: float
    normalized: bool

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if self.stride_px not in STRIDES_PX:
            raise ConfigError(f"stride_px: expected one of {STRIDES_PX}, got {self.stride_px}")
        if not self.widths or min(self.widths) < 1:
            raise ConfigError(f"widths: expected one or more of 1 or more, got {self.widths}")


@dataclass(frozen=True, slots=True)
class PaperUnetShape:
    """Size of the HybridFusion paper's guidance network.

    Attributes:
        widths: Channels at the full resolution, at half of it, …
    """

    widths: tuple[int, ...]

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if len(self.widths) < 2 or min(self.widths) < 1:
            raise ConfigError(f"widths: expected two or more of 1 or more, got {self.widths}")


@dataclass(frozen=True, slots=True)
class TinyCnnShape:
    """Size of a network of two 3x3 convolutions.

    Attributes:
        channels: Between the two; 4 make 113 parameters.
        output: ``weight`` blends both sources, ``value`` is the fused grey itself.
        initial_slope: Slope of the initial soft maximum; only for weights.
    """

    channels: int
    output: Literal["weight", "value"]
    initial_slope: float

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        require_positive(self, "channels")
        if self.output not in ("weight", "value"):
            raise ConfigError(f"output: expected 'weight' or 'value', got {self.output!r}")


NetworkShape = HybridShape | MmLutShape | MmNetShape | PaperUnetShape | TinyCnnShape


def require_positive(record: object, *names: str) -> None:
    """Raise `ConfigError` for attributes below 1."""
    for name in names:
        if getattr(record, name) < 1:
            raise ConfigError(f"{name}: expected 1 or more, got {getattr(record, name)}")
