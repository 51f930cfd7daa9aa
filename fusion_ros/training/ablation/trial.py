# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One row of the ablation with one seed: trained, scored, and remembered on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from fusion_ros.errors import ConfigError
from fusion_ros.training.ablation.rows import ROWS
from fusion_ros.training.checkpoint import remove_checkpoint
from fusion_ros.training.data.image_pairs import read_pairs, read_training_images
from fusion_ros.training.network_shapes import MmLutShape
from fusion_ros.training.network_validation import (
    fuse_pair,
    fused_change,
    maximum_change,
    validate_network,
)
from fusion_ros.training.networks.network_file import write_parameters
from fusion_ros.training.pictures import write_panels
from fusion_ros.training.teachers.registry import load_teacher
from fusion_ros.training.threads import use_threads
from fusion_ros.training.training_config import TrainingConfig, read_config
from fusion_ros.training.training_run import (
    CHECKPOINT_NAME,
    RunOptions,
    choose_device,
    train,
)

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from fusion_ros.training.data.image_pairs import ImagePair

RESULT_NAME = "result.json"
# Against that of the maximum of both sources.
FLICKER = "flicker / max"


@dataclass(frozen=True, slots=True)
class Trial:
    """What is to be done; travels to another process.

    Attributes:
        row: Name in `ROWS`.
        seed: Of everything random.
        config: File with the MM-LUT's hyper-parameters.
        steps: Instead of the file's; None keeps them.
        data: Folders to train on.
        video: Folders of consecutive frames to train on.
        val: Folders to score on.
        val_video: Likewise, each with the frames of a video.
        teachers: For the rows that have some.
        folder: For the results.
        device: To train on.
        threads: Of the CPU; None for PyTorch's own choice.
    """

    row: str
    seed: int
    config: Path
    steps: int | None
    data: tuple[str, ...]
    video: tuple[str, ...]
    val: tuple[str, ...]
    val_video: tuple[str, ...]
    teachers: tuple[str, ...]
    folder: Path
    device: str
    threads: int | None

    def fingerprint(self) -> str:
        """Text that is equal for trials with equal results."""
        values = dataclasses.asdict(self)
        for name in ("folder", "device", "threads", "config"):
            del values[name]
        values["hyper-parameters"] = self.configuration().fingerprint()
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def configuration(self) -> TrainingConfig[Any]:
        """Hyper-parameters of the row."""
        row = ROWS[self.row]
        config = row.change(read_config(self.config, MmLutShape))
        plan = config.optimization
        return dataclasses.replace(
            config,
            seed=self.seed,
            optimization=dataclasses.replace(plan, steps=self.steps or plan.steps),
            distillation=config.distillation if row.taught else {},
        )

    def scored(self) -> list[str]:
        """Folders to score on, each once."""
        return list(dict.fromkeys((*self.val, *self.val_video)))

    def result_path(self) -> Path:
        """Where the result lies."""
        return self.folder / self.row / f"seed{self.seed}" / RESULT_NAME


def run_trial(trial: Trial) -> dict[str, Any]:
    """Do a trial, or return what is already known of it.

    Raises:
        ConfigError: The folder holds a result of other settings.
    """
    path = trial.result_path()
    known = _known_result(path, trial.fingerprint())
    if known is not None:
        return known
    use_threads(trial.threads)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(trial.seed)
    config = trial.configuration()
    # A folder that is no video shows now, not after the training.
    frames = {source: read_pairs(source) for source in trial.scored()}
    maxima = {source: maximum_change(source, frames[source]) for source in trial.val_video}
    network = ROWS[trial.row].build(config)
    seconds = _train(trial, config, network)
    scores = {}
    for source in trial.scored():
        pairs = frames[source]
        scores[source] = validate_network(network, pairs)
        if source in trial.val_video:
            scores[source][FLICKER] = fused_change(network, pairs) / maxima[source]
        _write_fused(network, pairs, path.parent)
    write_parameters(path.with_name("network.npz"), network)
    parameters = sum(values.numel() for values in network.parameters())
    result = {
        "fingerprint": trial.fingerprint(), "row": trial.row, "seed": trial.seed,
        "seconds": round(seconds, 1), "parameters": parameters, "scores": scores,
    }  # fmt: skip
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
    remove_checkpoint(path.with_name(CHECKPOINT_NAME))
    return result


def _train(trial: Trial, config: TrainingConfig[Any], network: nn.Module) -> float:
    images = read_training_images(trial.data, trial.video, config)
    device = choose_device(trial.device)
    checkpoint = trial.result_path().with_name(CHECKPOINT_NAME)
    options = RunOptions(device, checkpoint=checkpoint, resume=checkpoint.exists())
    teachers = [load_teacher(text) for text in trial.teachers if ROWS[trial.row].taught]
    fit = train(network, config, images.pairs, teachers, options, images.steps)
    network.cpu().eval()
    return fit.seconds


def _known_result(path: Path, fingerprint: str) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if result["fingerprint"] != fingerprint:
        raise ConfigError(
            f"{path}: is the result of other settings; choose another folder, or remove it"
        )
    return result


def _write_fused(network: nn.Module, pairs: list[ImagePair], folder: Path) -> None:
    """Keep the fused image of the pair in the middle, for the picture of all rows."""
    pair = pairs[len(pairs) // 2]
    name = pair.name.replace("/", "_")
    write_panels([fuse_pair(network, pair)], folder / f"{name}.png", per_row=1)
