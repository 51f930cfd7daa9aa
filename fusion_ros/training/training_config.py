# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a training run does, from a YAML file: one file for each published model."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar

import yaml

from fusion_ros.errors import ConfigError
from fusion_ros.training.network_shapes import require_positive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Shape = TypeVar("Shape")
Record = TypeVar("Record")
SMALLEST_CROP_PX = 48
# Every network takes images whose sides are multiples of this.
MULTIPLE_PX = 16
WHOLE: Final = "whole"


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Which crops are drawn.

    Attributes:
        crop_px: Side of the square crops, a multiple of 16 [px]; or `WHOLE` for whole images, of
            one size in each step.
        long_side_px: Images with a longer side are halved until they fit [px].
        video_stride: Which share of a video's frames is used as pairs: every n-th. For
            steadiness all are.
        night_share: Share of crops from dark images; None draws them as they come.
    """

    crop_px: int | Literal["whole"]
    long_side_px: int
    video_stride: int
    night_share: float | None = None

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        if self.crop_px != WHOLE and (
            self.crop_px < SMALLEST_CROP_PX or self.crop_px % MULTIPLE_PX
        ):
            raise ConfigError(
                f"crop_px: expected {SMALLEST_CROP_PX} or more and a multiple of {MULTIPLE_PX}, "
                f"or '{WHOLE}', got {self.crop_px}"
            )
        require_positive(self, "long_side_px", "video_stride")
        if self.night_share is not None and not 0 <= self.night_share <= 1:
            raise ConfigError(f"night_share: expected 0 to 1, got {self.night_share}")

    def smallest_side_px(self) -> int:
        """Images with a shorter side are not trained on."""
        return SMALLEST_CROP_PX if self.crop_px == WHOLE else self.crop_px


@dataclass(frozen=True, slots=True)
class Optimization:
    """AdamW without weight decay; rates fall to zero along a half cosine.

    Attributes:
        steps: Optimizer steps.
        batch: Crops in each step; of whole images as many as have the pixels of so many crops
            of 160x160, and one at least.
        rates: Initial learning rate of each group of parameters.
        averaging: Share of the running mean of all parameters that each step keeps; the mean
            is what is published. 0 publishes the parameters of the last step.
    """

    steps: int
    batch: int
    rates: Mapping[str, float]
    averaging: float = 0.0

    def __post_init__(self) -> None:
        """Check the values; raises `ConfigError`."""
        require_positive(self, "steps", "batch")
        if not 0 <= self.averaging < 1:
            raise ConfigError(f"averaging: expected 0 or more, less than 1, got {self.averaging}")


@dataclass(frozen=True, slots=True)
class TrainingConfig(Generic[Shape]):
    """One training run; the files in ``config/training`` explain every value.

    Attributes:
        seed: Of everything random: initial network, pairs, crops and their variation.
        network: Its size.
        data: Which crops are drawn.
        optimization: How the parameters move.
        loss: Weight of each term of the loss against both sources.
        penalties: Weight of each penalty on the table.
        distillation: Weight of each term of the loss against the teachers.
        augmentation: How crops are varied: name to share and strength.
        steadiness: Weight of how much changed weights change the fused image from a frame to the
            next, where both sources change by no more than a level.
    """

    seed: int
    network: Shape
    data: DataConfig
    optimization: Optimization
    loss: Mapping[str, float]
    penalties: Mapping[str, float] = field(default_factory=dict)
    distillation: Mapping[str, float] = field(default_factory=dict)
    augmentation: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    steadiness: float = 0.0

    def fingerprint(self) -> str:
        """Text that is equal for equal configurations."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


def read_config(path: Path, shape: type[Shape]) -> TrainingConfig[Shape]:
    """Read a configuration file.

    Args:
        path: A YAML file.
        shape: Record of the network's size.

    Raises:
        ConfigError: The file is missing or no YAML, a key is missing or unknown, or a value
            is out of its range.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise ConfigError(f"{path}: expected a YAML file with hyper-parameters ({err})") from err
    values = _section(values, str(path))
    sections: tuple[tuple[str, type], ...] = (
        ("network", shape), ("data", DataConfig), ("optimization", Optimization),
    )  # fmt: skip
    for name, record in sections:
        if name in values:
            values[name] = _record(record, values[name], f"{path}: {name}")
    config: TrainingConfig[Shape] = _record(TrainingConfig, values, str(path))
    return config


def _record(record: type[Record], values: object, where: str) -> Record:
    known = fields(record)  # type: ignore[arg-type]
    found = _section(values, where)
    required = {
        item.name for item in known if item.default is MISSING and item.default_factory is MISSING
    }
    missing, unknown = required - set(found), set(found) - {item.name for item in known}
    if missing or unknown:
        raise ConfigError(
            f"{where}: missing keys: {sorted(missing) or 'none'}; "
            f"unknown keys: {sorted(unknown) or 'none'}"
        )
    try:
        return record(**{key: _frozen(value) for key, value in found.items()})
    except TypeError as err:
        raise ConfigError(f"{where}: a value is of the wrong kind ({err})") from err
    except ConfigError as err:
        raise ConfigError(f"{where}: {err}") from err


def _section(values: object, where: str) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ConfigError(f"{where}: expected keys and values, got {values!r}")
    return dict(values)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
