# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the ablation: each changes one thing about the MM-LUT. One line a row."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from fusion_ros.training.ablation.lut_variant import LutVariant, LutVariantNetwork
from fusion_ros.training.network_shapes import MmLutShape, TinyCnnShape
from fusion_ros.training.networks.tiny_cnn import TinyCnn
from fusion_ros.training.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import nn

LutConfig: TypeAlias = TrainingConfig[MmLutShape]
RIVAL_CHANNELS = 4
RIVAL_RATE = 0.005


@dataclass(frozen=True, slots=True)
class AblationRow:
    """One row.

    Attributes:
        text: What differs, for the table.
        change: Configuration of the MM-LUT to that of the row.
        variant: How the table itself differs.
        taught: Whether the teachers take part.
    """

    text: str
    change: Callable[[LutConfig], TrainingConfig[Any]] = lambda config: config
    variant: LutVariant = field(default_factory=LutVariant)
    taught: bool = False

    def build(self, config: TrainingConfig[Any]) -> nn.Module:
        """An untrained network for the row's configuration."""
        if isinstance(config.network, TinyCnnShape):
            return TinyCnn(config.network)
        return LutVariantNetwork(config.network, self.variant)


def _shape(**changes: Any) -> Callable[[LutConfig], LutConfig]:
    def change(config: LutConfig) -> LutConfig:
        network = dataclasses.replace(config.network, **changes)
        return dataclasses.replace(config, network=network)

    return change


def _rival(output: Any) -> Callable[[LutConfig], TrainingConfig[Any]]:
    def change(config: LutConfig) -> TrainingConfig[Any]:
        return TrainingConfig(
            seed=config.seed,
            network=TinyCnnShape(RIVAL_CHANNELS, output, config.network.initial_slope),
            data=config.data,
            optimization=dataclasses.replace(config.optimization, rates={"network": RIVAL_RATE}),
            loss=config.loss,
            augmentation=config.augmentation,
            steadiness=config.steadiness,
        )

    return change


def _without_augmentation(config: LutConfig) -> LutConfig:
    return dataclasses.replace(config, augmentation={})


def _unsteady(config: LutConfig) -> LutConfig:
    return dataclasses.replace(config, steadiness=0.0)


def _taught_only(config: LutConfig) -> LutConfig:
    return dataclasses.replace(config, loss={})


ROWS: Mapping[str, AblationRow] = {
    "full": AblationRow("the MM-LUT"),
    "no-context": AblationRow("context held", variant=LutVariant(context=False)),
    "no-gradient": AblationRow("gradient held", variant=LutVariant(gradient=False)),
    "coarse": AblationRow("9 x 5 x 5 x 9 nodes", _shape(nodes=(9, 5, 5, 9))),
    "fine": AblationRow("17 nodes on every axis", _shape(nodes=(17, 17, 17, 17))),
    "two-contexts": AblationRow("2 nodes of context", _shape(nodes=(17, 9, 2, 17))),
    "corners": AblationRow("all 16 corners", variant=LutVariant(corners=True)),
    "context-2px": AblationRow("context of 2x2 blocks", variant=LutVariant(context_stride_px=2)),
    "context-8px": AblationRow("context of 8x8 blocks", variant=LutVariant(context_stride_px=8)),
    "narrow": AblationRow("context network of 4 channels", _shape(channels=4)),
    "wide": AblationRow("context network of 16 channels", _shape(channels=16)),
    "values": AblationRow("grey values instead of weights", variant=LutVariant(values=True)),
    "plain-data": AblationRow("crops not varied", _without_augmentation),
    "unsteady": AblationRow("not asked to be steady", _unsteady),
    "taught": AblationRow("loss and teacher", taught=True),
    "taught-only": AblationRow("teacher without loss", _taught_only, taught=True),
    "rival-weight": AblationRow("113-parameter network, weights", _rival("weight")),
    "rival-value": AblationRow("113-parameter network, grey values", _rival("value")),
}
