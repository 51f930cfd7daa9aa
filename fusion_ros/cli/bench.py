# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros bench`: every backend and engine that can run here, side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from fusion_ros.benchmark.measurement import Measurement

SIZES = {"480p": (640, 480), "720p": (1280, 720), "1080p": (1920, 1080)}


def bench(
    sizes: Annotated[
        str, typer.Option(help=f"Sizes to measure, separated by commas: {', '.join(SIZES)}.")
    ] = "480p,720p",
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Also write the figures to this file.")
    ] = None,
) -> None:
    """Time every backend and engine that can run here, in turns, in one run."""
    import tempfile

    from rich.console import Console
    from rich.progress import Progress

    from fusion_ros.benchmark.contenders import contenders
    from fusion_ros.benchmark.measurement import ROUNDS, measure
    from fusion_ros.benchmark.provenance import provenance

    chosen = [_size(name.strip()) for name in sizes.split(",")]
    console = Console()
    with tempfile.TemporaryDirectory() as scratch, Progress(console=console) as progress:
        found = contenders(Path(scratch))
        task = progress.add_task("timing", total=ROUNDS * len(found) * len(chosen))
        results = measure(found, chosen, lambda: progress.advance(task))
    facts = provenance()
    _print(console, results, facts)
    if json_path is not None:
        document = {**facts, "results": [asdict(result) for result in results]}
        json_path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _size(name: str) -> tuple[int, int]:
    from fusion_ros.errors import ConfigError

    if name not in SIZES:
        raise ConfigError(f"unknown size '{name}'; expected some of: {', '.join(SIZES)}")
    return SIZES[name]


def _print(console: Console, results: list[Measurement], facts: dict[str, object]) -> None:
    from rich.table import Table

    table = Table(title="Time for one pair of 8-bit images")
    table.add_column("backend", no_wrap=True)
    for column in ("size", "median ms", "p99 ms", "faster than LUT-Fuse", "slower than sum"):
        table.add_column(column, justify="right")
    size = results[0].height
    for result in results:
        if result.height != size:
            table.add_section()
            size = result.height
        faster = result.times_faster_than_lutfuse
        table.add_row(
            result.contender,
            f"{result.width}x{result.height}",
            f"{result.median_ms:.2f}",
            f"{result.p99_ms:.2f}",
            f"{faster:.1f}x" if faster else "no torch here",
            f"{result.times_slower_than_sum:.1f}x",
        )
    console.print(table)
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()))
