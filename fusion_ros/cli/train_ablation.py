# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train ablation``: what each part of the MM-LUT is worth."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress


def train_ablation(
    data: Annotated[list[str], typer.Option(help="FOLDER or LAYOUT:FOLDER; repeatable.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for all results.")],
    val: Annotated[list[str] | None, typer.Option(help="Likewise, to score on.")] = None,
    val_video: Annotated[
        list[str] | None, typer.Option(help="Consecutive frames, to score on; with flicker.")
    ] = None,
    video: Annotated[list[str] | None, typer.Option(help="Consecutive frames.")] = None,
    config: Annotated[Path | None, typer.Option(help="Of the MM-LUT.")] = None,
    teacher: Annotated[list[str] | None, typer.Option(help="For the rows with one.")] = None,
    row: Annotated[list[str] | None, typer.Option(help="Only these; repeatable.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many.")] = 3,
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the file's.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Trials at once.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, …")] = "auto",
) -> None:
    """Train and score variants of the MM-LUT and two rivals; done trials are skipped."""
    from fusion_ros.cli.train_session import require_training_packages

    require_training_packages()
    from fusion_ros.artifacts.resources import resource
    from fusion_ros.errors import ConfigError
    from fusion_ros.training.ablation.study import choose_rows, run_study
    from fusion_ros.training.ablation.trial import Trial
    from fusion_ros.training.networks.registry import NETWORKS

    if not (val or val_video):
        raise ConfigError("ablation: expected at least one --val or --val-video to score on")
    cores = len(os.sched_getaffinity(0))
    jobs = jobs or cores
    path = config or resource(NETWORKS["mm-lut"].config)
    trials = [
        Trial(
            name, seed, path, steps, tuple(data), tuple(video or ()), tuple(val or ()),
            tuple(val_video or ()),
            tuple(teacher or ()), output, device, max(cores // jobs, 1),
        )
        for seed in range(seeds)
        for name in choose_rows(row or (), bool(teacher))
    ]  # fmt: skip
    console = Console()
    with Progress(console=console) as progress:
        task = progress.add_task("trials", total=len(trials))
        run_study(trials, output, jobs, partial(progress.advance, task))
    console.print(f"{output / 'ablation.md'}: {len(trials)} trials")
