# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train``: makes the models that backends load, and their teachers."""

from __future__ import annotations

import typer

from fusion_ros.cli.train_ablation import train_ablation
from fusion_ros.cli.train_command import train_command

app = typer.Typer(help="Train a model.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _train() -> None:
    """Train a model."""


NETWORKS = {
    "hybrid": "Train the hybrid's guidance network on registered pairs of images.",
    "hybrid-unet": "Train the guidance network of the HybridFusion paper, to compare with.",
    "mm-lut": "Train the MM-LUT's table and context network on registered pairs of images.",
    "mm-net": "Train the MM-Net, the fusion network that teaches the MM-LUT.",
    "rival": "Train a network of 113 parameters, to compare the MM-LUT with.",
}
for kind, text in NETWORKS.items():
    app.command(kind)(train_command(kind, text))
app.command("ablation")(train_ablation)
