# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros tune``: searches for the weights of the loss."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from fusion_ros.cli.train_command import (
    Config,
    Data,
    Device,
    Minutes,
    Output,
    Precision,
    Resume,
    Seed,
    Threads,
    Video,
)

if TYPE_CHECKING:
    from pathlib import Path

    from optuna import Study

    from fusion_ros.training.training_config import TrainingConfig

# Of a trial, where the command line says nothing: enough to tell good weights from bad ones.
TRIAL_STEPS = 300
STUDY_NAME, TABLE_NAME, PICTURE_NAME = "tuning.sqlite", "tuning.csv", "tuning.png"


def tune(
    kind: Annotated[str, typer.Argument(help="Of network, as in 'fusion_ros train KIND'.")],
    data: Data,
    val: Annotated[list[str], typer.Option(help="Likewise, to score on.")],
    output: Output,
    video: Video = None,
    config: Config = None,
    term: Annotated[
        list[str] | None, typer.Option(help="Search its weight only; repeatable. Default: all.")
    ] = None,
    factor: Annotated[float, typer.Option(help="Up to so many times more or less.")] = 4.0,
    trials: Annotated[int, typer.Option(min=1, help="Trials in all.")] = 40,
    steps: Annotated[int, typer.Option(min=1, help="Of each trial.")] = TRIAL_STEPS,
    minutes: Minutes = None,
    seed: Seed = None,
    threads: Threads = None,
    device: Device = "auto",
    precision: Precision = "auto",
    resume: Resume = False,
) -> None:
    """Search for weights of the loss with which short trainings score best on --val."""
    from fusion_ros.cli.train_session import require_training_packages

    require_training_packages("optuna")
    from fusion_ros.training.data.image_pairs import read_pairs, read_training_images
    from fusion_ros.training.networks.registry import read_kind_config
    from fusion_ros.training.threads import use_threads
    from fusion_ros.training.training_run import RunOptions, choose_device
    from fusion_ros.training.tuning.search_space import search_space
    from fusion_ros.training.tuning.weight_study import TuningTask, open_study, search

    use_threads(threads)
    whole = read_kind_config(kind, config, seed)
    short = dataclasses.replace(
        whole, optimization=dataclasses.replace(whole.optimization, steps=steps)
    )
    space = search_space(short, term or (), factor)
    images = read_training_images(data, video or (), short)
    options = RunOptions(choose_device(device), minutes, precision=precision)
    task = TuningTask(kind, short, images, {source: read_pairs(source) for source in val}, options)
    output.mkdir(parents=True, exist_ok=True)
    study = open_study(output / STUDY_NAME, task, space, resume)
    console = Console()
    console.print(f"tuning {', '.join(space.centre)} of {kind} in {trials} trials")
    with Progress(console=console) as progress:
        bar = progress.add_task("trials", total=trials)
        search(study, task, space, trials, lambda done: progress.update(bar, completed=done))
    _write_results(study, whole, output / f"{kind.replace('-', '_')}_tuned.yaml", console)


def _write_results(
    study: Study, whole: TrainingConfig[Any], best_path: Path, console: Console
) -> None:
    """Write table, picture and best configuration beside each other, and say what was found."""
    from fusion_ros.training.tuning.study_pictures import draw_study
    from fusion_ros.training.tuning.study_results import write_best_config, write_trials
    from fusion_ros.training.tuning.weight_study import reasons_of_failures, trials_done

    write_trials(study, best_path.with_name(TABLE_NAME))
    write_best_config(study, whole, best_path)
    draw_study(study, best_path.with_name(PICTURE_NAME))
    console.print(f"{best_path}: reward {study.best_value:.4f} in trial {study.best_trial.number}")
    reasons = reasons_of_failures(study)
    if reasons:
        console.print(
            f"{len(reasons)} of {trials_done(study)} trials have no reward; the last: {reasons[-1]}"
        )
