# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hybrid as a teacher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.training.networks.guidance_network import HybridNetwork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import Tensor


def load_hybrid(path: Path | None) -> Callable[[Tensor, Tensor], Tensor]:
    """Load a model that ``fusion_ros train hybrid`` wrote; None for the one that is shipped.

    Raises:
        ModelArtifactError: The file is not usable.
    """
    artifact = resolve_model("hybrid", path)
    assert artifact is not None, "the hybrid always has a model"
    return HybridNetwork.from_model(HybridModel.load(artifact.path)).eval()
