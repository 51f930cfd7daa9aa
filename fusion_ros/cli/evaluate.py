# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros evaluate``: how good fused images are, measured against their sources."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.metrics.folder_scores import FusionMethod


def evaluate(
    visible: Annotated[Path, typer.Option(help="Folder of visible images.")],
    thermal: Annotated[Path, typer.Option(help="Folder of thermal images of 8 bit.")],
    fused: Annotated[Path | None, typer.Option(help="Folder of fused images to score.")] = None,
    backend: Annotated[str | None, typer.Option(help="Fuse with this backend and score.")] = None,
    engine: Annotated[str, typer.Option(help="Engine of the backend.")] = "auto",
    model: Annotated[str | None, typer.Option(help="Model file or name.")] = None,
    baselines: Annotated[bool, typer.Option(help="Score trivial fusions, too.")] = True,
    every: Annotated[int, typer.Option(min=1, help="Use only every n-th pair.")] = 1,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write all figures.")] = None,
) -> None:
    """Score fused images. Files belong together by their name without suffix."""
    from fusion_ros.core.image_folders import match_by_stem
    from fusion_ros.metrics.folder_scores import mean_scores, score_methods

    folders = [visible, thermal] if fused is None else [visible, thermal, fused]
    matched = match_by_stem(folders, every)
    methods: dict[str, FusionMethod] = {}
    if fused is not None:
        methods["fused"] = _reader({stem: paths[2] for stem, paths in matched.items()})
    if backend is not None:
        name, methods[name] = _backend(backend, engine, model)
    if baselines:
        methods.update(_baselines())
    if not methods:
        raise ConfigError("nothing to score: give --fused or --backend, or leave --baselines on")
    console = Console()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("scoring", total=len(matched))
        table = score_methods(
            {stem: (paths[0], paths[1]) for stem, paths in matched.items()},
            methods,
            on_image=partial(progress.advance, task),
        )
    means = {method: mean_scores(images) for method, images in table.items()}
    console.print(_table(means, len(matched)))
    if json_path is not None:
        figures = {"images": len(matched), "means": means, "each": table}
        json_path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _reader(paths: Mapping[str, Path]) -> FusionMethod:
    from fusion_ros.core.image_folders import read_colour

    return lambda stem, _visible, _thermal: read_colour(paths[stem])


def _backend(name: str, engine: str, model: str | None) -> tuple[str, FusionMethod]:
    from fusion_ros.core.frames import FramePair
    from fusion_ros.pipeline import load_backend

    pipeline = load_backend(name, engine=engine, model=model)

    def fuse(
        _stem: str, visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> NDArray[np.uint8]:
        # Images of a folder are no stream: none may depend on those before it.
        pipeline.reset()
        return pipeline.fuse(FramePair(visible, thermal), guidance=False).image

    return f"{pipeline.name} ({pipeline.engine})", fuse


def _baselines() -> Mapping[str, FusionMethod]:
    from fusion_ros.metrics.baselines import BASELINES
    from fusion_ros.metrics.folder_scores import on_grey

    return {name: on_grey(method) for name, method in BASELINES.items()}


def _table(means: Mapping[str, Mapping[str, float]], images: int) -> Table:
    from fusion_ros.metrics.registry import METRICS

    table = Table("metric", title=f"Means over {images} image(s)")
    for method in means:
        table.add_column(method, justify="right")
    for name in next(iter(means.values())):
        lower = name in METRICS and METRICS[name].better == "lower"
        values = (f"{scores[name]:.3f}" for scores in means.values())
        table.add_row(f"{name} {'↓' if lower else '↑'}", *values)
    return table
