# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Several bags: where their results go, and one task for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.bag_reader import RECOVERIES
from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.replay.session import replay_bag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from fusion_ros.replay.session import ReplayOptions


@dataclass(frozen=True, slots=True)
class ReplayTask:
    """One bag to replay; the paths are absolute, so that any process can follow them.

    Attributes:
        bag: Bag folder or file.
        folder: For the results.
        options: How to replay.
    """

    bag: Path
    folder: Path
    options: ReplayOptions


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What came of a task.

    Attributes:
        task: It.
        metrics: All figures but the series, which are in the folder; None if there are none.
        error: Why there are none; empty if there are.
    """

    task: ReplayTask
    metrics: Mapping[str, Any] | None
    error: str = ""


def plan_tasks(bags: Sequence[Path], output: Path, options: ReplayOptions) -> list[ReplayTask]:
    """A task for each bag; several bags get a folder each, called like the bag.

    Raises:
        ConfigError: Two bags have the same name.
    """
    output = output.resolve()
    if len(bags) == 1:
        return [ReplayTask(bags[0].resolve(), output, options)]
    tasks: dict[Path, ReplayTask] = {}
    for bag in bags:
        # A name may hold dots: only the suffix of a bag's file is none of it.
        path = bag.resolve()
        folder = output / (path.stem if path.suffix in RECOVERIES else path.name)
        if folder in tasks:
            raise ConfigError(
                f"expected bags of different names, got {tasks[folder].bag} and {bag}, whose "
                f"results would both go to {folder}; replay them one by one, each with its own "
                f"--output"
            )
        tasks[folder] = ReplayTask(path, folder, options)
    return list(tasks.values())


def run_task(
    task: ReplayTask, advance: Callable[[int], None] = lambda total: None
) -> ReplayOutcome:
    """Replay a bag; an error becomes part of the outcome, for it is no reason to stop others."""
    try:
        metrics = replay_bag(task.bag, task.folder, task.options, advance)
    except (FusionError, OSError) as err:
        return ReplayOutcome(task, None, str(err))
    return ReplayOutcome(task, {name: part for name, part in metrics.items() if name != "series"})
