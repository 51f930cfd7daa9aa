# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A training run, the same for every kind of network; the loop itself is Lightning's."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from lightning.pytorch.utilities import rank_zero_only
from torch import Tensor, nn

from fusion_ros.errors import ConfigError
from fusion_ros.training.batch_statistics import (
    BATCHES,
    estimate_batch_statistics,
    has_batch_statistics,
)
from fusion_ros.training.checkpoint import CheckpointWriter, steps_kept
from fusion_ros.training.data.batches import Augmentation, CropSource, CropStream, ImageSource
from fusion_ros.training.data.crop_sampler import CropSampler, StepSampler
from fusion_ros.training.data.whole_images import WholeImageSource
from fusion_ros.training.fusion_module import FusionModule
from fusion_ros.training.loss_history import LossHistory
from fusion_ros.training.objective import Objective
from fusion_ros.training.parameter_averaging import ParameterAveraging
from fusion_ros.training.precision import uses_bf16
from fusion_ros.training.preview import PREVIEW_SECONDS, Preview
from fusion_ros.training.quiet_trainer import fit, quiet_trainer
from fusion_ros.training.run_clock import RunClock
from fusion_ros.training.training_config import WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from lightning.pytorch import Callback

    from fusion_ros.training.data.image_pairs import ImagePair
    from fusion_ros.training.teachers.registry import Teacher
    from fusion_ros.training.training_config import TrainingConfig

CHECKPOINT_NAME = "checkpoint.ckpt"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What does not change what is learned, but for the time limit.

    Attributes:
        device: ``cpu``, ``cuda``, …
        minutes: Train for this long instead of for a number of steps.
        checkpoint: Where to keep the state; None keeps none.
        checkpoint_steps: How often.
        resume: Go on from the checkpoint.
        on_progress: Called now and then with the share done and the parts of the loss.
        precision: Of `precision.PRECISIONS`; like the device, it changes what is learned a bit.
        devices: Train on so many of them at once, each with its own crops in every step.
        preview: Picture to write while training; None writes none.
        preview_pairs: A few of them are shown.
        preview_seconds: Time from one picture to the next.
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    minutes: float | None = None
    checkpoint: Path | None = None
    checkpoint_steps: int = 500
    resume: bool = False
    on_progress: Callable[[float, dict[str, float]], None] = lambda _share, _parts: None
    precision: str = "auto"
    devices: int = 1
    preview: Path | None = None
    preview_pairs: Sequence[ImagePair] = ()
    preview_seconds: float = PREVIEW_SECONDS


@dataclass(frozen=True, slots=True)
class Fit:
    """A finished training run.

    Attributes:
        names: Parts of the loss.
        history: (steps, parts), on the CPU: value of each part before each step.
        seconds: Wall time, over all parts of a resumed run [s].
    """

    names: tuple[str, ...]
    history: Tensor
    seconds: float

    def losses(self) -> list[float]:
        """Sum of all parts, of each step."""
        values: list[float] = self.history.sum(dim=1).tolist()
        return values


