# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""``fusion_ros train``: makes the models that backends load, and their teachers."""

from __future__ import annotations

import typer

from fusion_ros.cli.train_ablation import train_ablation
from fusion_ros.cli.train_command import train_mm_lut, train_mm_net, train_rival

app = typer.Typer(help="Train a model.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _train() -> None:
    """Train a model."""


app.command("mm-lut")(train_mm_lut)
app.command("mm-net")(train_mm_net)
app.command("rival")(train_rival)
app.command("ablation")(train_ablation)
