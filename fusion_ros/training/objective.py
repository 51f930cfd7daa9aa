# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a training step makes smaller: loss, penalties, flicker, distance from the teachers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from fusion_ros.errors import ConfigError
from fusion_ros.training.losses.flicker import flicker
from fusion_ros.training.losses.fusion_loss import FusionLoss, require_known_terms
from fusion_ros.training.losses.table_penalties import PENALTIES
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork
from fusion_ros.training.teachers.distillation import Distillation, Lesson
from fusion_ros.training.teachers.mixture import BestTeacher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_ros.training.data.batches import Batch
    from fusion_ros.training.teachers.registry import Teacher
    from fusion_ros.training.training_config import TrainingConfig


class Objective:
    """The weighted terms of a configuration, applied to a network."""

    def __init__(
        self,
        config: TrainingConfig[Any],
        network: nn.Module,
        teachers: Sequence[Teacher] = (),
        bf16: bool = False,
    ) -> None:
        """Check that the parts fit together.

        Args:
            config: With the weights of the terms.
            network: That is trained.
            teachers: To imitate.
            bf16: Let the network compute in bfloat16 where PyTorch deems that safe.

        Raises:
            ConfigError: They do not.
        """
        require_known_terms("penalties", config.penalties, PENALTIES)
        if config.penalties and not isinstance(network, MmLutNetwork):
            raise ConfigError("penalties: expected none, for this network has no table")
        if bool(teachers) != bool(config.distillation):
            raise ConfigError(
                "a teacher and the section 'distillation' of the configuration need each other: "
                f"got {len(teachers)} teacher(s) and terms {sorted(config.distillation)}"
            )
        if not config.loss and not config.distillation:
            raise ConfigError("loss: expected at least one term, or a teacher")
        self._loss = FusionLoss(config.loss)
        self._distillation = Distillation(config.distillation)
        self._penalties = config.penalties
        self._steadiness = config.steadiness
        self._network = network
        self._bf16 = bf16
        self._teacher = BestTeacher(teachers) if teachers else None

    def parts(self, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms of a batch, scalars whose sum is to be made smaller."""
        fused = self._fuse(*batch.seen) / 255
        luma, thermal = batch.clean / 255
        parts = self._loss.parts(fused, luma, thermal)
        if self._steadiness:
            parts["steadiness"] = self._steadiness * self._flicker(batch)
        if self._teacher is not None:
            taught = self._teacher(*batch.clean) / 255
            parts |= self._distillation.parts(Lesson(fused, taught, luma, thermal))
        if isinstance(self._network, MmLutNetwork) and self._penalties:
            change, grey = self._network.change, self._network.grey_at_nodes()
            for name, weight in self._penalties.items():
                parts[name] = weight * PENALTIES[name](change, grey)
        return parts

    def _fuse(self, luma: Tensor, thermal: Tensor) -> Tensor:
        # The network alone: differences of greys that nearly agree need float32.
        with torch.autocast(luma.device.type, torch.bfloat16, enabled=self._bf16):
            fused: Tensor = self._network(luma, thermal)
        return fused.float()

    def _flicker(self, batch: Batch) -> Tensor:
        earlier, later = batch.successive_frames()
        luma, thermal = torch.cat((earlier, later), dim=1)
        fused = self._fuse(luma, thermal).chunk(2)
        return flicker((*earlier, fused[0]), (*later, fused[1])) / 255


def total(parts: dict[str, Tensor]) -> Tensor:
    """Sum of all parts."""
    return torch.stack(tuple(parts.values())).sum()
