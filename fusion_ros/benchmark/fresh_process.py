# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a contender costs a program that has just started: memory, and the first frame's time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.benchmark.pictures import benchmark_pair
from fusion_ros.core.frames import FramePair
from fusion_ros.errors import FusionError

if TYPE_CHECKING:
    from pathlib import Path

VISIBLE_FILE, THERMAL_FILE = "visible.npy", "thermal.npy"
DEADLINE_S = 300.0


@dataclass(frozen=True, slots=True)
class FreshFigures:
    """Figures of a process in which nothing but one contender ran.

    Attributes:
        first_frame_ms: From asking for the contender to its first fused frame: the import of its
            libraries, its model, its kernels from the cache on disk, and the fusion itself [ms].
        peak_memory_mb: Largest resident memory of the process, all included [MB]; None where the
            system does not tell.
        memory_growth_mb: The same, less what the process held before it asked for the contender:
            the interpreter, NumPy, OpenCV and the two images [MB].
        cores_busy: Processor time per wall time while it fused frame after frame: how many cores
            it used.
    """

    first_frame_ms: float
    peak_memory_mb: float | None
    memory_growth_mb: float | None
    cores_busy: float


def write_pair(folder: Path, size: tuple[int, int]) -> None:
    """Write the images that `measure_fresh` has fused; ready, for making them takes memory."""
    width, height = size
    pair = benchmark_pair(height, width)
    np.save(folder / VISIBLE_FILE, pair.visible)
    np.save(folder / THERMAL_FILE, pair.thermal)


def read_pair(folder: Path) -> FramePair:
    """Read what `write_pair` wrote."""
    return FramePair(np.load(folder / VISIBLE_FILE), np.load(folder / THERMAL_FILE))


def measure_fresh(contender: str, folder: Path, lutfuse_model: Path) -> FreshFigures:
    """Run a contender in a process of its own.

    Args:
        contender: Its name.
        folder: Where `write_pair` wrote.
        lutfuse_model: Where `write_lutfuse_model` wrote.

    Raises:
        FusionError: The process failed.
    """
    module = "fusion_ros.benchmark.single_contender"
    command = [sys.executable, "-m", module, contender, str(folder), str(lutfuse_model)]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )
    except subprocess.TimeoutExpired as err:
        raise FusionError(f"{contender}: no frame was fused within {DEADLINE_S:g} s") from err
    if result.returncode != 0:
        raise FusionError(
            f"{contender}: a process that fuses with it alone ended with code "
            f"{result.returncode}: {result.stderr.strip()[-500:]}"
        )
    # Libraries may have printed something before.
    return FreshFigures(**json.loads(result.stdout.splitlines()[-1]))
