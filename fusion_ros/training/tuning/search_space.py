# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which weights of the loss are searched for, and how far from those of a configuration."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from optuna import Trial

    from fusion_ros.training.training_config import TrainingConfig

# Weights are rounded before they are tried, so that a file says exactly what was tried.
DIGITS = 4


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """A range around each weight, even on a logarithmic scale.

    Attributes:
        centre: Term of the loss to its weight in the configuration.
        factor: Weights are between their centre over this and their centre times this.
    """

    centre: Mapping[str, float]
    factor: float

    def suggest(self, trial: Trial) -> dict[str, float]:
        """Weights for a trial."""
        return {
            name: _rounded(
                trial.suggest_float(name, weight / self.factor, weight * self.factor, log=True)
            )
            for name, weight in self.centre.items()
        }


def search_space(config: TrainingConfig[Any], terms: Sequence[str], factor: float) -> SearchSpace:
    """The space around a configuration.

    Args:
        config: With the weights to start from.
        terms: Of its section `loss`; none for all of them.
        factor: How far to search, more than 1.

    Raises:
        ConfigError: A term has no weight there, or the factor is out of range.
    """
    weights = {name: float(weight) for name, weight in config.loss.items() if weight > 0}
    unknown = sorted(set(terms) - set(weights))
    if unknown or not weights:
        raise ConfigError(
            f"tuning: the section 'loss' has no positive weight of {unknown or 'any term'}; it has "
            f"some of {sorted(weights)}"
        )
    if not (math.isfinite(factor) and factor > 1):
        raise ConfigError(f"tuning: expected a factor of more than 1, got {factor}")
    return SearchSpace({name: weights[name] for name in terms or sorted(weights)}, factor)


def with_weights(config: TrainingConfig[Any], weights: Mapping[str, float]) -> TrainingConfig[Any]:
    """A configuration with other weights of some terms of the loss."""
    rounded = {name: _rounded(weight) for name, weight in weights.items()}
    return dataclasses.replace(config, loss={**config.loss, **rounded})


def _rounded(weight: float) -> float:
    return float(f"{weight:.{DIGITS}g}")