def train(
    network: nn.Module,
    config: TrainingConfig[Any],
    pairs: Sequence[ImagePair],
    teachers: Sequence[Teacher] = (),
    options: RunOptions | None = None,
    video: Sequence[tuple[ImagePair, ImagePair]] = (),
) -> Fit:
    """Train a network in place.

    With a number of steps the result depends on the configuration, the pairs and the video, the
    device, the number of devices, the precision and the number of threads alone; with a time limit
    also on the speed of the machine.

    Args:
        network: Of `networks.registry`, untrained.
        config: Hyper-parameters.
        pairs: Training data.
        teachers: To imitate; none trains by the loss alone.
        options: How to run.
        video: Pairs that follow each other in a video, for the configuration's `steadiness`,
            beside simulated ones.

    Raises:
        ConfigError: The parts of the configuration do not fit together, no pair or no step
            of the video is large enough, or a checkpoint is of another run.
        DivergenceError: The loss is no longer a number.
    """
    options = options or RunOptions()
    plan, augmentation = config.optimization, Augmentation(config.augmentation, config.seed)
    bf16 = uses_bf16(options.precision, options.device)
    objective = Objective(config, network.train(), teachers, bf16)
    clock = RunClock(plan.steps, options.minutes)
    module = FusionModule(network, objective, augmentation, plan, clock.rate_factor)
    source = _image_source(config, pairs, video)
    arithmetic = f"{options.devices} {bf16}"
    fingerprint = _fingerprint(config, [*pairs, *itertools.chain(*video)], teachers, arithmetic)
    done = _steps_kept(options, fingerprint)
    history = LossHistory(clock, options.checkpoint_steps, options.on_progress)
    averaging = ParameterAveraging(plan.averaging) if plan.averaging else None
    callbacks = _callbacks(options, fingerprint, clock, history, averaging)
    limit = plan.steps if options.minutes is None else -1
    trainer = quiet_trainer(options.device, options.devices, limit, callbacks)
    crops = CropStream(source, done, ahead=options.device.type != "cpu")
    fit(trainer, module, crops, options.checkpoint if options.resume else None)
    if averaging is not None:
        averaging.put_in_place(module)
    # Of several devices, that of this process.
    device = trainer.strategy.root_device
    network.to(device)
    if has_batch_statistics(network):
        stream = CropStream(source, trainer.global_step)
        estimate_batch_statistics(network, _seen(stream, augmentation, device))
    return Fit(tuple(history.names), history.values(), clock.time_elapsed())


def _callbacks(
    options: RunOptions,
    fingerprint: str,
    clock: RunClock,
    history: LossHistory,
    averaging: ParameterAveraging | None,
) -> list[Callback]:
    callbacks: list[Callback] = [clock, history]
    if averaging is not None:
        callbacks.append(averaging)
    if options.checkpoint is not None:
        # Behind all whose state it keeps.
        callbacks.append(
            CheckpointWriter(options.checkpoint, options.checkpoint_steps, fingerprint)
        )
    if options.preview is not None and options.preview_pairs:
        callbacks.append(Preview(options.preview, options.preview_pairs, options.preview_seconds))
    return callbacks


def _steps_kept(options: RunOptions, fingerprint: str) -> int:
    """Steps that are done already."""
    if not options.resume:
        return 0
    if options.checkpoint is None:
        raise ConfigError("resume: expected the path of a checkpoint")
    return steps_kept(options.checkpoint, fingerprint)


def _seen(stream: CropStream, augmentation: Augmentation, device: torch.device) -> Iterator[Tensor]:
    """What the network sees of some batches."""
    for crops in itertools.islice(stream, BATCHES):
        yield augmentation(crops.pairs.to(device), crops.number).seen


def _image_source(
    config: TrainingConfig[Any],
    pairs: Sequence[ImagePair],
    video: Sequence[tuple[ImagePair, ImagePair]],
) -> ImageSource:
    data, seed = config.data, config.seed
    if data.crop_px == WHOLE:
        watched, batch = video if config.steadiness else (), config.optimization.batch
        return WholeImageSource(pairs, watched, batch, seed, data.night_share)
    steps = StepSampler(video, data.crop_px, seed) if config.steadiness and video else None
    sampler = CropSampler(pairs, data.crop_px, seed, data.night_share)
    return CropSource(sampler, config.optimization.batch, steps)


def _fingerprint(
    config: TrainingConfig[Any],
    pairs: Sequence[ImagePair],
    teachers: Sequence[Teacher],
    arithmetic: str,
) -> str:
    digest = hashlib.sha256(f"{config.fingerprint()} {arithmetic}".encode())
    for teacher in teachers:
        digest.update(type(teacher).__name__.encode())
        if isinstance(teacher, nn.Module):
            for values in teacher.state_dict().values():
                digest.update(values.cpu().numpy().tobytes())
    for pair in pairs:
        digest.update(f"{pair.name} {pair.luma.shape}".encode())
    return digest.hexdigest()


def is_first_process() -> bool:
    """Whether this process is the one that tells and writes, of those that train together.

    With several devices Lightning starts the same command once more for each other one.
    """
    return int(rank_zero_only.rank) == 0


def choose_device(name: str) -> torch.device:
    """Device by name; ``auto`` takes a GPU where there is one.

    Raises:
        ConfigError: The device is not there.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as err:
        raise ConfigError(
            f"device {name!r}: cannot be used here ({err}); 'auto' takes what there is"
        ) from err
    return device
