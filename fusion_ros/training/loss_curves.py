# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Loss curves of a training run: one panel for each part, and all values as a table."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from fusion_ros.training.training_run import Fit

SMOOTHED_OVER_STEPS = 25
COLUMNS = 3


def write_loss_table(fit: Fit, path: Path) -> None:
    """Write the parts of the loss of each step as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["step", *fit.names])
        for step, values in enumerate(fit.history.tolist()):
            table.writerow([step, *(f"{value:.6g}" for value in values)])


def draw_loss_curves(fit: Fit, path: Path) -> None:
    """Draw the sum and every part, each step and a running mean, as a PNG."""
    # A figure of its own, without pyplot: works without a display and leaves no global state.
    from matplotlib.figure import Figure

    curves = {"sum": fit.losses()} | dict(zip(fit.names, fit.history.T.tolist(), strict=True))
    rows = math.ceil(len(curves) / COLUMNS)
    figure = Figure(figsize=(4 * COLUMNS, 2.6 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, (name, values) in zip(panels, curves.items(), strict=False):
        width = min(SMOOTHED_OVER_STEPS, len(values))
        mean = np.convolve(values, np.full(width, 1 / width), mode="valid")
        axes.plot(values, color="0.8", linewidth=0.6)
        axes.plot(np.arange(width - 1, len(values)), mean, color="C0")
        axes.set(title=name, xlabel="step", ylabel="weighted loss")
        axes.grid(alpha=0.3)
    for axes in panels[len(curves) :]:
        axes.set_axis_off()
    figure.savefig(path, dpi=110)
