# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train``: makes the models that backends load."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_ros.training.fit_mm_lut import MmLutFit
    from fusion_ros.training.image_pairs import ImagePair
    from fusion_ros.training.mm_lut_config import MmLutConfig
    from fusion_ros.training.mm_lut_validation import Validation

app = typer.Typer(help="Train a model.", no_args_is_help=True)
SAMPLES = 4
PUBLISHED_CONFIG = "config/training/mm_lut.yaml"


@app.callback()
def _train() -> None:
    """Train a model."""


@app.command("mm-lut")
def train_mm_lut(
    data: Annotated[list[Path], typer.Option(help="Folder with vi/ and ir/; repeatable.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for all results.")],
    video: Annotated[
        list[Path] | None, typer.Option(help="Likewise, with consecutive frames.")
    ] = None,
    val: Annotated[
        list[Path] | None, typer.Option(help="Likewise, to measure the result on.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Hyper-parameters; those of the published model if left out."),
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Instead of the file's.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, help="Stop by time.")] = None,
    seed: Annotated[int | None, typer.Option(help="Instead of the file's.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 2,
) -> None:
    """Train the MM-LUT's table and context network on registered pairs of images."""
    from fusion_ros.artifacts.resources import resource
    from fusion_ros.training.mm_lut_config import read_config

    settings = read_config(config or resource(PUBLISHED_CONFIG))
    settings = dataclasses.replace(
        settings,
        steps=settings.steps if steps is None else steps,
        seed=settings.seed if seed is None else seed,
    )
    console = Console()
    fit = _fit(console, settings, data, video or [], minutes, threads)
    output.mkdir(parents=True, exist_ok=True)
    fit.model.save(output / "mm_lut.npz")
    report = {
        "config": dataclasses.asdict(settings),
        "steps_done": len(fit.losses),
        "seconds": round(fit.seconds, 1),
        "validation": _validate(console, fit, val or [], output),
    }
    (output / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    _draw(fit, output)
    console.print(f"{output / 'mm_lut.npz'}: {len(fit.losses)} steps in {fit.seconds:.0f} s")


def _fit(
    console: Console,
    settings: MmLutConfig,
    data: Sequence[Path],
    video: Sequence[Path],
    minutes: float | None,
    threads: int,
) -> MmLutFit:
    try:
        from fusion_ros.training.fit_mm_lut import fit_mm_lut
    except ImportError as err:
        raise ConfigError(f"training needs PyTorch: pip install torch ({err})") from err
    from fusion_ros.training.image_pairs import read_pairs

    pairs: list[ImagePair] = []
    for folder in data:
        pairs += read_pairs(folder, settings.long_side_px)
    for folder in video:
        pairs += read_pairs(folder, settings.long_side_px, every=settings.video_stride)
    with Progress(console=console) as progress:
        task = progress.add_task(f"training on {len(pairs)} pairs", total=1.0)

        def on_step(share: float, loss: float) -> None:
            progress.update(task, completed=share, description=f"loss {loss:.3f}")

        return fit_mm_lut(settings, pairs, on_step, minutes, threads)


def _validate(
    console: Console, fit: MmLutFit, folders: Sequence[Path], output: Path
) -> dict[str, object]:
    from fusion_ros.training.image_pairs import read_pairs
    from fusion_ros.training.mm_lut_validation import validate
    from fusion_ros.training.pictures import write_sample

    results: dict[str, object] = {}
    for index, folder in enumerate(folders):
        pairs = read_pairs(folder)
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"scoring {folder}", total=len(pairs))
            result = validate(fit.model, pairs, partial(progress.advance, task))
        _print(console, folder, result)
        results[str(folder)] = dataclasses.asdict(result)
        for pair in pairs[:: max(len(pairs) // SAMPLES, 1)][:SAMPLES]:
            write_sample(fit.model, pair, output / f"val{index}_{Path(pair.name).name}.png")
    return results


def _print(console: Console, folder: Path, result: Validation) -> None:
    low, _median, high = result.context_percentiles
    console.print(f"{folder}: {result.images} images, context from {low:.2f} to {high:.2f}")
    for title, scores in (("model", result.scores), ("context frozen", result.scores_frozen)):
        console.print(f"  {title}: " + "  ".join(f"{k} {v:.3f}" for k, v in scores.items()))


def _draw(fit: MmLutFit, output: Path) -> None:
    try:
        from fusion_ros.training.pictures import draw_loss_curve

        draw_loss_curve(fit.losses, output / "loss.png")
    except ImportError as err:
        raise ConfigError(
            f"the model is written, but the loss curve needs matplotlib: "
            f"pip install matplotlib ({err})"
        ) from err
