# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros bench`: every backend and engine that can run here, and the node, side by side."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from fusion_ros.benchmark.report import BenchmarkReport

# Tables are made for this width where there is no terminal whose width could be asked for.
TABLE_WIDTH = 100


def bench(
    sizes: Annotated[
        str, typer.Option(help="Sizes to measure, separated by commas: 480p, 720p, 1080p.")
    ] = "480p,720p,1080p",
    backends: Annotated[
        str | None,
        typer.Option(help="Backends to measure, separated by commas; all if not given."),
    ] = None,
    node: Annotated[
        bool, typer.Option(help="Also measure the node with its default backend, by ROS.")
    ] = True,
    node_size: Annotated[str, typer.Option(help="Size of the node's images.")] = "480p",
    quick: Annotated[
        bool, typer.Option("--quick", help="A few runs only: to see that it works.")
    ] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures to this file.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Also draw the times to this file, PNG or SVG.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the tables to this file, as Markdown.")
    ] = None,
) -> None:
    """Measure every backend and engine that can run here, in turns, and the node end to end.

    What is measured, and how: docs/benchmark.md.
    """
    from rich.console import Console

    from fusion_ros.backends.registry import backend_info
    from fusion_ros.benchmark.pictures import size_named
    from fusion_ros.benchmark.plot import check_plot_name
    from fusion_ros.benchmark.table_output import print_report

    # What cannot be measured or written is refused before minutes are spent.
    wanted = [size_named(name) for name in _names(sizes, "--sizes")]
    chosen = _names(backends, "--backends") if backends is not None else []
    for name in chosen:
        backend_info(name)
    if plot is not None:
        check_plot_name(plot)
    for path in (json_path, plot, markdown):
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    node_wanted = size_named(node_size) if node else None
    report = _measure(wanted, chosen, node_wanted, quick, console)
    _write(report, json_path, plot, markdown)
    print_report(report, console)


def _names(text: str, option: str) -> list[str]:
    from fusion_ros.errors import ConfigError

    names = [name.strip() for name in text.split(",")]
    if not all(names) or len(set(names)) != len(names):
        raise ConfigError(f"{option}: expected different names with commas between, got '{text}'")
    return names


def _measure(
    sizes: list[tuple[int, int]],
    backends: list[str],
    node_size: tuple[int, int] | None,
    quick: bool,
    console: Console,
) -> BenchmarkReport:
    from rich.progress import Progress

    from fusion_ros.benchmark.measurement import FULL, QUICK
    from fusion_ros.benchmark.node_benchmark import FULL_PACES, QUICK_PACES, measure_node
    from fusion_ros.benchmark.provenance import provenance
    from fusion_ros.benchmark.report import BenchmarkReport
    from fusion_ros.benchmark.speed import measure_speed
    from fusion_ros.demo.orderly_end import unwinding_when_ended

    load_before, facts = os.getloadavg()[0], provenance()
    with ExitStack() as stack:
        stack.enter_context(unwinding_when_ended())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="fusion_ros_bench_")))
        steps = _Steps(stack.enter_context(Progress(console=console, transient=True)))
        node = None
        if node_size is not None:
            paces = QUICK_PACES if quick else FULL_PACES
            node = measure_node(node_size, paces, folder, steps.show)
        effort = QUICK if quick else FULL
        speeds = measure_speed(sizes, backends, effort, folder, steps.show)
    return BenchmarkReport(facts, load_before, speeds, node)


class _Steps:
    """Progress bars, one for each kind of step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def show(self, what: str, done: int, total: int) -> None:
        """So many steps of a kind have been done."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done)


def _write(
    report: BenchmarkReport, json_path: Path | None, plot: Path | None, markdown: Path | None
) -> None:
    from fusion_ros.benchmark.plot import draw_plot
    from fusion_ros.benchmark.report import write_json
    from fusion_ros.benchmark.table_output import write_markdown

    for path, write in ((json_path, write_json), (plot, draw_plot), (markdown, write_markdown)):
        if path is not None:
            write(report, path)
