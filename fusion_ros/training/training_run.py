# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The training loop, the same for every kind of network."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.training.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from fusion_ros.training.data.batches import Augmentation, CropSource, batches
from fusion_ros.training.data.crop_sampler import CropSampler, StepSampler
from fusion_ros.training.networks.registry import parameter_groups
from fusion_ros.training.objective import Objective, total

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fusion_ros.training.data.image_pairs import ImagePair
    from fusion_ros.training.teachers.registry import Teacher
    from fusion_ros.training.training_config import TrainingConfig

# Losses are fetched from the device, and progress is told, once in so many steps.
REPORT_STEPS = 10
CHECKPOINT_NAME = "checkpoint.pt"


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
    """

    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    minutes: float | None = None
    checkpoint: Path | None = None
    checkpoint_steps: int = 500
    resume: bool = False
    on_progress: Callable[[float, dict[str, float]], None] = lambda _share, _parts: None


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
    device and the number of threads alone; with a time limit also on the speed of the machine.

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
        FusionError: The loss is no longer a number.
    """
    return _Run(network, config, pairs, teachers, options or RunOptions(), video).finish()


class _Run:
    """One run and its moving state."""

    def __init__(
        self,
        network: nn.Module,
        config: TrainingConfig[Any],
        pairs: Sequence[ImagePair],
        teachers: Sequence[Teacher],
        options: RunOptions,
        video: Sequence[tuple[ImagePair, ImagePair]],
    ) -> None:
        self.config, self.options = config, options
        self.network = network.to(options.device).train()
        self.objective = Objective(config, network, teachers)
        plan = config.optimization
        groups = parameter_groups(network, plan.rates)
        self.rates = [group["lr"] for group in groups]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=0.0, foreach=True)
        self.parameters = [parameter for group in groups for parameter in group["params"]]
        self.average = [p.detach().clone() for p in self.parameters] if plan.averaging else []
        self.source = _crop_source(config, pairs, video)
        self.augmentation = Augmentation(config.augmentation, config.seed)
        self.fingerprint = _fingerprint(
            config, [*pairs, *(pair for step in video for pair in step)]
        )
        self.step, self.seconds = 0, 0.0
        self.names: list[str] = []
        self.history: list[Tensor] = []

    def finish(self) -> Fit:
        """Train to the end."""
        if self.options.resume:
            self._resume()
        start = time.monotonic() - self.seconds
        stream = batches(self.source, self.augmentation, self.options.device, self.step)
        waiting: list[Tensor] = []
        share = self._share_done()
        while share < 1.0:
            waiting.append(self._take_step(next(stream), share))
            self.step += 1
            self.seconds = time.monotonic() - start
            share = self._share_done()
            if len(waiting) == REPORT_STEPS or share >= 1.0:
                self._report(waiting, share)
            if self.step % self.options.checkpoint_steps == 0:
                self._report(waiting, share)
                self._write_checkpoint()
        stream.close()
        self._publish_average()
        history = torch.cat(self.history) if self.history else torch.zeros(0, 0)
        return Fit(tuple(self.names), history, self.seconds)

    def _take_step(self, batch: Any, share: float) -> Tensor:
        """Make one optimizer step; the parts of the loss before it, on the device."""
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * share))
        parts = self.objective.parts(batch)
        self.names = list(parts)
        self.optimizer.zero_grad(set_to_none=True)
        total(parts).backward()
        self.optimizer.step()
        keep = self.config.optimization.averaging
        if self.average:
            # The first steps' mean is one of few, not of the untrained network.
            keep = min(keep, self.step / (self.step + 10))
            torch._foreach_lerp_(self.average, [p.detach() for p in self.parameters], 1 - keep)
        return torch.stack([part.detach() for part in parts.values()])

    def _report(self, waiting: list[Tensor], share: float) -> None:
        if not waiting:
            return
        values = torch.stack(waiting).cpu()
        waiting.clear()
        if not values.isfinite().all():
            raise FusionError(
                f"training: the loss is no longer a number near step {self.step}; try smaller "
                f"learning rates"
            )
        self.history.append(values)
        self.options.on_progress(
            min(share, 1.0), dict(zip(self.names, values.mean(dim=0).tolist(), strict=True))
        )

    def _share_done(self) -> float:
        if self.options.minutes is None:
            return self.step / self.config.optimization.steps
        return self.seconds / (60 * self.options.minutes)

    def _publish_average(self) -> None:
        with torch.no_grad():
            for parameter, mean in zip(self.parameters, self.average, strict=False):
                parameter.copy_(mean)

    def _write_checkpoint(self) -> None:
        if self.options.checkpoint is None:
            return
        state = Checkpoint(
            fingerprint=self.fingerprint,
            step=self.step,
            seconds=self.seconds,
            network=self.network.state_dict(),
            average=self.average,
            optimizer=self.optimizer.state_dict(),
            names=self.names,
            history=torch.cat(self.history),
        )
        write_checkpoint(self.options.checkpoint, state)

    def _resume(self) -> None:
        if self.options.checkpoint is None:
            raise ConfigError("resume: expected the path of a checkpoint")
        state = read_checkpoint(self.options.checkpoint)
        if state.fingerprint != self.fingerprint:
            raise ConfigError(
                f"{self.options.checkpoint}: is of a run with another configuration or other "
                f"images; resume with the same, or start anew in another folder"
            )
        self.network.load_state_dict(state.network)
        self.optimizer.load_state_dict(state.optimizer)
        with torch.no_grad():
            for mean, saved in zip(self.average, state.average, strict=True):
                mean.copy_(saved)
        self.step, self.seconds = state.step, state.seconds
        self.names, self.history = state.names, [state.history]


def _crop_source(
    config: TrainingConfig[Any],
    pairs: Sequence[ImagePair],
    video: Sequence[tuple[ImagePair, ImagePair]],
) -> CropSource:
    data, seed = config.data, config.seed
    steps = StepSampler(video, data.crop_px, seed) if config.steadiness and video else None
    sampler = CropSampler(pairs, data.crop_px, seed, data.night_share)
    return CropSource(sampler, config.optimization.batch, steps)


def _fingerprint(config: TrainingConfig[Any], pairs: Sequence[ImagePair]) -> str:
    digest = hashlib.sha256(config.fingerprint().encode())
    for pair in pairs:
        digest.update(f"{pair.name} {pair.luma.shape}".encode())
    return digest.hexdigest()


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
