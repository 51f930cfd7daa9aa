# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The study: trials one after the other, each a short training that is scored."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import optuna
from optuna.trial import TrialState

from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.training.networks.registry import build_network
from fusion_ros.training.results import validate
from fusion_ros.training.training_run import RunOptions, train
from fusion_ros.training.tuning.search_space import SearchSpace, with_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fusion_ros.training.data.image_pairs import ImagePair, TrainingImages
    from fusion_ros.training.training_config import TrainingConfig

REWARD = "reward"
FINGERPRINT = "fingerprint"
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True, slots=True)
class TuningTask:
    """What each trial does.

    Attributes:
        kind: Of `networks.registry`.
        config: With the number of steps of a trial.
        images: To train on.
        held_out: Folder to the pairs to score on.
        options: How to run.
    """

    kind: str
    config: TrainingConfig[Any]
    images: TrainingImages
    held_out: Mapping[str, list[ImagePair]]
    options: RunOptions

    def reward(self, weights: Mapping[str, float]) -> float:
        """Train with some weights of the loss; mean reward over the folders to score on."""
        config = with_weights(self.config, weights)
        network = build_network(self.kind, config)
        train(network, config, self.images.pairs, (), self.options, self.images.steps)
        network.cpu().eval()
        scores = [validate(network, pairs)["scores"][REWARD] for pairs in self.held_out.values()]
        return float(np.mean(scores))

    def fingerprint(self, space: SearchSpace) -> str:
        """Text that is equal for studies whose trials belong together."""
        names = [
            pair.name for pairs in (self.images.pairs, *self.held_out.values()) for pair in pairs
        ]
        parts = [
            self.kind, self.config.fingerprint(), self.options.minutes, dict(space.centre),
            space.factor, names,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def open_study(path: Path, task: TuningTask, space: SearchSpace, resume: bool) -> optuna.Study:
    """A new study, or the one that the file holds.

    Args:
        path: SQLite file.
        task: Of its trials.
        space: To search in.
        resume: Whether to go on with the one that is there.

    Raises:
        ConfigError: There is one but it is not to be resumed or is another, or there is none.
    """
    if path.exists() != resume:
        raise ConfigError(
            f"{path}: expected a study to resume"
            if resume
            else f"{path}: a study lies there; pass --resume to go on with it, or choose another "
            f"folder"
        )
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=f"sqlite:///{path}", study_name=task.kind, direction="maximize", load_if_exists=True
    )
    fingerprint = task.fingerprint(space)
    if study.user_attrs.setdefault(FINGERPRINT, fingerprint) != fingerprint:
        raise ConfigError(
            f"{path}: is a study with another configuration, other images or another range; resume "
            f"with the same, or start anew in another folder"
        )
    if not resume:
        study.set_user_attr(FINGERPRINT, fingerprint)
        # So that what is found is never worse than what is known.
        study.enqueue_trial(dict(space.centre))
    # Another seed for each part, lest a resumed study repeats what was tried first.
    study.sampler = optuna.samplers.TPESampler(seed=task.config.seed + len(study.trials))
    return study


def search(
    study: optuna.Study,
    task: TuningTask,
    space: SearchSpace,
    trials: int,
    on_progress: Callable[[float], None],
) -> None:
    """Try weights until the study has so many trials.

    Args:
        study: From `open_study`.
        task: Of each trial.
        space: To search in.
        trials: In all, with those of earlier parts of the study.
        on_progress: Called with the number of trials done, and the share of the one under way.

    Raises:
        FusionError: No trial came to an end.
    """

    def attempt(trial: optuna.Trial) -> float:
        done = _done(study)
        options = dataclasses.replace(
            task.options, on_progress=lambda share, _parts: on_progress(done + share)
        )
        try:
            return dataclasses.replace(task, options=options).reward(space.suggest(trial))
        except ConfigError:
            raise
        except FusionError as err:
            # Weights with which the loss becomes no number are a result, too.
            raise optuna.TrialPruned(str(err)) from err

    study.optimize(attempt, n_trials=max(trials - _done(study), 0))
    on_progress(_done(study))
    if not any(trial.state == TrialState.COMPLETE for trial in study.trials):
        raise FusionError("tuning: in none of the trials the loss stayed a number")


def _done(study: optuna.Study) -> int:
    return sum(trial.state in DONE for trial in study.trials)
