# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The loss of a fused image against its two sources: a weighted sum of terms by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.errors import ConfigError
from fusion_ros.training.losses.brightness import imbalance, intensity
from fusion_ros.training.losses.edges import edge_loss, gradient
from fusion_ros.training.losses.fused_batch import FusedBatch
from fusion_ros.training.losses.information import (
    lost_information,
    lost_information_of_all_scales,
    lost_information_of_the_poorer,
)
from fusion_ros.training.losses.similarity import dissimilarity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

TERMS: Mapping[str, Callable[[FusedBatch], Tensor]] = {
    "intensity": intensity,
    "gradient": gradient,
    "edges": edge_loss,
    "structure": dissimilarity,
    "fidelity": lost_information,
    "fidelity_all_scales": lost_information_of_all_scales,
    "fidelity_poorer": lost_information_of_the_poorer,
    "balance": imbalance,
}


@dataclass(frozen=True, slots=True)
class FusionLoss:
    """Terms and what they weigh.

    Attributes:
        weights: Name in `TERMS` to weight; what is not named is not computed.
    """

    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        """Check the names; raises `ConfigError`."""
        require_known_terms("loss", self.weights, TERMS)

    def parts(self, fused: Tensor, luma: Tensor, thermal: Tensor) -> dict[str, Tensor]:
        """Weighted terms of a batch, scalars whose sum is the loss.

        Args:
            fused: (B, H, W) in [0, 1].
            luma: (B, H, W) in [0, 1].
            thermal: (B, H, W) in [0, 1].
        """
        batch = FusedBatch(fused, luma, thermal)
        return {name: weight * TERMS[name](batch) for name, weight in self.weights.items()}


def require_known_terms(
    section: str, weights: Mapping[str, float], known: Mapping[str, object]
) -> None:
    """Raise `ConfigError` for names that are not in a table of terms, and negative weights."""
    unknown = sorted(set(weights) - set(known))
    if unknown:
        raise ConfigError(f"{section}: unknown terms {unknown}; known are {sorted(known)}")
    for name, weight in weights.items():
        if not weight >= 0:
            raise ConfigError(f"{section}.{name}: expected a weight of 0 or more, got {weight}")
