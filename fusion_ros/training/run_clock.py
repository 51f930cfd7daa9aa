# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How much of a training run is done, by steps or by the clock."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lightning.pytorch.callbacks import Timer

if TYPE_CHECKING:
    from lightning.pytorch import LightningModule, Trainer


class RunClock(Timer):
    """Measures a run over all its parts, ends it by the clock, and says what share is done."""

    def __init__(self, steps: int, minutes: float | None) -> None:
        """Start no clock yet.

        Args:
            steps: Whole length of the run, unless there is a time limit.
            minutes: The time limit.
        """
        super().__init__(None if minutes is None else timedelta(minutes=minutes), verbose=False)
        self._steps, self._minutes = steps, minutes
        self._agreed_share = 0.0

    def on_train_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Let all processes that train together go by the clock of the first one.

        Each one's own would give each its own learning rates, and their parameters drift apart.
        """
        if self._minutes is not None:
            share = self.share_done(trainer.global_step)
            self._agreed_share = float(trainer.strategy.broadcast(share))

    def share_done(self, step: int) -> float:
        """Share of the run that is done after so many steps, 0 to 1."""
        if self._minutes is None:
            return step / self._steps
        return min(self.time_elapsed() / (60 * self._minutes), 1.0)

    def rate_factor(self, step: int) -> float:
        """What learning rates are multiplied with: half a cosine, from 1 to 0."""
        share = self.share_done(step) if self._minutes is None else self._agreed_share
        return 0.5 * (1 + math.cos(math.pi * share))
