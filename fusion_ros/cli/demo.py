# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros demo`: the real node on a rendered or a recorded drive, with pictures to look at."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from fusion_ros.backends.registry import AUTO, choose_engine
from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from rich.console import Console

    from fusion_ros.demo.bag_facts import BagFacts
    from fusion_ros.demo.live_run import LiveOptions, LiveRun
    from fusion_ros.demo.results import DemoResults

DEFAULT_SECONDS = 10.0


def demo(
    bag: Annotated[
        Path | None, typer.Option(help="Bag to play; a street is rendered if none is given.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the results.")] = Path(
        "demo_output"
    ),
    seconds: Annotated[
        float | None,
        typer.Option(help="Length of the rendered drive (10), or how much of the bag (all) [s]."),
    ] = None,
    backend: Annotated[str, typer.Option(help="How to fuse.")] = DEFAULT_BACKEND,
    engine: Annotated[str, typer.Option(help="What to run the backend on.")] = AUTO,
    model: Annotated[
        str | None, typer.Option(help="Model file or name; the backend's own if not given.")
    ] = None,
    visible_topic: Annotated[str | None, typer.Option(help="Visible images of the bag.")] = None,
    thermal_topic: Annotated[str | None, typer.Option(help="Thermal images of the bag.")] = None,
    domain: Annotated[
        int | None, typer.Option(help="ROS domain; one that nobody uses if not given.")
    ] = None,
    video: Annotated[bool, typer.Option(help="Whether to make the video.")] = True,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures to this file.")
    ] = None,
) -> None:
    """Run the real node on a drive and leave pictures, a video, a recording and figures.

    The node, a player and a recorder run as processes of their own, on a ROS domain of their
    own and on this machine only.
    """
    from rich.console import Console

    from fusion_ros.artifacts.model_store import resolve_model
    from fusion_ros.demo.bag_facts import inspect_bag
    from fusion_ros.demo.live_run import LiveOptions
    from fusion_ros.demo.orderly_end import unwinding_when_ended
    from fusion_ros.demo.private_network import free_domain, require_ros

    require_ros()
    # What cannot run is refused before anything is rendered.
    choose_engine(backend, engine)
    resolve_model(backend, model)
    console = Console(highlight=False, soft_wrap=True)
    output.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(unwinding_when_ended())
        # Beside the results, where there is room for recordings.
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix=".demo_", dir=output)))
        stack.callback(_keep_logs, scratch, output)
        source = bag if bag is not None else _render(seconds or DEFAULT_SECONDS, scratch, console)
        facts = inspect_bag(source, visible_topic, thermal_topic)
        for warning in facts.warnings:
            console.print(f"warning: {warning}", style="yellow", markup=False)
        options = LiveOptions(
            backend=backend,
            engine=engine,
            model=model,
            tolerance_ms=facts.tolerance_ms,
            reuse_thermal=facts.reuse_thermal,
            domain=free_domain() if domain is None else domain,
            seconds=seconds if bag is not None else None,
        )
        run = _run(facts, options, scratch, console)
        results = _write(facts, options, run, output, video, console)
    if json_path is not None:
        json_path.write_text(json.dumps(results.summary, indent=2) + "\n", encoding="utf-8")
    _report(results, output, video, console)


def _keep_logs(scratch: Path, output: Path) -> None:
    """Save what the processes printed, however the run ended: messages point at it."""
    for log in scratch.glob("*.log"):
        (output / log.name).write_bytes(log.read_bytes())


def _render(seconds: float, folder: Path, console: Console) -> Path:
    from rich.progress import track

    from fusion_ros.bags.bag_writer import BagWriter
    from fusion_ros.demo.drive_bag import write_drive
    from fusion_ros.demo.scene.drive import Drive
    from fusion_ros.errors import ConfigError

    if seconds < 1:
        raise ConfigError(f"--seconds: expected 1 or more, got {seconds:g}")
    drive = Drive(seconds)
    bag = folder / "drive.mcap"
    with BagWriter(bag) as writer:
        steps = write_drive(drive, writer)
        for _ in track(
            steps, "rendering a drive", total=len(drive), console=console, transient=True
        ):
            pass
    return bag


def _run(facts: BagFacts, options: LiveOptions, folder: Path, console: Console) -> LiveRun:
    from fusion_ros.demo.live_run import run_live

    duration_s = facts.duration_s
    if options.seconds is not None:
        duration_s = min(duration_s, options.seconds)
    console.print(
        f"visible {facts.visible_hz:.0f} Hz, thermal {facts.thermal_hz:.0f} Hz, "
        f"{duration_s:.0f} s, ROS domain {options.domain}"
        + (": every thermal frame serves several visible ones" if facts.reuse_thermal else "")
    )
    with console.status("playing into the node, in real time"):
        return run_live(facts, options, folder)


def _write(
    facts: BagFacts,
    options: LiveOptions,
    run: LiveRun,
    output: Path,
    video: bool,
    console: Console,
) -> DemoResults:
    from rich.progress import Progress

    from fusion_ros.demo.results import make_results

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("writing recording, contact sheet and video", total=None)

        def advance(total: int) -> None:
            progress.update(task, advance=1, total=total)

        return make_results(facts, options, run, output, video, advance)


def _report(results: DemoResults, output: Path, video: bool, console: Console) -> None:
    from fusion_ros.demo import tables
    from fusion_ros.demo.results import BAG_NAME, SHEET_NAME, SUMMARY_NAME, VIDEO_NAME
    from fusion_ros.errors import FusionError

    console.print(tables.frames_table(results))
    console.print(tables.latency_table(results))
    console.print(tables.pairs_line(results))
    for check in results.expectations:
        mark = "[green]ok[/]" if check.held else "[red]no[/]"
        console.print(f"{mark}  {check.what}: {check.found}")
    broken = [check for check in results.expectations if not check.held]
    if broken:
        found = "; ".join(f"expected that {check.what}, found {check.found}" for check in broken)
        raise FusionError(f"{found}; see {output / 'node.log'}")
    console.print("\nlook at")
    console.print(f"  {output / SHEET_NAME}    moments side by side")
    if video:
        console.print(
            f"  {output / VIDEO_NAME}           the whole drive, in any browser or player"
        )
    console.print(
        f"  {output / BAG_NAME}          inputs and outputs, in Foxglove or 'ros2 bag play'"
    )
    console.print(f"  {output / SUMMARY_NAME}        all figures")
