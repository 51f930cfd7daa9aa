# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All parts of the loss at every step, told now and then, and kept in checkpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from fusion_ros.errors import DivergenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.training.run_clock import RunClock

# Losses are fetched from the device, and progress is told, once in so many steps.
REPORT_STEPS = 10


class LossHistory(Callback):
    """Records what `FusionModule` gives at each step; the mean over all devices."""

    def __init__(
        self,
        clock: RunClock,
        checkpoint_steps: int,
        on_progress: Callable[[float, dict[str, float]], None],
    ) -> None:
        """Record nothing yet.

        Args:
            clock: Knows the share done.
            checkpoint_steps: How often the state is kept, which must not lack a step.
            on_progress: Called now and then with the share done and the parts of the loss.
        """
        self._clock, self._checkpoint_steps = clock, checkpoint_steps
        self._on_progress = on_progress
        self._waiting: list[Tensor] = []
        self._known: list[Tensor] = []
        self.names: list[str] = []

    def values(self) -> Tensor:
        """(steps, parts), on the CPU."""
        return torch.cat(self._known) if self._known else torch.zeros(0, 0)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Record a step."""
        parts: dict[str, Tensor] = outputs["parts"]
        self.names = list(parts)
        self._waiting.append(torch.stack(tuple(parts.values())))
        if len(self._waiting) == REPORT_STEPS or trainer.global_step % self._checkpoint_steps == 0:
            self._report(trainer)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Tell of the last steps."""
        self._report(trainer)

    def _report(self, trainer: Trainer) -> None:
        if not self._waiting:
            return
        values = trainer.strategy.reduce(torch.stack(self._waiting), reduce_op="mean").cpu()
        self._waiting.clear()
        if not values.isfinite().all():
            raise DivergenceError(
                f"training: the loss is no longer a number near step {trainer.global_step}; try "
                f"smaller learning rates"
            )
        self._known.append(values)
        if trainer.is_global_zero:
            means = dict(zip(self.names, values.mean(dim=0).tolist(), strict=True))
            self._on_progress(self._clock.share_done(trainer.global_step), means)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"names": self.names, "values": self.values()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        self.names, self._known = state_dict["names"], [state_dict["values"]]
