# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Images that tests make, and where real ones lie."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from fusion_ros.core.frames import FramePair

DATA = Path(os.environ.get("FUSION_ROS_DATA", Path(__file__).parents[2] / "shared" / "data"))


def needs_data(relative: str) -> pytest.MarkDecorator:
    """Skip where the data sets are not at hand."""
    return pytest.mark.skipif(
        not (DATA / relative).exists(),
        reason=f"needs the data sets ({relative}); set FUSION_ROS_DATA to their folder",
    )


def smooth_pair(height: int, width: int, seed: int = 0) -> FramePair:
    """A pair with soft shapes, like pictures rather than noise."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (4, max(2, height // 16), max(2, width // 16)))
    planes = [
        cv2.resize(plane.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        for plane in coarse
    ]
    visible = np.stack(planes[:3], axis=-1).astype(np.uint8)
    return FramePair(visible, planes[3].astype(np.uint8))


def noise_pair(height: int, width: int, seed: int = 0) -> FramePair:
    """A pair of noise over the whole range: the hardest case for interpolation."""
    random = np.random.default_rng(seed)
    visible = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return FramePair(visible, random.integers(0, 256, (height, width), dtype=np.uint8))
