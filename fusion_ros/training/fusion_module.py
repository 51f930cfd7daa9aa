# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A network and what it is trained by, in the form that Lightning trains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from lightning.pytorch import LightningModule

from fusion_ros.training.networks.registry import parameter_groups
from fusion_ros.training.objective import Objective, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    from fusion_ros.training.data.batches import Augmentation, Batch, Crops
    from fusion_ros.training.training_config import Optimization


class FusionModule(LightningModule):
    """The same for every kind of network."""

    def __init__(
        self,
        network: nn.Module,
        objective: Objective,
        augmentation: Augmentation,
        plan: Optimization,
        rate_factor: Callable[[int], float],
    ) -> None:
        """Put the parts together.

        Args:
            network: That is trained, in place.
            objective: What each step makes smaller.
            augmentation: Varies the crops, on the device.
            plan: How the parameters move.
            rate_factor: From the number of a step to what learning rates are multiplied with.
        """
        super().__init__()
        self.network = network
        self._objective = objective
        self._augmentation = augmentation
        self._groups = parameter_groups(network, plan.rates)
        self._rate_factor = rate_factor

    def on_after_batch_transfer(self, batch: Crops, dataloader_idx: int) -> Batch:
        """Vary crops that have reached the device."""
        return self._augmentation(batch.pairs, batch.number, batch.video)

    def training_step(self, batch: Batch, batch_idx: int) -> dict[str, Any]:
        """The loss of a batch, and its parts for the history."""
        parts: dict[str, Tensor] = self._objective.parts(batch)
        values = {name: part.detach() for name, part in parts.items()}
        return {"loss": total(parts), "parts": values}

    def configure_optimizers(self) -> Any:
        """AdamW without weight decay, at rates that fall to zero."""
        optimizer = torch.optim.AdamW(self._groups, weight_decay=0.0, foreach=True)
        falling = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate_factor)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": falling, "interval": "step"},
        }
