# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros replay`: bags through the pipeline, offline, every frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from fusion_ros.parameters.table import Value

# Frames of each camera that may wait for a partner. Offline nothing is late, so there is more
# patience than in the node, but not without end: while one camera is silent the other's frames
# fill the queue, and a hundred of full HD already hold 600 MB.
QUEUE_SIZE = 100


def replay(
    bags: Annotated[list[Path], typer.Argument(help="Bag folders, or .mcap or .db3 files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the results.")],
    visible_topic: Annotated[
        str | None, typer.Option(help="Images of the visible camera; found by name if not given.")
    ] = None,
    thermal_topic: Annotated[
        str | None, typer.Option(help="Images of the thermal camera; found by name if not given.")
    ] = None,
    params_file: Annotated[
        Path | None,
        typer.Option(help="Parameters file of the node; the options below override it."),
    ] = None,
    backend: Annotated[str | None, typer.Option(help="How to fuse.")] = None,
    engine: Annotated[str | None, typer.Option(help="What to run the backend on.")] = None,
    model: Annotated[str | None, typer.Option(help="Model file or name.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of the fused images: bgr8 or rgb8.")] = None,
    tolerance_ms: Annotated[
        float | None, typer.Option(help="Largest distance of stamps that are fused [ms].")
    ] = None,
    visible_offset_ms: Annotated[
        float | None, typer.Option(help="Added to visible stamps before they are compared [ms].")
    ] = None,
    thermal_offset_ms: Annotated[
        float | None, typer.Option(help="Added to thermal stamps before they are compared [ms].")
    ] = None,
    queue_size: Annotated[
        int | None,
        typer.Option(
            help=f"Frames of each camera that may wait [default: the parameters file's, or "
            f"{QUEUE_SIZE}]."
        ),
    ] = None,
    reuse_thermal: Annotated[
        bool | None,
        typer.Option(
            "--reuse-thermal/--no-reuse-thermal",
            help="A thermal frame may serve several visible ones, as a slower thermal camera "
            "needs; give --tolerance-ms its period, too, or many visible frames stay alone.",
        ),
    ] = None,
    score_every: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Score each N-th pair with all metrics; 0 for none [default: 10, more for bags "
            "that would have over 60 scored].",
        ),
    ] = None,
    thresholds: Annotated[
        Path | None, typer.Option(help="Limits in YAML; the exit code is 1 if one is missed.")
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(min=1, help="Bags at a time; times mean little beside other work."),
    ] = 1,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask scheduler whose workers replay the bags.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace results of before.")] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures of all bags to a file.")
    ] = None,
) -> None:
    """Fuse every frame of recordings, without ROS and without hurry.

    Leaves fused.mcap, metrics.json, report.html and foxglove_layout.json in the output folder, or
    in a folder within it for each bag where there are several.
    """
    from fusion_ros.cli.replay_output import finish, show_progress
    from fusion_ros.replay.batch import plan_tasks
    from fusion_ros.replay.session import ReplayOptions
    from fusion_ros.replay.thresholds import read_thresholds

    given: dict[str, Value | None] = {
        "backend": backend,
        "engine": engine,
        "model": model,
        "output.encoding": encoding,
        "pairing.tolerance_ms": tolerance_ms,
        "pairing.visible_offset_ms": visible_offset_ms,
        "pairing.thermal_offset_ms": thermal_offset_ms,
        "pairing.queue_size": queue_size,
        "pairing.reuse_thermal": reuse_thermal,
    }
    options = ReplayOptions(
        parameters=_parameters(params_file, given),
        visible_topic=visible_topic,
        thermal_topic=thermal_topic,
        score_every=score_every,
        thresholds=read_thresholds(thresholds) if thresholds else (),
        force=force,
    )
    if json_path is not None:
        json_path.parent.mkdir(parents=True, exist_ok=True)
    outcomes = show_progress(plan_tasks(bags, output, options), jobs, scheduler)
    finish(outcomes, json_path)


def _parameters(params_file: Path | None, given: dict[str, Value | None]) -> dict[str, Value]:
    """Defaults, then the file, then the options; checked, so that no bag is opened in vain."""
    from fusion_ros.parameters.config import node_config
    from fusion_ros.parameters.file import read_parameters
    from fusion_ros.parameters.table import PARAMETERS

    values: dict[str, Value] = {spec.name: spec.default for spec in PARAMETERS}
    values["pairing.queue_size"] = QUEUE_SIZE
    if params_file is not None:
        values |= read_parameters(params_file)
    values |= {name: value for name, value in given.items() if value is not None}
    node_config(values)
    return values
