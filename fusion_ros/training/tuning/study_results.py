# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a study leaves behind: all trials as a table, and the best weights as a configuration."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import yaml
from optuna.trial import TrialState

from fusion_ros.training.tuning.search_space import with_weights
from fusion_ros.training.tuning.weight_study import DONE, trials_done

if TYPE_CHECKING:
    from pathlib import Path

    import optuna

    from fusion_ros.training.training_config import TrainingConfig


def write_trials(study: optuna.Study, path: Path) -> None:
    """Write all trials as CSV; the reward is empty where there is none."""
    trials = [trial for trial in study.trials if trial.state in DONE]
    terms = list(trials[0].params)
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["trial", "reward", "seconds", *terms])
        for trial in trials:
            reward = f"{trial.value:.6f}" if trial.state == TrialState.COMPLETE else ""
            weights = [f"{trial.params[term]:.4g}" for term in terms]
            table.writerow(
                [trial.number, reward, round(trial.duration.total_seconds(), 1), *weights]
            )


def write_best_config(study: optuna.Study, config: TrainingConfig[Any], path: Path) -> None:
    """Write a configuration with the best weights, for ``--config``."""
    best = study.best_trial
    values = json.loads(with_weights(config, best.params).fingerprint())
    heading = (
        f"# Best of {trials_done(study)} trials, number {best.number}: reward {best.value:.4f}\n"
    )
    path.write_text(heading + yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
