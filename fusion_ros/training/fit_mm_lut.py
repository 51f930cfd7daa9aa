# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Trains an MM-LUT by direct optimization of a fusion loss; no teacher is needed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from fusion_ros.training.fusion_loss import FusionLoss, faint_edge_response, roughness
from fusion_ros.training.image_pairs import CropSampler
from fusion_ros.training.mm_lut_network import MmLutNetwork

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from fusion_ros.backends.mm_lut.model import MmLutModel
    from fusion_ros.training.image_pairs import ImagePair
    from fusion_ros.training.mm_lut_config import MmLutConfig


@dataclass(frozen=True, slots=True)
class MmLutFit:
    """A finished training run.

    Attributes:
        model: What was learned.
        losses: Loss of every step.
        seconds: Wall time [s].
    """

    model: MmLutModel
    losses: tuple[float, ...]
    seconds: float


def fit_mm_lut(
    config: MmLutConfig,
    pairs: Sequence[ImagePair],
    on_step: Callable[[float, float], None] = lambda _share, _loss: None,
    minutes: float | None = None,
    threads: int | None = None,
) -> MmLutFit:
    """Train.

    With a number of steps the result depends on the configuration and the pairs alone; with
    a time limit also on the speed of the machine.

    Args:
        config: Hyper-parameters.
        pairs: Training data.
        on_step: Called after each step with the share of the run done and the loss.
        minutes: Train for this long instead of for ``config.steps`` steps.
        threads: CPU threads; None for PyTorch's own choice.

    Raises:
        ConfigError: No pair is large enough for a crop.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    torch.manual_seed(config.seed)
    sampler = CropSampler(pairs, config.crop_px, config.seed)
    network = MmLutNetwork(config)
    loss_of = FusionLoss(
        config.intensity, config.gradient, config.structure, config.fidelity, config.balance
    )
    optimizer = torch.optim.AdamW(
        [
            {"params": [network.change], "lr": config.table_rate},
            {"params": network.layers.parameters(), "lr": config.network_rate},
        ],
        weight_decay=0.0,
    )
    rates = [group["lr"] for group in optimizer.param_groups]
    start = time.monotonic()
    losses: list[float] = []
    share = 0.0
    while share < 1.0:
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * 0.5 * (1 + np.cos(np.pi * share))
        batch = torch.from_numpy(sampler.draw(config.batch))
        losses.append(train_step(network, optimizer, loss_of, config, batch))
        share = _share_done(config.steps, len(losses), start, minutes)
        on_step(share, losses[-1])
    return MmLutFit(network.to_model(), tuple(losses), time.monotonic() - start)


def _share_done(steps: int, done: int, start: float, minutes: float | None) -> float:
    if minutes is None:
        return done / steps
    return (time.monotonic() - start) / (60 * minutes)


def train_step(
    network: MmLutNetwork,
    optimizer: torch.optim.Optimizer,
    loss_of: FusionLoss,
    config: MmLutConfig,
    batch: Tensor,
) -> float:
    """Make one optimizer step; (2, B, H, W) luma and thermal in, the loss before the step out."""
    luma, thermal = batch
    weight = network(luma, thermal)
    fused = (luma + weight * (thermal - luma)) / 255
    loss = (
        loss_of(fused, luma / 255, thermal / 255)
        + config.smoothness * roughness(network.change)
        + config.calmness * faint_edge_response(network.table())
    )
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return float(loss.detach())
