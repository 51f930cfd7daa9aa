# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of the network during training; losses and results are in float32 always."""

from __future__ import annotations

import torch

from fusion_ros.errors import ConfigError

PRECISIONS = ("auto", "bf16", "32")


def uses_bf16(precision: str, device: torch.device) -> bool:
    """Whether the network is to compute in bfloat16 where PyTorch deems that safe.

    Args:
        precision: Of `PRECISIONS`; ``auto`` means bf16 on a GPU that is made for it, else 32.
        device: To train on.

    Raises:
        ConfigError: An unknown precision.
    """
    if precision not in PRECISIONS:
        raise ConfigError(f"precision: expected one of {', '.join(PRECISIONS)}, got {precision!r}")
    if precision == "auto":
        return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return precision == "bf16"
