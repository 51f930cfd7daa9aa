# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All rows of an ablation with all seeds, and the documents about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fusion_ros.errors import ConfigError
from fusion_ros.parallel.task_runner import run_tasks
from fusion_ros.training.ablation.document import markdown, summarize, write_crops
from fusion_ros.training.ablation.rows import ROWS
from fusion_ros.training.ablation.trial import run_trial
from fusion_ros.training.data.image_pairs import read_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fusion_ros.training.ablation.trial import Trial


def choose_rows(chosen: Sequence[str], has_teacher: bool) -> list[str]:
    """Names of the rows to do: those chosen, or all that can be done.

    Raises:
        ConfigError: A name is unknown, or a row needs a teacher.
    """
    unknown = sorted(set(chosen) - set(ROWS))
    if unknown:
        raise ConfigError(f"--row: unknown {unknown}; known are {', '.join(ROWS)}")
    untaught = [name for name in chosen if ROWS[name].taught and not has_teacher]
    if untaught:
        raise ConfigError(f"--row {untaught[0]}: needs a --teacher")
    return list(chosen) or [name for name, row in ROWS.items() if has_teacher or not row.taught]


def run_study(
    trials: Sequence[Trial], folder: Path, jobs: int, on_trial: Callable[[], None]
) -> None:
    """Do all trials that are not done yet; write ablation.json, ablation.md and crops.png.

    Args:
        trials: Of one study: they differ in row and seed alone.
        folder: For the results.
        jobs: Trials at once.
        on_trial: Called after each trial.
    """
    results: list[dict[str, Any]] = [{} for _ in trials]
    for number, result in run_tasks(run_trial, trials, jobs=jobs):
        results[number] = result
        on_trial()
    summary = summarize(results)
    (folder / "ablation.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    (folder / "ablation.md").write_text(markdown(summary), encoding="utf-8")
    shown = [pairs[len(pairs) // 2] for pairs in map(read_pairs, trials[0].scored())]
    write_crops(folder, shown, list(summary), trials[0].seed)
