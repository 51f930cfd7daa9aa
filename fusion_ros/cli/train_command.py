# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands below ``fusion_ros train`` that train a network; they differ in which."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

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
Precision = Annotated[
    str, typer.Option(help="Of the network: auto (bf16 on a GPU), bf16, 32; losses have 32 bit.")
]
Devices = Annotated[int, typer.Option(min=1, help="Train on so many devices at once.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")]
CheckpointEvery = Annotated[int, typer.Option(min=1, help="Keep the state every so many steps.")]


def train_command(kind: str, text: str) -> Callable[..., None]:
    """The command that trains one kind of network of `training.networks.registry`.

    Args:
        kind: Its name there.
        text: What is trained, for the help.
    """

    def train_kind(
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
        precision: Precision = "auto",
        devices: Devices = 1,
        resume: Resume = False,
        checkpoint_every: CheckpointEvery = 500,
    ) -> None:
        from fusion_ros.cli.train_session import Request, train

        train(
            Request(
                kind, tuple(data), tuple(video or ()), tuple(val or ()), output, config,
                tuple(teacher or ()), steps, minutes, seed, threads, device, precision,
                devices, resume, checkpoint_every,
            )
        )  # fmt: skip

    train_kind.__doc__ = text
    return train_kind
