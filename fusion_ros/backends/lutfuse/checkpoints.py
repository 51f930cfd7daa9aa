# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads the files that the authors of LUT-Fuse publish."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.artifacts.array_file import read_arrays
from fusion_ros.backends.lutfuse.model import LutFuseModel
from fusion_ros.errors import ConfigError, ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

TORCH_SUFFIXES = (".pth", ".pt")


def read_checkpoints(table_path: Path, generator_path: Path) -> LutFuseModel:
    """Read a table (.npy) and a context generator (.npz, or .pth with torch installed).

    Raises:
        ConfigError: A .pth file was given and torch is not installed.
        ModelArtifactError: A file is missing, damaged, or of another network.
    """
    try:
        table = np.load(table_path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as err:
        raise ModelArtifactError(
            f"{table_path}: expected the table as a .npy file, but it cannot be read ({err})"
        ) from err
    if generator_path.suffix in TORCH_SUFFIXES:
        return LutFuseModel.from_arrays(table, _read_torch(generator_path))
    return LutFuseModel.from_arrays(table, read_arrays(generator_path))


def _read_torch(path: Path) -> Mapping[str, NDArray[Any]]:
    if importlib.util.find_spec("torch") is None:
        raise ConfigError(
            f"{path}: a torch checkpoint needs torch to be read: pip install torch, or give "
            f"the parameters as an .npz file"
        )
    import torch

    try:
        # Numbers only: a checkpoint must not be able to run code.
        state = torch.load(path, map_location="cpu", weights_only=True)
        return {name.removeprefix("module."): value.numpy() for name, value in state.items()}
    # torch reports damage and refusal by many types of exceptions.
    except Exception as err:
        raise ModelArtifactError(
            f"{path}: expected a torch state dictionary, but it cannot be read ({err})"
        ) from err
