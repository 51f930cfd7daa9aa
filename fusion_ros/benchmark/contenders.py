# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is measured against each other."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.backends.lutfuse.model import NODES, LutFuseModel, expected_shapes
from fusion_ros.backends.registry import BACKENDS, backend_info, usable_engines
from fusion_ros.core.frames import FramePair
from fusion_ros.pipeline import load_backend

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

Fuse = Callable[[FramePair], object]

YARDSTICK = "lutfuse on torch"
# What the backend `hybrid` is measured against.
HYBRID = "hybrid"
PAPER_UNET = "HybridFusion's U-Net on torch"
# Larger images would take it half a minute each, and many gigabytes.
PAPER_UNET_LARGEST_PX = 1280 * 720
FLOOR = "OpenCV weighted sum"
COPY = "copy of both images"
# The float64 definitions are left out: nobody runs them for speed.
NOT_TIMED = "reference"


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that fuses, or that bounds how fast one can fuse.

    Attributes:
        name: For tables.
        load: Makes it ready; what it returns fuses one pair.
        largest_px: Images of more pixels are not measured; None for no limit.
    """

    name: str
    load: Callable[[], Fuse]
    largest_px: int | None = None

    def takes(self, size: tuple[int, int]) -> bool:
        """Whether images of (width, height) are measured."""
        return self.largest_px is None or size[0] * size[1] <= self.largest_px


def contenders(lutfuse_model: Path, backends: Collection[str] = ()) -> list[Contender]:
    """The copy, OpenCV's weighted sum, and the backends on all engines that can run here.

    Args:
        lutfuse_model: Where `write_lutfuse_model` wrote.
        backends: Names of those wanted; none for all.

    Raises:
        ConfigError: There is no backend of some name.
    """
    for name in backends:
        backend_info(name)
    found = [Contender(COPY, _Copy), Contender(FLOOR, lambda: _weighted_sum)]
    for name in BACKENDS:
        if backends and name not in backends:
            continue
        model = lutfuse_model if name == "lutfuse" else None
        for engine in usable_engines(name):
            if engine != NOT_TIMED:
                load = functools.partial(_load, name, engine, model)
                found.append(Contender(f"{name} on {engine}", load))
        if name == HYBRID and importlib.util.find_spec("torch") is not None:
            found.append(Contender(PAPER_UNET, _load_paper_unet, PAPER_UNET_LARGEST_PX))
    return found


def is_of_hybrid(contender: str) -> bool:
    """Whether the HybridFusion paper, not LUT-Fuse, is what a contender is measured against."""
    return contender == PAPER_UNET or contender.startswith(f"{HYBRID} ")


def write_lutfuse_model(path: Path) -> None:
    """Write a model of LUT-Fuse's size; its speed does not depend on the values, random here."""
    random = np.random.default_rng(0)
    generator = {
        name: 0.1 * random.standard_normal(shape) for name, shape in expected_shapes().items()
    }
    LutFuseModel.from_arrays(random.random((NODES,) * 4), generator).save(path)


def _load_paper_unet() -> Fuse:
    # Torch takes seconds to import.
    from fusion_ros.benchmark.paper_unet_torch import PaperUnetContender

    return PaperUnetContender()


def _load(backend: str, engine: str, model: Path | None) -> Fuse:
    return functools.partial(load_backend(backend, engine, model).fuse, guidance=False)


def _weighted_sum(pair: FramePair) -> object:
    return cv2.addWeighted(
        pair.visible, 0.5, cv2.cvtColor(pair.thermal, cv2.COLOR_GRAY2BGR), 0.5, 0.0
    )


class _Copy:
    """Copies both images into memory that is there: no fusion can move fewer bytes."""

    def __init__(self) -> None:
        self._target = FramePair(np.empty(0, np.uint8), np.empty(0, np.uint8))

    def __call__(self, pair: FramePair) -> object:
        if self._target.visible.shape != pair.visible.shape:
            self._target = FramePair(np.empty_like(pair.visible), np.empty_like(pair.thermal))
        np.copyto(self._target.visible, pair.visible)
        np.copyto(self._target.thermal, pair.thermal)
        return self._target
