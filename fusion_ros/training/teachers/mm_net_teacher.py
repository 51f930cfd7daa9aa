# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The MM-Net as a teacher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.errors import ConfigError
from fusion_ros.training.networks.network_file import load_network

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor


def load_mm_net(path: Path | None) -> Callable[[Tensor, Tensor], Tensor]:
    """Load a network that ``fusion_ros train mm-net`` wrote.

    Raises:
        ConfigError: No path is given.
        ModelArtifactError: The file is not usable.
    """
    if path is None:
        raise ConfigError("teacher mm-net: expected mm-net:PATH with the path of its .npz file")
    return load_network(path, "mm-net")
