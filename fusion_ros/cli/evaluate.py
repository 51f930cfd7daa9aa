# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros evaluate``: how good fused images are, measured against their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from fusion_ros.evaluation.scoring import MethodScores, ScoringTask

# Tables are made for this width where there is no terminal whose width could be asked for.
TABLE_WIDTH = 120


def evaluate(
    visible: Annotated[Path | None, typer.Option(help="Folder of visible images.")] = None,
    thermal: Annotated[Path | None, typer.Option(help="Folder of thermal images of 8 bit.")] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=DIR",
            help="A set with DIR/vi and DIR/ir. Again for further sets.",
        ),
    ] = None,
    fused: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[LABEL=]DIR",
            help="Fused images to score; those of a --set are in DIR/NAME. Again for further ones.",
        ),
    ] = None,
    backend: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Fuse with this backend and score. Again for further ones."
        ),
    ] = None,
    engine: Annotated[str, typer.Option(help="Engine of the backends.")] = "auto",
    model: Annotated[str | None, typer.Option(help="Model file or name.")] = None,
    baselines: Annotated[bool, typer.Option(help="Score trivial fusions, too.")] = True,
    profile: Annotated[
        str, typer.Option(help="Whose conventions to follow: std, tang or cddfuse.")
    ] = "std",
    sequence: Annotated[
        bool,
        typer.Option(
            "--sequence",
            help="Each set is a video, its frames in the order of names: score "
            "how steady it is, too.",
        ),
    ] = False,
    every: Annotated[int, typer.Option(min=1, help="Use only every n-th pair.")] = 1,
    common: Annotated[
        bool,
        typer.Option("--common", help="Use only the pairs that all fused images are there for."),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Processes of this machine; one a core if not given.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Let the workers of this Dask scheduler do it, e.g. tcp://host:8786."),
    ] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write all figures.")] = None,
) -> None:
    """Score fused images. Files belong together by their name without suffix."""
    from rich.console import Console

    from fusion_ros.benchmark.provenance import provenance
    from fusion_ros.evaluation.document import document
    from fusion_ros.evaluation.image_set import find_images
    from fusion_ros.evaluation.request import requested_fused, requested_methods, requested_sets
    from fusion_ros.evaluation.scoring import merge, plan_tasks
    from fusion_ros.evaluation.tables import VIDEO_NOTE, legend, set_table, step_note
    from fusion_ros.metrics.profiles import profile_named

    if json_path is not None:
        json_path.parent.mkdir(parents=True, exist_ok=True)
    about = profile_named(profile).text
    folders = requested_fused(fused or [])
    methods = requested_methods(backend or [], engine, model, folders, baselines)
    found = [
        find_images(one, every, common)
        for one in requested_sets(visible, thermal, sets or [], folders)
    ]
    console = Console()
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    tasks = plan_tasks(found, methods, profile, sequence)
    scores = merge(tasks, _run(console, tasks, jobs, scheduler))
    for images in found:
        console.print(set_table(images, methods, profile, scores[images.folders.name]))
    console.print(f"Profile {profile}: {about}.")
    console.print(legend(methods, profile))
    if sequence:
        notes = (step_note(images) for images in found)
        console.print(*filter(None, notes), VIDEO_NOTE, sep="\n", markup=False)
    if json_path is not None:
        figures = document(found, methods, profile, scores, provenance())
        json_path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _run(
    console: Console, tasks: Sequence[ScoringTask], jobs: int | None, scheduler: str | None
) -> list[dict[str, MethodScores]]:
    from rich.progress import Progress

    from fusion_ros.evaluation.scoring import score_task
    from fusion_ros.parallel.task_runner import run_tasks

    results: dict[int, dict[str, MethodScores]] = {}
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("scoring", total=len(tasks))
        for number, result in run_tasks(score_task, tasks, jobs=jobs, scheduler=scheduler):
            results[number] = result
            progress.advance(bar)
    return [results[number] for number in range(len(tasks))]
