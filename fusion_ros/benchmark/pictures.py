# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The images that are fused, and their sizes."""

from __future__ import annotations

import cv2
import numpy as np

from fusion_ros.core.frames import FramePair
from fusion_ros.errors import ConfigError

# Width and height [px].
SIZES = {"480p": (640, 480), "720p": (1280, 720), "1080p": (1920, 1080)}


def size_named(name: str) -> tuple[int, int]:
    """Width and height [px] of a size.

    Raises:
        ConfigError: There is none of that name.
    """
    try:
        return SIZES[name]
    except KeyError:
        raise ConfigError(f"unknown size '{name}'; expected some of: {', '.join(SIZES)}") from None


def size_name(width: int, height: int) -> str:
    """Name of a size, or its width and height [px] where it has none."""
    names = [name for name, size in SIZES.items() if size == (width, height)]
    return names[0] if names else f"{width}x{height}"


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
