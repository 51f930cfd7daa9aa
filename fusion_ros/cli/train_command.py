# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands below ``fusion_ros train``; they differ in what is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    list[str], typer.Option(help="FOLDER or LAYOUT:FOLDER of registered pairs; repeatable.")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder for all results.")]
Video = Annotated[list[str] | None, typer.Option(help="Likewise, with consecutive frames.")]
Val = Annotated[list[str] | None, typer.Option(help="Likewise, to measure the result on.")]
Config = Annotated[
    Path | None,
    typer.Option(help="Hyper-parameters; those of the published model if left out."),
]
Teacher = Annotated[
    list[str] | None,
    typer.Option(
        help="Imitate a fusion: mm-net:FILE or max, repeatable; 'loss' for none (default)."
    ),
]
Steps = Annotated[int | None, typer.Option(min=1, help="Instead of the file's.")]
Minutes = Annotated[float | None, typer.Option(min=0.01, help="Stop by time.")]
Seed = Annotated[int | None, typer.Option(help="Instead of the file's.")]
Threads = Annotated[int | None, typer.Option(min=1, help="CPU threads; default: all cores.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, …")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")]
CheckpointEvery = Annotated[int, typer.Option(min=1, help="Keep the state every so many steps.")]


def train_mm_lut(
    data: Data,
    output: Output,
    video: Video = None,
    val: Val = None,
    config: Config = None,
    teacher: Teacher = None,
    steps: Steps = None,
    minutes: Minutes = None,
    seed: Seed = None,
    threads: Threads = None,
    device: Device = "auto",
    resume: Resume = False,
    checkpoint_every: CheckpointEvery = 500,
) -> None:
    """Train the MM-LUT's table and context network on registered pairs of images."""
    from fusion_ros.cli.train_session import Request, train

    train(
        Request(
            "mm-lut", tuple(data), tuple(video or ()), tuple(val or ()), output, config,
            tuple(teacher or ()), steps, minutes, seed, threads, device, resume, checkpoint_every,
        )
    )  # fmt: skip


def train_mm_net(
    data: Data,
    output: Output,
    video: Video = None,
    val: Val = None,
    config: Config = None,
    steps: Steps = None,
    minutes: Minutes = None,
    seed: Seed = None,
    threads: Threads = None,
    device: Device = "auto",
    resume: Resume = False,
    checkpoint_every: CheckpointEvery = 500,
) -> None:
    """Train the MM-Net, the fusion network that teaches the MM-LUT."""
    from fusion_ros.cli.train_session import Request, train

    train(
        Request(
            "mm-net", tuple(data), tuple(video or ()), tuple(val or ()), output, config,
            (), steps, minutes, seed, threads, device, resume, checkpoint_every,
        )
    )  # fmt: skip


def train_rival(
    data: Data,
    output: Output,
    video: Video = None,
    val: Val = None,
    config: Config = None,
    steps: Steps = None,
    minutes: Minutes = None,
    seed: Seed = None,
    threads: Threads = None,
    device: Device = "auto",
    resume: Resume = False,
    checkpoint_every: CheckpointEvery = 500,
) -> None:
    """Train a network of 113 parameters, to compare the MM-LUT with."""
    from fusion_ros.cli.train_session import Request, train

    train(
        Request(
            "rival", tuple(data), tuple(video or ()), tuple(val or ()), output, config,
            (), steps, minutes, seed, threads, device, resume, checkpoint_every,
        )
    )  # fmt: skip
