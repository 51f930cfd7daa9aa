# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What `fusion_ros replay` shows while it works, and at its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fusion_ros.errors import BagError, ThresholdError
from fusion_ros.parallel.task_runner import run_tasks
from fusion_ros.replay.batch import ReplayOutcome, run_task
from fusion_ros.replay.session import FUSED_BAG, METRICS, REPORT
from fusion_ros.replay.tables import (
    bags_table,
    frames_table,
    missed_thresholds,
    scores_table,
    stages_table,
    thresholds_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from fusion_ros.replay.batch import ReplayTask


def show_progress(
    tasks: Sequence[ReplayTask], jobs: int, scheduler: str | None
) -> list[ReplayOutcome]:
    """Run all tasks under a progress bar; prints each bag's figures as they come.

    Returns:
        The outcomes in the order of the tasks.
    """
    console = Console()
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    outcomes: dict[int, ReplayOutcome] = {}
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        here = scheduler is None and (jobs == 1 or len(tasks) == 1)
        ended = (
            _one_by_one(tasks, progress) if here else _together(tasks, jobs, scheduler, progress)
        )
        for number, outcome in ended:
            outcomes[number] = outcome
            _print_outcome(outcome, console)
    ordered = [outcomes[number] for number in sorted(outcomes)]
    if len(ordered) > 1:
        console.print(bags_table(ordered))
    return ordered


def finish(outcomes: Sequence[ReplayOutcome], json_path: Path | None) -> None:
    """Write all figures to a file if that is wanted, and end with an error if there is one.

    Raises:
        BagError: A bag could not be replayed, or nothing was fused.
        ThresholdError: A limit was missed.
    """
    figures = [outcome.metrics for outcome in outcomes if outcome.metrics is not None]
    if json_path is not None:
        document = figures[0] if len(outcomes) == len(figures) == 1 else figures
        json_path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    failed = [outcome for outcome in outcomes if outcome.metrics is None]
    if len(outcomes) == len(failed) == 1:
        raise BagError(failed[0].error)
    if failed:
        names = ", ".join(outcome.task.bag.name for outcome in failed)
        raise BagError(f"{len(failed)} of {len(outcomes)} bags could not be replayed: {names}")
    missed = [
        f"{metrics['bag']['name']}: {line}" if len(figures) > 1 else line
        for metrics in figures
        for line in missed_thresholds(metrics)
    ]
    if missed:
        raise ThresholdError(f"thresholds missed: {'; '.join(missed)}")
    if not any(metrics["pairs"]["fused"] for metrics in figures):
        raise BagError("nothing was fused: the account above says what became of the frames")


def _one_by_one(
    tasks: Sequence[ReplayTask], progress: Progress
) -> Iterator[tuple[int, ReplayOutcome]]:
    for number, task in enumerate(tasks):
        bar = progress.add_task(f"replaying {escape(task.bag.name)}", total=None)

        def advance(total: int, bar: Any = bar) -> None:
            progress.update(bar, advance=1, total=total)

        yield number, run_task(task, advance)
        progress.remove_task(bar)


def _together(
    tasks: Sequence[ReplayTask], jobs: int, scheduler: str | None, progress: Progress
) -> Iterator[tuple[int, ReplayOutcome]]:
    bar = progress.add_task(f"replaying {len(tasks)} bags", total=len(tasks))
    for number, outcome in run_tasks(run_task, tasks, jobs=jobs, scheduler=scheduler):
        progress.advance(bar)
        yield number, outcome


def _print_outcome(outcome: ReplayOutcome, console: Console) -> None:
    if outcome.metrics is None:
        console.print(f"{outcome.task.bag.name}: {outcome.error}", style="red", markup=False)
        return
    metrics: Mapping[str, Any] = outcome.metrics
    console.rule(escape(outcome.task.bag.name))
    for warning in metrics["warnings"]:
        console.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    console.print(frames_table(metrics))
    if metrics["pairs"]["fused"]:
        console.print(stages_table(metrics))
    if metrics["scores"]:
        console.print(scores_table(metrics))
    if metrics["thresholds"]:
        console.print(thresholds_table(metrics))
    for reason in metrics["reasons"]:
        console.print(f"refused: {reason}", style="yellow", markup=False, soft_wrap=True)
    pairs, folder = metrics["pairs"], outcome.task.folder
    console.print(
        f"{pairs['fused']} of {pairs['made']} pairs fused; open {folder / REPORT} in a browser and "
        f"{folder / FUSED_BAG} in Foxglove; figures in {folder / METRICS}",
        markup=False,
        soft_wrap=True,
    )
