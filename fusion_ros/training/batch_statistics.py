# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Statistics of batch normalization for the parameters that are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim.swa_utils import update_bn

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCHES = 50


def has_batch_statistics(network: nn.Module) -> bool:
    """Whether a network normalizes by running statistics of its batches."""
    return any(
        isinstance(module, _BatchNorm) and module.track_running_stats
        for module in network.modules()
    )


def estimate_batch_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Estimate all running statistics anew, as plain means over some batches.

    Those that training leaves behind belong to parameters that moved on, and with averaging to
    none that were ever used.

    Args:
        network: Of `networks.registry`; only its running statistics change.
        batches: (2, B, H, W), luma and thermal in 0..255, on the network's device.
    """
    update_bn(batches, _Stacked(network))


class _Stacked(nn.Module):
    """A network that takes both sources as one tensor."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, sources: Tensor) -> Tensor:
        fused: Tensor = self.network(*sources)
        return fused
