# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A picture of what the network does at the moment, while it is trained."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING, Any

import cv2
from lightning.pytorch import Callback, LightningModule, Trainer

from fusion_ros.errors import FusionError
from fusion_ros.training.network_validation import fuse_pair, weight_picture
from fusion_ros.training.pictures import evenly_spread, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import nn

    from fusion_ros.training.data.image_pairs import ImagePair

PREVIEW_SECONDS = 60.0
# A full disk, a folder that is gone, memory that is short: PyTorch's errors are RuntimeErrors.
FAILURES = (FusionError, OSError, MemoryError, RuntimeError, cv2.error)


class Preview(Callback):
    """Writes a picture of some pairs now and then, by the parameters of that step.

    A picture that cannot be made is warned of once; a long training does not end for it.
    """

    def __init__(self, path: Path, pairs: Sequence[ImagePair], seconds: float) -> None:
        """Write nothing yet.

        Args:
            path: Of the picture.
            pairs: A few of them are shown.
            seconds: Time from one picture to the next.
        """
        self._path, self._pairs, self._seconds = path, evenly_spread(pairs), seconds
        self._written = time.monotonic()
        self._warned = False

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Write the picture if it is time to."""
        if trainer.is_global_zero and time.monotonic() - self._written >= self._seconds:
            network: Any = pl_module.network
            network.eval()
            try:
                write_preview(network, self._pairs, self._path)
            except FAILURES as err:
                self._warn(err)
            finally:
                network.train()
            self._written = time.monotonic()

    def _warn(self, err: Exception) -> None:
        if not self._warned:
            warnings.warn(
                f"{self._path}: expected to draw a preview, but it failed ({err}); the training "
                f"goes on, and tries again every {self._seconds:g} s",
                stacklevel=2,
            )
        self._warned = True


def write_preview(network: nn.Module, pairs: Sequence[ImagePair], path: Path) -> None:
    """Write a row for each pair: visible, thermal, fused, and the weights where it has some."""
    rows = []
    for pair in pairs:
        row = [pair.visible, pair.thermal, fuse_pair(network, pair)]
        weight = weight_picture(network, pair)
        rows.append(row if weight is None else [*row, weight])
    write_rows(rows, path)
