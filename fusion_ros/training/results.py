# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a training run leaves behind: model, report, curves, sample pictures."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.backends.mm_lut.signals import block_features, context_signal, upsample_context
from fusion_ros.training import mm_lut_validation
from fusion_ros.training.loss_curves import draw_loss_curves, write_loss_table
from fusion_ros.training.network_validation import fuse_pair, validate_network
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork
from fusion_ros.training.networks.network_file import save_network
from fusion_ros.training.networks.registry import NETWORKS, Deployable
from fusion_ros.training.pictures import PANELS_PER_ROW, evenly_spread, write_panels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from torch import nn

    from fusion_ros.training.data.image_pairs import ImagePair
    from fusion_ros.training.training_config import TrainingConfig
    from fusion_ros.training.training_run import Fit


def model_path(folder: Path, kind: str) -> Path:
    """Where the model of a run lies."""
    return folder / f"{kind.replace('-', '_')}{NETWORKS[kind].suffix}"


def write_model(folder: Path, kind: str, network: nn.Module, config: TrainingConfig[Any]) -> None:
    """Write what was learned: in the form that is deployed, or else as the network's arrays."""
    path = model_path(folder, kind)
    if isinstance(network, Deployable):
        network.to_model().save(path)
    else:
        save_network(path, kind, config.network, network)


def write_report(
    folder: Path,
    config: TrainingConfig[Any],
    fit: Fit,
    validation: dict[str, Any],
    run: dict[str, Any],
) -> None:
    """Write ``report.json``, ``loss.csv`` and ``loss.png``."""
    report = {
        "config": dataclasses.asdict(config),
        **run,
        "steps_done": len(fit.history),
        "seconds": round(fit.seconds, 1),
        "validation": validation,
    }
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    write_loss_table(fit, folder / "loss.csv")
    draw_loss_curves(fit, folder / "loss.png")


def validate(
    network: nn.Module, pairs: Sequence[ImagePair], on_image: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Scores on 8-bit results; a table is judged in the form that is deployed."""
    if isinstance(network, MmLutNetwork):
        result = mm_lut_validation.validate(network.to_model(), pairs, on_image)
        return dataclasses.asdict(result)
    return {"images": len(pairs), "scores": validate_network(network, pairs, on_image)}


def write_samples(
    network: nn.Module, pairs: Sequence[ImagePair], folder: Path, prefix: str
) -> None:
    """Write pictures of some pairs, evenly spread."""
    for pair in evenly_spread(pairs):
        panels: list[NDArray[np.uint8]] = [pair.visible, pair.thermal, fuse_pair(network, pair)]
        if isinstance(network, MmLutNetwork):
            panels.append(_context_picture(network, pair))
        path = folder / f"{prefix}_{Path(pair.name).name}.png"
        write_panels(panels, path, PANELS_PER_ROW)


def _context_picture(network: MmLutNetwork, pair: ImagePair) -> NDArray[np.uint8]:
    context = context_signal(block_features(pair.luma, pair.thermal), network.to_model().layers)
    return np.rint(upsample_context(context, *pair.luma.shape) * 255).astype(np.uint8)
