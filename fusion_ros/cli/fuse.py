# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`fusion_ros fuse`: image files, or folders of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fusion_ros.backends.registry import AUTO
from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from fusion_ros.pipeline import FusionPipeline
    from fusion_ros.replay.file_pairs import FilePair


def fuse(
    visible: Annotated[Path, typer.Argument(help="Visible image, or folder of them.")],
    thermal: Annotated[Path, typer.Argument(help="Thermal image of 8 or 16 bit, or folder.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Fused image, or folder.")],
    guidance: Annotated[
        Path | None, typer.Option(help="Folder for images of the thermal source's weight.")
    ] = None,
    backend: Annotated[str, typer.Option(help="How to fuse.")] = DEFAULT_BACKEND,
    engine: Annotated[str, typer.Option(help="What to run the backend on.")] = AUTO,
    model: Annotated[
        str | None, typer.Option(help="Model file or name; the backend's own if not given.")
    ] = None,
) -> None:
    """Fuse image files; in folders they are paired by file name.

    Each pair is taken for itself, not for part of a video.
    """
    from rich.console import Console
    from rich.progress import track

    from fusion_ros.pipeline import load_backend
    from fusion_ros.replay.file_pairs import pair_files

    pairs = pair_files(visible, thermal, output, guidance)
    console = Console()
    with load_backend(backend, engine, model) as pipeline:
        for pair in track(pairs, "fusing", console=console, transient=True):
            _fuse_one(pipeline, pair)
    target = pairs[0].fused if len(pairs) == 1 else output
    console.print(
        f"{len(pairs)} fused with {pipeline.name} on {pipeline.engine}: {target}", soft_wrap=True
    )


def _fuse_one(pipeline: FusionPipeline, pair: FilePair) -> None:
    import numpy as np

    from fusion_ros.bags.image_files import read_thermal, read_visible, write_image
    from fusion_ros.core.frames import FramePair

    pipeline.reset()
    images = FramePair(read_visible(pair.visible), read_thermal(pair.thermal))
    fused = pipeline.fuse(images, guidance=pair.guidance is not None)
    write_image(pair.fused, fused.image)
    if pair.guidance is not None and fused.guidance is not None:
        write_image(pair.guidance, np.rint(fused.guidance * 255).astype(np.uint8))
