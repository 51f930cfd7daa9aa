# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A training run on disk, to go on with after it was stopped."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from fusion_ros.errors import ConfigError, ModelArtifactError

if TYPE_CHECKING:
    from pathlib import Path

FINGERPRINT = "fingerprint"
# Of the file that is being written, beside the one that it replaces.
PARTIAL = ".partial"


class CheckpointWriter(Callback):
    """Keeps the whole state of a run in one file.

    Lightning's own ModelCheckpoint warns of every folder that holds files already, such as the
    one of results. Whoever reads at any moment, or after a crash, finds the old or the new file,
    whole.
    """

    def __init__(self, path: Path, every_steps: int, fingerprint: str) -> None:
        """Write nothing yet.

        Args:
            path: Of the file.
            every_steps: How often to write it.
            fingerprint: Of the run's configuration and data.
        """
        self._path, self._every_steps, self._fingerprint = path, every_steps, fingerprint

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Write the state if it is time to."""
        if trainer.global_step % self._every_steps == 0:
            partial = self._path.with_suffix(PARTIAL)
            # All processes take part, the first one writes, and no other goes on before it has.
            trainer.save_checkpoint(partial)
            if trainer.is_global_zero:
                _put_in_place(partial, self._path)

    def on_save_checkpoint(
        self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Say whose state it is."""
        checkpoint[FINGERPRINT] = self._fingerprint


def _put_in_place(partial: Path, path: Path) -> None:
    """Replace a file by one that is on disk entirely."""
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)


def remove_checkpoint(path: Path) -> None:
    """Remove the checkpoint of a run whose results are written, and what a crash left of one."""
    for each in (path, path.with_suffix(PARTIAL)):
        each.unlink(missing_ok=True)


def steps_kept(path: Path, fingerprint: str) -> int:
    """Steps that the run of a checkpoint had done; only plain values are ever unpickled.

    Raises:
        ModelArtifactError: The file is missing or damaged.
        ConfigError: It is of another run.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        found, steps = state[FINGERPRINT], int(state["global_step"])
    except (OSError, LookupError, TypeError, EOFError, RuntimeError, pickle.UnpicklingError) as err:
        raise ModelArtifactError(
            f"{path}: expected the checkpoint of a training run, but it cannot be read ({err}); "
            f"start anew without --resume"
        ) from err
    if found != fingerprint:
        raise ConfigError(
            f"{path}: is of a run with another configuration, other images, other teachers, "
            f"another number of devices or another precision; resume with the same, or start anew "
            f"in another folder"
        )
    return steps
