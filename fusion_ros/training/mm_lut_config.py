# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hyper-parameters of an MM-LUT training run, from a YAML file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import yaml

from fusion_ros.backends.mm_lut.model import AXES, MAX_NODES
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class MmLutConfig:
    """One training run; ``config/training/mm_lut.yaml`` explains every value.

    Attributes:
        seed: Of everything random: initial network, pairs, crops and flips.
        nodes: Table nodes on each axis, 2 to 17.
        initial_slope: Slope of the initial soft maximum, in logits per full scale.
        channels: Width of the context network.
        dilations: One for each convolution of the context network [cells].
        crop_px: Side of the square crops, a multiple of 4 [px].
        long_side_px: Images with a longer side are halved until they fit [px].
        video_stride: Which share of a video's frames is used: every n-th.
        steps: Optimizer steps.
        batch: Crops in each step.
        table_rate: Initial learning rate of the table's logits.
        network_rate: Initial learning rate of the context network.
        intensity: Loss weight of following the brighter source.
        gradient: Loss weight of following the stronger gradient.
        structure: Loss weight of structural similarity to both sources.
        fidelity: Loss weight of keeping the information of both sources.
        balance: Loss weight of both sources adding what is their own.
        calmness: Loss weight of treating faint edges like none.
        smoothness: Loss weight of a smooth table.
    """

    seed: int
    nodes: tuple[int, int, int, int]
    initial_slope: float
    channels: int
    dilations: tuple[int, ...]
    crop_px: int
    long_side_px: int
    video_stride: int
    steps: int
    batch: int
    table_rate: float
    network_rate: float
    intensity: float
    gradient: float
    structure: float
    fidelity: float
    balance: float
    calmness: float
    smoothness: float

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if len(self.nodes) != len(AXES) or not all(2 <= n <= MAX_NODES for n in self.nodes):
            raise ConfigError(
                f"nodes: expected 2 to {MAX_NODES} on each of the axes {', '.join(AXES)}, "
                f"got {list(self.nodes)}"
            )
        if not self.dilations or min(self.dilations) < 1:
            raise ConfigError(f"dilations: expected values of 1 or more, got {self.dilations}")
        if self.crop_px < 16 or self.crop_px % CONTEXT_STRIDE_PX:
            raise ConfigError(
                f"crop_px: expected 16 or more and a multiple of {CONTEXT_STRIDE_PX}, "
                f"got {self.crop_px}"
            )
        for name in ("channels", "long_side_px", "video_stride", "steps", "batch"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name}: expected 1 or more, got {getattr(self, name)}")


def read_config(path: Path) -> MmLutConfig:
    """Read a configuration file.

    Raises:
        ConfigError: The file is missing or no YAML, a key is missing or unknown, or a value
            is out of its range.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as err:
        raise ConfigError(f"{path}: expected a YAML file with hyper-parameters ({err})") from err
    known = {item.name for item in fields(MmLutConfig)}
    found = set(values) if isinstance(values, dict) else set()
    if found != known:
        raise ConfigError(
            f"{path}: missing keys: {sorted(known - found) or 'none'}; "
            f"unknown keys: {sorted(found - known) or 'none'}"
        )
    for name in ("nodes", "dilations"):
        values[name] = tuple(values[name])
    return MmLutConfig(**values)
