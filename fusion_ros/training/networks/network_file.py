# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Trained networks as plain arrays in .npz files."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from fusion_ros.artifacts.array_file import read_arrays, write_arrays
from fusion_ros.errors import ConfigError, ModelArtifactError
from fusion_ros.training.networks.registry import NETWORKS

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from fusion_ros.training.network_shapes import NetworkShape

KIND, SHAPE = "kind", "shape"
PARAMETER = "parameter."


def save_network(path: Path, kind: str, shape: NetworkShape, network: nn.Module) -> None:
    """Write a network of `NETWORKS` with all that is needed to build it again."""
    arrays: dict[str, Any] = {
        KIND: np.array(kind),
        SHAPE: np.array(json.dumps(dataclasses.asdict(shape))),
    }
    write_arrays(path, arrays | _parameters(network))


def write_parameters(path: Path, network: nn.Module) -> None:
    """Write the parameters of any network, which only its own code can use."""
    write_arrays(path, _parameters(network))


def _parameters(network: nn.Module) -> dict[str, Any]:
    return {
        PARAMETER + name: values.detach().cpu().numpy()
        for name, values in network.state_dict().items()
    }


def load_network(path: Path, kind: str) -> nn.Module:
    """Read a network that `save_network` wrote.

    Raises:
        ModelArtifactError: The file is missing, damaged, or of another kind.
    """
    arrays = read_arrays(path)
    found = str(arrays.get(KIND, "no network"))
    if found != kind:
        raise ModelArtifactError(
            f"{path}: expected a network made by 'fusion_ros train {kind}', got {found}"
        )
    try:
        values = json.loads(str(arrays[SHAPE]))
        shape = NETWORKS[kind].shape(
            **{key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}
        )
        network = NETWORKS[kind].build(shape)
        network.load_state_dict({
            name.removeprefix(PARAMETER): torch.from_numpy(values)
            for name, values in arrays.items()
            if name.startswith(PARAMETER)
        })  # fmt: skip
    except (KeyError, TypeError, ValueError, RuntimeError, ConfigError) as err:
        raise ModelArtifactError(f"{path}: a network of kind {kind} is damaged ({err})") from err
    return network.eval()
