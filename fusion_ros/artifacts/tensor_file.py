# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Named tensors in a safetensors file: plain numbers, nothing that could be run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from fusion_ros.errors import ModelArtifactError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


def write_tensors(
    path: Path, tensors: Mapping[str, NDArray[Any]], facts: Mapping[str, str]
) -> None:
    """Write arrays, and facts about them as text."""
    # Not save_file: what that writes only its owner can read.
    path.write_bytes(save(dict(tensors), dict(facts)))


def read_tensors(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Read arrays and the facts about them.

    Raises:
        ModelArtifactError: The file is missing, damaged or of another kind.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}
            return tensors, dict(file.metadata() or {})
    except (OSError, TypeError, SafetensorError) as err:  # NumPy has no bfloat16
        raise ModelArtifactError(
            f"{path}: expected a safetensors file ({err}); reinstall it or make it anew"
        ) from err
