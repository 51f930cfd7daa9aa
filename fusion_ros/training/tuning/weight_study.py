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
from sqlalchemy.exc import SQLAlchemyError

from fusion_ros.errors import ConfigError, DivergenceError, FusionError
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
# One name for every kind of network, so that a study of another one is found, and refused.
STUDY = "weights of the loss"
# What a study, and trials, say of themselves.
FINGERPRINT, CENTRE, REASON = "fingerprint", "centre", "reason"
DONE = (TrialState.COMPLETE, TrialState.PRUNED)
# Of a trial that need not be asked for again.
KNOWN = (*DONE, TrialState.WAITING)


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
        """Train with some weights of the loss; mean reward over the folders to score on.

        Raises:
            DivergenceError: The loss is no number.
            ConfigError: The reward is none.
        """
        config = with_weights(self.config, weights)
        network = build_network(self.kind, config)
        train(network, config, self.images.pairs, (), self.options, self.images.steps)
        network.cpu().eval()
        scores = {
            source: validate(network, pairs)["scores"][REWARD]
            for source, pairs in self.held_out.items()
        }
        if not np.isfinite(list(scores.values())).all():
            raise ConfigError(
                f"tuning: expected rewards that are numbers, got {scores}; look for images there "
                f"that cannot be scored, such as empty ones"
            )
        return float(np.mean(list(scores.values())))

    def fingerprint(self, space: SearchSpace) -> str:
        """Text that is equal for studies whose trials belong together."""
        names = [
            pair.name for pairs in (self.images.pairs, *self.held_out.values()) for pair in pairs
        ]
        parts = [
            self.kind, self.config.fingerprint(), self.options.minutes, self.options.precision,
            dict(space.centre), space.factor, names,
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
    storage, fingerprint = f"sqlite:///{path}", task.fingerprint(space)
    study = _known_study(path, storage, fingerprint) if resume else _new_study(storage, fingerprint)
    if not any(CENTRE in trial.user_attrs and trial.state in KNOWN for trial in study.trials):
        # So that what is found is never worse than what is known.
        study.enqueue_trial(dict(space.centre), user_attrs={CENTRE: True})
    # Another seed for each part, lest a resumed study repeats what was tried first.
    study.sampler = optuna.samplers.TPESampler(seed=task.config.seed + len(study.trials))
    return study


def _new_study(storage: str, fingerprint: str) -> optuna.Study:
    study = optuna.create_study(storage=storage, study_name=STUDY, direction="maximize")
    study.set_user_attr(FINGERPRINT, fingerprint)
    return study


def _known_study(path: Path, storage: str, fingerprint: str) -> optuna.Study:
    try:
        study = optuna.load_study(storage=storage, study_name=STUDY)
    except (KeyError, SQLAlchemyError, optuna.exceptions.StorageInternalError) as err:
        raise ConfigError(
            f"{path}: expected the study of an earlier 'fusion_ros tune', but the file holds none "
            f"({err}); start anew in another folder"
        ) from err
    if study.user_attrs.get(FINGERPRINT) != fingerprint:
        raise ConfigError(
            f"{path}: is a study with another kind of network, another configuration, other "
            f"images, another precision or another range; resume with the same, or start anew in "
            f"another folder"
        )
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
        FusionError: A training cannot be done, or no trial has a reward.
    """

    def attempt(trial: optuna.Trial) -> float:
        done = trials_done(study)
        options = dataclasses.replace(
            task.options, on_progress=lambda share, _parts: on_progress(done + share)
        )
        weights = space.suggest(trial)
        try:
            return dataclasses.replace(task, options=options).reward(weights)
        except DivergenceError as err:
            # Weights with which the loss is no longer a number are a result, too.
            trial.set_user_attr(REASON, str(err))
            raise optuna.TrialPruned(str(err)) from err

    study.optimize(attempt, n_trials=max(trials - trials_done(study), 0))
    on_progress(trials_done(study))
    reasons = reasons_of_failures(study)
    if len(reasons) == trials_done(study):
        raise FusionError(
            f"tuning: expected a trial with a reward, but none of the {len(reasons)} has one; the "
            f"last of them: {reasons[-1] if reasons else 'none was made'}"
        )


def reasons_of_failures(study: optuna.Study) -> list[str]:
    """Of each trial that came to an end without a reward, why."""
    return [
        trial.user_attrs.get(REASON, "unknown")
        for trial in study.trials
        if trial.state == TrialState.PRUNED
    ]


def trials_done(study: optuna.Study) -> int:
    """Trials that came to an end, with a reward or without."""
    return sum(trial.state in DONE for trial in study.trials)
