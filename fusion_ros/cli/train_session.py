# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One training session of the command line, from folders of images to a folder of results."""

from __future__ import annotations

import dataclasses
import importlib.util
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

    from fusion_ros.training.data.image_pairs import ImagePair, TrainingImages
    from fusion_ros.training.training_config import TrainingConfig
    from fusion_ros.training.training_run import Fit, RunOptions


TRAINING_PACKAGES = ("torch", "lightning", "matplotlib")
PREVIEW_NAME = "preview.png"


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; see `train_command` for the meaning of each."""

    kind: str
    data: tuple[str, ...]
    video: tuple[str, ...]
    val: tuple[str, ...]
    output: Path
    config: Path | None
    teachers: tuple[str, ...]
    steps: int | None
    minutes: float | None
    seed: int | None
    threads: int | None
    device: str
    precision: str
    devices: int
    resume: bool
    checkpoint_every: int


def train(request: Request) -> None:
    """Train, write all results, and print the scores.

    Raises:
        FusionError: Anything asked for cannot be done.
    """
    require_training_packages()
    from fusion_ros.training.checkpoint import remove_checkpoint
    from fusion_ros.training.data.image_pairs import read_pairs
    from fusion_ros.training.networks.registry import build_network
    from fusion_ros.training.results import model_path, write_model, write_report
    from fusion_ros.training.threads import use_threads
    from fusion_ros.training.training_run import CHECKPOINT_NAME, is_first_process

    use_threads(request.threads)
    console = Console(quiet=not is_first_process())
    config = _configuration(request)
    checkpoint = _checkpoint(request, CHECKPOINT_NAME)
    # Read before hours are spent, so that a mistake shows now.
    held_out = {source: read_pairs(source) for source in request.val}
    network = build_network(request.kind, config)
    shown = next(iter(held_out.values()), [])
    fit = _fit(console, request, config, network, _options(request, checkpoint, shown))
    if not is_first_process():
        return
    network.cpu().eval()
    write_model(request.output, request.kind, network, config)
    run = {"kind": request.kind, "teachers": list(request.teachers)}
    validation = _validate(console, network, held_out, request.output)
    write_report(request.output, config, fit, validation, run)
    remove_checkpoint(checkpoint)
    path = model_path(request.output, request.kind)
    console.print(f"{path}: {len(fit.history)} steps in {fit.seconds:.0f} s")


def require_training_packages(*more: str) -> None:
    """Raise `ConfigError` where a package that training needs, or one more, is not installed."""
    missing = [
        name for name in (*TRAINING_PACKAGES, *more) if importlib.util.find_spec(name) is None
    ]
    if missing:
        raise ConfigError(
            f"training needs {' and '.join(missing)}: in a clone, make setup-train, or "
            f"pip install '.[train]'"
        )


def _configuration(request: Request) -> TrainingConfig[Any]:
    from fusion_ros.training.networks.registry import read_kind_config

    config = read_kind_config(request.kind, request.config, request.seed)
    plan = config.optimization
    plan = dataclasses.replace(plan, steps=request.steps or plan.steps)
    return dataclasses.replace(config, optimization=plan)


def _checkpoint(request: Request, name: str) -> Path:
    request.output.mkdir(parents=True, exist_ok=True)
    path = request.output / name
    if path.exists() and not request.resume:
        raise ConfigError(
            f"{path}: an unfinished run lies there; pass --resume to go on with it, or choose "
            f"another folder"
        )
    if request.resume and not path.exists():
        raise ConfigError(f"{path}: expected the checkpoint of an unfinished run to resume")
    return path


def _options(request: Request, checkpoint: Path, shown: Sequence[ImagePair]) -> RunOptions:
    from fusion_ros.training.training_run import RunOptions, choose_device

    return RunOptions(
        device=choose_device(request.device),
        minutes=request.minutes,
        checkpoint=checkpoint,
        checkpoint_steps=request.checkpoint_every,
        resume=request.resume,
        precision=request.precision,
        devices=request.devices,
        preview=request.output / PREVIEW_NAME,
        preview_pairs=shown,
    )


def _fit(
    console: Console,
    request: Request,
    config: TrainingConfig[Any],
    network: nn.Module,
    options: RunOptions,
) -> Fit:
    from fusion_ros.training.data.image_pairs import read_training_images
    from fusion_ros.training.teachers.registry import NO_TEACHER, load_teacher
    from fusion_ros.training.training_run import train

    teachers = [load_teacher(text) for text in request.teachers if text != NO_TEACHER]
    images = read_training_images(request.data, request.video, config)
    console.print(f"training {request.kind} on {_counted(images, config)}, on {options.device}")
    columns = (
        BarColumn(20),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("loss", total=1.0)

        def on_progress(share: float, parts: dict[str, float]) -> None:
            shown = "  ".join(f"{name} {value:.4f}" for name, value in parts.items())
            text = f"loss {sum(parts.values()):.4f} = {shown}"
            progress.update(task, completed=share, description=text)

        shown = options.preview_pairs or images.pairs
        options = dataclasses.replace(options, on_progress=on_progress, preview_pairs=shown)
        return train(network, config, images.pairs, teachers, options, images.steps)


def _counted(images: TrainingImages, config: TrainingConfig[Any]) -> str:
    side = config.data.smallest_side_px()
    usable = images.usable(side)
    steps = f" and {len(usable.steps)} steps of video" if images.steps else ""
    small = len(images.pairs) - len(usable.pairs), len(images.steps) - len(usable.steps)
    left_out = (
        f" (left out: {small[0]} pairs and {small[1]} steps of video with a side below {side} "
        f"pixels, or frames of two sizes)"
    )
    return f"{len(usable.pairs)} pairs{steps}" + (left_out if any(small) else "")


def _validate(
    console: Console, network: nn.Module, held_out: dict[str, list[ImagePair]], output: Path
) -> dict[str, Any]:
    from fusion_ros.training.results import validate, write_samples

    results: dict[str, Any] = {}
    for index, (source, pairs) in enumerate(held_out.items()):
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"scoring {source}", total=len(pairs))
            result = validate(network, pairs, partial(progress.advance, task))
        results[source] = result
        console.print(f"{source}: {result['images']} images")
        for title in ("scores", "scores_frozen"):
            if title in result:
                shown = "  ".join(f"{name} {value:.3f}" for name, value in result[title].items())
                console.print(f"  {title}: {shown}")
        write_samples(network, pairs, output, f"val{index}")
    return results
