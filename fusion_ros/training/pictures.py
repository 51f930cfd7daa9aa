# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of a training run: the loss curve, and samples of what was learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.backends.mm_lut.signals import block_features, context_signal, upsample_context
from fusion_ros.errors import ConfigError
from fusion_ros.training.mm_lut_validation import fuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.backends.mm_lut.model import MmLutModel
    from fusion_ros.training.image_pairs import ImagePair

SMOOTHED_OVER_STEPS = 25


def draw_loss_curve(losses: Sequence[float], path: Path) -> None:
    """Draw the loss of each step and its running mean as a PNG."""
    # A figure of its own, without pyplot: works without a display and leaves no global state.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(losses, color="0.8", linewidth=0.7, label="step")
    width = min(SMOOTHED_OVER_STEPS, len(losses))
    mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    axes.plot(np.arange(width - 1, len(losses)), mean, color="C0", label=f"mean of {width}")
    axes.set(xlabel="step", ylabel="loss")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)


def write_sample(model: MmLutModel, pair: ImagePair, path: Path) -> None:
    """Write visible, thermal, fused image and context side by side as a PNG."""
    context = context_signal(block_features(pair.luma, pair.thermal), model.layers)
    shown = np.rint(upsample_context(context, *pair.luma.shape) * 255).astype(np.uint8)
    panels: list[NDArray[np.uint8]] = [
        pair.visible,
        _colour(pair.thermal),
        fuse(model, pair, context),
        _colour(shown),
    ]
    rows = [np.hstack(panels[:2]), np.hstack(panels[2:])]
    if not cv2.imwrite(str(path), np.vstack(rows)):
        raise ConfigError(f"{path}: the picture cannot be written there")


def _colour(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(grey[..., None], 3, axis=2)
