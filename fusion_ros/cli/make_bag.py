# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros make-bag`: two folders of images to a bag."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from fusion_ros.errors import ConfigError


def make_bag(
    visible: Annotated[Path, typer.Option(help="Folder of visible images.")],
    thermal: Annotated[
        Path, typer.Option(help="Folder of thermal images, 8 or 16 bit, of the same names.")
    ],
    rate: Annotated[float, typer.Option(help="Visible frames per second [Hz].")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the new bag.")],
    thermal_rate: Annotated[
        float | None, typer.Option(help="Thermal frames per second [Hz]; the same if not given.")
    ] = None,
    jitter_ms: Annotated[
        float, typer.Option(help="Move every stamp at random by up to this [ms].")
    ] = 0.0,
    thermal_delay_ms: Annotated[
        float, typer.Option(help="Stamp thermal frames this much late [ms].")
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the jitter.")] = 0,
    loops: Annotated[
        int | None, typer.Option(help="Passes through the images, back and forth.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Length instead of --loops; repeats back and forth [s].")
    ] = None,
    storage: Annotated[str, typer.Option(help="mcap or sqlite3.")] = "mcap",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing bag.")] = False,
) -> None:
    """Make a bag from two folders of images that are paired by file name."""
    from fusion_ros.bags.bag_writer import BagWriter, storage_named
    from fusion_ros.bags.folder_bag import FolderBag
    from fusion_ros.bags.recording_plan import RecordingPlan

    if loops is not None and seconds is not None:
        raise ConfigError("--loops and --seconds: expected one of them, got both")
    plan = RecordingPlan(
        rate_hz=rate,
        thermal_rate_hz=thermal_rate,
        jitter_ms=jitter_ms,
        thermal_delay_ms=thermal_delay_ms,
        seed=seed,
        seconds=seconds,
        passes=1 if loops is None else loops,
    )
    bag = FolderBag(visible, thermal, plan)
    console = Console()
    with BagWriter(
        output, storage=storage_named(storage), force=force, keep_on_error=False
    ) as writer:
        steps = bag.write(writer)
        for _ in track(steps, "writing", total=len(bag.frames), console=console, transient=True):
            pass
    thermal_count = sum(frame.stream == "thermal" for frame in bag.frames)
    console.print(
        f"{output}: {len(bag.frames) - thermal_count} visible and {thermal_count} thermal frames; "
        f"look with 'fusion_ros replay {output} -o replayed' or 'ros2 bag play {output}'",
        soft_wrap=True,
    )
