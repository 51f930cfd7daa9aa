# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Teachers by name: one file and one line each.

A teacher is anything that fuses: a callable from luma and thermal, (B, H, W) in 0..255, to the
fused grey, (B, H, W) in 0..255. It is asked without gradients. One that is a module is loaded on
the CPU, and `mixture` moves it to where it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor

from fusion_ros.errors import ConfigError
from fusion_ros.training.teachers.hybrid_teacher import load_hybrid
from fusion_ros.training.teachers.mm_net_teacher import load_mm_net

Teacher: TypeAlias = Callable[[Tensor, Tensor], Tensor]

# Says that there is no teacher but the loss.
NO_TEACHER = "loss"


def _maximum(_path: Path | None) -> Teacher:
    return torch.maximum


TEACHERS: Mapping[str, Callable[[Path | None], Teacher]] = {
    "hybrid": load_hybrid,
    "mm-net": load_mm_net,
    "max": _maximum,
}


def load_teacher(text: str) -> Teacher:
    """Load a teacher.

    Args:
        text: ``NAME`` or ``NAME:PATH``.

    Raises:
        ConfigError: The name is unknown, or a path is missing.
        ModelArtifactError: The file is not usable.
    """
    name, _, path = text.partition(":")
    if name not in TEACHERS:
        raise ConfigError(
            f"teacher '{name}': expected '{NO_TEACHER}' or one of {', '.join(TEACHERS)}, "
            f"as NAME or NAME:PATH"
        )
    return TEACHERS[name](Path(path) if path else None)
