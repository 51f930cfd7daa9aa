# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``python -m fusion_ros.training.ablation``: the same as ``fusion_ros train ablation``."""

from __future__ import annotations

import sys

import typer

from fusion_ros.cli.train_ablation import train_ablation
from fusion_ros.errors import FusionError

if __name__ == "__main__":
    try:
        typer.run(train_ablation)
    except (FusionError, OSError) as err:
        sys.exit(f"error: {err}")
