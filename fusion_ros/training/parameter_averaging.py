# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The running mean of the parameters, which is published instead of those of the last step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from lightning.pytorch.callbacks import WeightAveraging

if TYPE_CHECKING:
    from lightning.pytorch import LightningModule, Trainer
    from torch import Tensor

# The mean of n steps keeps at most n / (n + WARM_UP_STEPS) of itself.
WARM_UP_STEPS = 10


class ParameterAveraging(WeightAveraging):
    """Keeps an exponential mean beside the parameters, on the same device."""

    def __init__(self, keep: float) -> None:
        """Keep no mean yet.

        Args:
            keep: Share of the mean that each step keeps. In the first steps it is less, so that
                their mean is one of few, not of the untrained network.
        """

        def update(means: list[Tensor], parameters: list[Tensor], steps: Tensor | int) -> None:
            kept = min(keep, int(steps) / (int(steps) + WARM_UP_STEPS))
            torch._foreach_lerp_(means, parameters, 1 - kept)

        super().__init__(use_buffers=False, multi_avg_fn=update)

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Begin with the untrained parameters."""
        # Asked for its device now, a module would still name the CPU.
        self._device = trainer.strategy.root_device
        super().setup(trainer, pl_module, stage)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Leave the parameters as they are: `put_in_place` is for whoever trains.

        Lightning does not call this hook where nothing was left to be done, as when a run is
        resumed that had done its last step.
        """

    def put_in_place(self, module: LightningModule) -> None:
        """Give the mean to a module that was trained or resumed.

        Args:
            module: That the trainer was given.
        """
        self._copy_average_to_current(module)
