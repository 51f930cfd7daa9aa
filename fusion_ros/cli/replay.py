# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros replay`: a bag through the pipeline, offline, every frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fusion_ros.backends.registry import AUTO
from fusion_ros.errors import BagError
from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from rich.console import Console

    from fusion_ros.replay.session import ReplayOptions


def replay(
    bags: Annotated[list[Path], typer.Argument(help="Bag folders, or .mcap or .db3 files.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the results.")],
    visible_topic: Annotated[
        str | None, typer.Option(help="Images of the visible camera; found by name if not given.")
    ] = None,
    thermal_topic: Annotated[
        str | None, typer.Option(help="Images of the thermal camera; found by name if not given.")
    ] = None,
    backend: Annotated[str, typer.Option(help="How to fuse.")] = DEFAULT_BACKEND,
    engine: Annotated[str, typer.Option(help="What to run the backend on.")] = AUTO,
    model: Annotated[
        str | None, typer.Option(help="Model file or name; the backend's own if not given.")
    ] = None,
    tolerance_ms: Annotated[
        float, typer.Option(help="Largest distance of stamps that are fused [ms].")
    ] = 25.0,
    thermal_offset_ms: Annotated[
        float, typer.Option(help="Added to thermal stamps before they are compared [ms].")
    ] = 0.0,
    reuse_thermal: Annotated[
        bool,
        typer.Option("--reuse-thermal", help="A thermal frame may serve several visible ones."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace results of before.")] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Also write all figures to this file.")
    ] = None,
) -> None:
    """Fuse every frame of recordings, without ROS and without hurry.

    Leaves fused.mcap and summary.json in the output folder, or in a folder within it for each
    bag where there are several.
    """
    from rich.console import Console

    from fusion_ros.replay.session import ReplayOptions

    options = ReplayOptions(
        visible_topic=visible_topic,
        thermal_topic=thermal_topic,
        backend=backend,
        engine=engine,
        model=model,
        tolerance_ms=tolerance_ms,
        thermal_offset_ms=thermal_offset_ms,
        reuse_thermal=reuse_thermal,
        force=force,
    )
    console = Console()
    folders = _result_folders(bags, output)
    summaries = [_replay_one(bag, folder, options, console) for folder, bag in folders.items()]
    if json_path is not None:
        figures = summaries[0] if len(summaries) == 1 else summaries
        json_path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if not any(summary["pairs"]["fused"] for summary in summaries):
        raise BagError("nothing was fused: the account above says what became of the frames")


def _result_folders(bags: list[Path], output: Path) -> dict[Path, Path]:
    """Folder of the results to bag; several bags get a folder each, called like the bag."""
    from fusion_ros.bags.bag_reader import RECOVERIES
    from fusion_ros.errors import ConfigError

    if len(bags) == 1:
        return {output: bags[0]}
    folders: dict[Path, Path] = {}
    for bag in bags:
        # A name may hold dots: only the suffix of a bag's file is none of it.
        path = bag.resolve()
        folder = output / (path.stem if path.suffix in RECOVERIES else path.name)
        if folder in folders:
            raise ConfigError(
                f"expected bags of different names, got {folders[folder]} and {bag}, whose results "
                f"would both go to {folder}; replay them one by one, each with its own --output"
            )
        folders[folder] = bag
    return folders


def _replay_one(
    bag: Path, folder: Path, options: ReplayOptions, console: Console
) -> dict[str, Any]:
    from rich.progress import Progress

    from fusion_ros.replay.session import replay_bag
    from fusion_ros.replay.summary import frames_table, stages_table

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"replaying {bag.name}", total=None)
        summary = replay_bag(
            bag, folder, options, lambda total: progress.update(task, advance=1, total=total)
        )
    for warning in summary["warnings"]:
        console.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    console.print(frames_table(summary))
    if summary["stages_ms"]:
        console.print(stages_table(summary))
    for reason in summary["reasons"]:
        console.print(f"refused: {reason}", style="yellow", markup=False, soft_wrap=True)
    pairs = summary["pairs"]
    console.print(
        f"{pairs['fused']} of {pairs['paired']} pairs fused; look at {folder / 'fused.mcap'} in "
        f"Foxglove; figures in {folder / 'summary.json'}",
        soft_wrap=True,
    )
    return summary
