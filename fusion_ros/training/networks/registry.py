# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The networks that can be trained: one line each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import torch

from fusion_ros.artifacts.resources import resource
from fusion_ros.errors import ConfigError
from fusion_ros.training.network_shapes import (
    HybridShape,
    MmLutShape,
    MmNetShape,
    PaperUnetShape,
    TinyCnnShape,
)
from fusion_ros.training.networks.guidance_network import HybridNetwork
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork
from fusion_ros.training.networks.mm_net import MmNet
from fusion_ros.training.networks.paper_unet import PaperUnet
from fusion_ros.training.networks.tiny_cnn import TinyCnn
from fusion_ros.training.training_config import read_config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from torch import nn

    from fusion_ros.training.training_config import TrainingConfig

TABLE_GROUP = "table"
NETWORK_GROUP = "network"


@dataclass(frozen=True, slots=True)
class NetworkKind:
    """A kind of network.

    Attributes:
        shape: Record of its size.
        build: Makes an untrained one; a module that maps luma and thermal, (B, H, W) in 0..255
            and multiples of its `multiple_px`, to the fused grey.
        config: Hyper-parameters of the published model, as a resource of the package.
        suffix: Of the file that holds a trained one.
    """

    shape: type
    build: Callable[[Any], nn.Module]
    config: str
    suffix: str = ".npz"


@runtime_checkable
class Deployable(Protocol):
    """A network that is deployed in a form of its own."""

    def to_model(self) -> SavedModel:
        """What is deployed."""


class SavedModel(Protocol):
    """What backends load."""

    def save(self, path: Path) -> None:
        """Write it to a file."""


NETWORKS: Mapping[str, NetworkKind] = {
    "hybrid": NetworkKind(
        HybridShape, HybridNetwork, "config/training/hybrid.yaml", ".safetensors"
    ),
    "hybrid-unet": NetworkKind(PaperUnetShape, PaperUnet, "config/training/hybrid_unet.yaml"),
    "mm-lut": NetworkKind(MmLutShape, MmLutNetwork, "config/training/mm_lut.yaml"),
    "mm-net": NetworkKind(MmNetShape, MmNet, "config/training/mm_net.yaml"),
    "rival": NetworkKind(TinyCnnShape, TinyCnn, "config/training/rival.yaml"),
}


def read_kind_config(kind: str, path: Path | None, seed: int | None) -> TrainingConfig[Any]:
    """Hyper-parameters for a kind of network.

    Args:
        kind: Of `NETWORKS`.
        path: A YAML file; None for those of the published model.
        seed: Instead of the file's.

    Raises:
        ConfigError: The kind is unknown, or the file is not usable.
    """
    if kind not in NETWORKS:
        raise ConfigError(f"kind '{kind}': expected one of {', '.join(NETWORKS)}")
    network = NETWORKS[kind]
    found: TrainingConfig[Any] = read_config(path or resource(network.config), network.shape)
    return found if seed is None else dataclasses.replace(found, seed=seed)


def build_network(kind: str, config: TrainingConfig[Any]) -> nn.Module:
    """An untrained network of `NETWORKS`; its random numbers come from the seed alone."""
    torch.manual_seed(config.seed)
    return NETWORKS[kind].build(config.network)


def parameter_groups(network: nn.Module, rates: Mapping[str, float]) -> list[dict[str, Any]]:
    """Parameters with their learning rates, for an optimizer.

    Args:
        network: Any of the kinds above.
        rates: Group to rate.

    Raises:
        ConfigError: A group of the network has no rate, or a rate no group.
    """
    groups: dict[str, list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault(TABLE_GROUP if name == "change" else NETWORK_GROUP, []).append(parameter)
    if set(groups) != set(rates):
        raise ConfigError(
            f"optimization.rates: expected a rate for each of {sorted(groups)}, got {sorted(rates)}"
        )
    return [{"params": members, "lr": float(rates[name])} for name, members in groups.items()]
