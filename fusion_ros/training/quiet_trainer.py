# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Lightning's trainer without its banners, tips, loggers and folders."""

from __future__ import annotations

import logging
import signal
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lightning.pytorch import Trainer
from lightning.pytorch.utilities.exceptions import MisconfigurationException

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import torch
    from lightning.pytorch import Callback, LightningModule

ACCELERATORS = {"cuda": "gpu"}


def quiet_trainer(
    device: torch.device, devices: int, max_steps: int, callbacks: Sequence[Callback]
) -> Trainer:
    """A trainer that only trains, and writes only what its callbacks write.

    Args:
        device: To train on.
        devices: How many of its type.
        max_steps: Steps to do; -1 for no limit.
        callbacks: In the order in which they are called.

    Raises:
        ConfigError: There are not as many devices, or one is named where several are asked for.
    """
    several = devices > 1
    if several and device.index is not None:
        raise ConfigError(
            f"device {device}: expected no number where {devices} devices train together; pass "
            f"'{device.type}', and choose by CUDA_VISIBLE_DEVICES which of them are used"
        )
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    logging.getLogger("lightning.fabric").setLevel(logging.WARNING)
    chosen = devices if several or device.type == "cpu" else [device.index or 0]
    try:
        with _quiet():
            return Trainer(
                accelerator=ACCELERATORS.get(device.type, device.type),
                devices=chosen,
                strategy="ddp" if several else "auto",
                max_steps=max_steps,
                max_epochs=-1,
                callbacks=list(callbacks),
                logger=False,
                enable_checkpointing=False,
                enable_progress_bar=False,
                enable_model_summary=False,
                use_distributed_sampler=False,
            )
    except (MisconfigurationException, RuntimeError, ValueError) as err:
        raise ConfigError(
            f"{devices} device(s) of type {device.type}: cannot be used here ({err})"
        ) from err


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "GPU available but not used")
        # Lightning 2.6 with PyTorch 2.9 or later; there is nothing that a caller could do.
        warnings.filterwarnings("ignore", ".*LeafSpec", FutureWarning)
        yield


def fit(
    trainer: Trainer, module: LightningModule, crops: Iterable[Any], checkpoint: Path | None
) -> None:
    """Train, from a checkpoint if there is one; of that only plain values are unpickled.

    Ctrl-C is what it is elsewhere: Lightning by itself makes an exit of it, and ignores later ones.
    """
    handler = signal.getsignal(signal.SIGINT)
    try:
        with _quiet():
            trainer.fit(module, crops, ckpt_path=checkpoint, weights_only=True)
    except SystemExit as err:
        if not isinstance(err.__context__, KeyboardInterrupt):
            raise
        signal.signal(signal.SIGINT, handler)
        raise KeyboardInterrupt from None
