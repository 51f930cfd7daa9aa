# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What is measured against each other."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.backends.lutfuse.model import NODES, LutFuseModel, expected_shapes
from fusion_ros.backends.registry import BACKENDS, usable_engines
from fusion_ros.core.frames import FramePair
from fusion_ros.pipeline import load_backend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

YARDSTICK = "lutfuse on torch"
FLOOR = "OpenCV weighted sum"


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that fuses.

    Attributes:
        name: For the table.
        fuse: Fuses one pair.
    """

    name: str
    fuse: Callable[[FramePair], object]


def contenders(scratch: Path) -> list[Contender]:
    """All backends on all engines that can run here, and OpenCV's weighted sum.

    The slow float64 definitions are left out: nobody runs them for speed.

    Args:
        scratch: Folder for a model of LUT-Fuse's size. Its values are random, for its speed
            does not depend on them.
    """
    lutfuse_model = scratch / "lutfuse.npz"
    _random_lutfuse().save(lutfuse_model)
    found = [Contender(FLOOR, _weighted_sum)]
    for name in BACKENDS:
        for engine in usable_engines(name):
            if engine == "reference":
                continue
            model = lutfuse_model if name == "lutfuse" else None
            pipeline = load_backend(name, engine, model)
            fuse = functools.partial(pipeline.fuse, guidance=False)
            found.append(Contender(f"{name} on {engine}", fuse))
    return found


def benchmark_pair(height: int, width: int) -> FramePair:
    """A pair with the statistics of pictures: detail at all scales, a few warm spots."""
    random = np.random.default_rng(0)
    planes = [_cloud(random, height, width) for _ in range(4)]
    visible = np.stack([(0.7 * planes[0] + 0.3 * plane) for plane in planes[:3]], axis=-1)
    return FramePair(visible.astype(np.uint8), (0.3 * planes[0] + 0.7 * planes[3]).astype(np.uint8))


def _cloud(random: np.random.Generator, height: int, width: int) -> np.ndarray:
    total = np.zeros((height, width))
    for octave in range(1, 8):
        coarse = random.random((2 + (height >> octave), 2 + (width >> octave)))
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 2**octave
    low, high = total.min(), total.max()
    return (total - low) / (high - low) * 255.0


def _weighted_sum(pair: FramePair) -> object:
    return cv2.addWeighted(
        pair.visible, 0.5, cv2.cvtColor(pair.thermal, cv2.COLOR_GRAY2BGR), 0.5, 0.0
    )


def _random_lutfuse() -> LutFuseModel:
    random = np.random.default_rng(0)
    generator = {
        name: 0.1 * random.standard_normal(shape) for name, shape in expected_shapes().items()
    }
    return LutFuseModel.from_arrays(random.random((NODES,) * 4), generator)
