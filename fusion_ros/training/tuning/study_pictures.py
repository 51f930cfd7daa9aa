# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of a study: reward over each weight, and over the two that matter most."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import optuna
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.trial import TrialState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

GRID = 60
# Width of the kernel that spreads a trial's reward over the map, as a share of its sides.
KERNEL = 0.12


def terms_by_importance(study: optuna.Study) -> list[str]:
    """Terms, the one that decides most about good trials first."""
    names = list(study.best_trial.params)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            found = get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())
        except (RuntimeError, ValueError):
            # Too few trials to tell.
            return names
    return sorted(names, key=lambda name: -found.get(name, 0.0))


def draw_study(study: optuna.Study, path: Path) -> None:
    """Draw a map over the two most important weights, where there are two, and every weight."""
    # A figure of its own, without pyplot: works without a display and leaves no global state.
    from matplotlib.figure import Figure

    trials = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    rewards = np.array([trial.value for trial in trials])
    terms = terms_by_importance(study)
    weights = {term: np.array([trial.params[term] for trial in trials]) for term in terms}
    panels = len(terms) + (len(terms) > 1)
    figure = Figure(figsize=(4.2 * panels, 3.6), layout="constrained")
    axes = list(figure.subplots(1, panels, squeeze=False)[0])
    if len(terms) > 1:
        _draw_map(axes.pop(0), terms[:2], [weights[term] for term in terms[:2]], rewards)
    best = int(rewards.argmax())
    for panel, term in zip(axes, terms, strict=True):
        panel.scatter(weights[term], rewards, s=14)
        panel.scatter(weights[term][best], rewards[best], s=60, marker="*", color="C3")
        panel.set(xscale="log", xlabel=f"weight of {term}", ylabel="reward")
        _label_few(panel.xaxis)
        panel.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def _draw_map(
    panel: Any,
    terms: Sequence[str],
    weights: Sequence[NDArray[np.float64]],
    rewards: NDArray[np.float64],
) -> None:
    places = [np.log(values) for values in weights]
    sides = [np.linspace(values.min(), values.max(), GRID) for values in places]
    drawn = panel.pcolormesh(
        *(np.exp(side) for side in sides), reward_map(places, rewards, sides), shading="gouraud"
    )
    panel.scatter(*weights, c=rewards, edgecolors="white", s=26, norm=drawn.norm, cmap=drawn.cmap)
    panel.set(
        xscale="log", yscale="log", xlabel=f"weight of {terms[0]}", ylabel=f"weight of {terms[1]}"
    )
    _label_few(panel.xaxis)
    _label_few(panel.yaxis)
    panel.figure.colorbar(drawn, ax=panel, label="reward")


def _label_few(axis: Any) -> None:
    """Label 1, 2 and 5 of each decade: a range is often shorter than a decade."""
    from matplotlib.ticker import LogLocator, NullLocator

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_locator(NullLocator())


def reward_map(
    places: Sequence[NDArray[np.float64]],
    rewards: NDArray[np.float64],
    sides: Sequence[NDArray[np.float64]],
) -> NDArray[np.float64]:
    """Reward over a grid: at each point the mean of all trials, the nearest weighing most.

    Args:
        places: Two coordinates of the trials.
        rewards: Of the trials.
        sides: Two coordinates of the grid.

    Returns:
        (second side, first side).
    """
    distances = [
        (side[:, None] - place) / max(float(np.ptp(side)), 1e-9) / KERNEL
        for side, place in zip(sides, places, strict=True)
    ]
    squares = distances[1][:, None] ** 2 + distances[0][None] ** 2
    # The nearest trial weighs 1, so that far from all of them nothing is divided by zero.
    kernel = np.exp(0.5 * (squares.min(axis=2, keepdims=True) - squares))
    return np.asarray((kernel * rewards).sum(axis=2) / kernel.sum(axis=2), dtype=np.float64)
