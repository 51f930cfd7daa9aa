# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A training run on disk, to go on with after it was stopped."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """State of a run between two steps.

    Attributes:
        fingerprint: Of its configuration and data.
        step: Steps done.
        seconds: Wall time spent [s].
        network: State of the network.
        average: Running mean of its parameters; empty where none is kept.
        optimizer: State of the optimizer.
        names: Names of the parts of the loss.
        history: (steps, parts) values of all parts.
    """

    fingerprint: str
    step: int
    seconds: float
    network: dict[str, Tensor]
    average: list[Tensor]
    optimizer: dict[str, Any]
    names: list[str]
    history: Tensor


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; whoever reads at any moment finds the old or the new one, whole."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as stream:
        torch.save({name: getattr(checkpoint, name) for name in Checkpoint.__slots__}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint; only plain values and tensors are ever unpickled.

    Raises:
        ModelArtifactError: The file is missing or damaged.
    """
    try:
        values = torch.load(path, map_location="cpu", weights_only=True)
        return Checkpoint(**values)
    except (OSError, TypeError, EOFError, RuntimeError, pickle.UnpicklingError) as err:
        raise ModelArtifactError(
            f"{path}: expected the checkpoint of a training run, but it cannot be read ({err}); "
            f"start anew without --resume"
        ) from err
