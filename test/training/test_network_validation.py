# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How steady the result of a network in training is."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.errors import ConfigError  # noqa: E402
from fusion_ros.training.data.image_pairs import ImagePair  # noqa: E402
from fusion_ros.training.network_validation import (  # noqa: E402
    fused_change,
    maximum_change,
)


class Brighter(torch.nn.Module):
    """The brighter source, amplified."""

    multiple_px = 1

    def __init__(self, gain):
        super().__init__()
        self.gain = torch.nn.Parameter(torch.tensor(gain))

    def forward(self, luma, thermal):
        return self.gain * torch.maximum(luma, thermal)


def video(steps):
    """Frames whose left half is still but for a level, and whose right half moves."""
    frames = []
    for step in range(steps):
        luma = np.full((16, 24), 100, np.uint8)
        luma[:, :12] += step % 2
        luma[:, 12:] += 20 * (step % 3)
        frames.append(
            ImagePair(f"{step}", np.repeat(luma[..., None], 3, 2), luma, np.full_like(luma, 30))
        )
    return frames


def test_flicker_is_told_as_a_multiple_of_that_of_the_brighter_source():
    frames = video(5)
    brighter = maximum_change("street", frames)
    assert brighter == 4 * 16 * 12
    assert fused_change(Brighter(1.0), frames) == brighter
    # One level at rest becomes two, and what moves is not counted.
    assert fused_change(Brighter(2.0), frames) == 2 * brighter


def test_what_is_no_video_is_refused_by_name():
    with pytest.raises(ConfigError, match="street: expected a video with pixels that hold still"):
        maximum_change("street", video(1) * 3)
    small = ImagePair("s", *(np.zeros((8, 8), np.uint8) for _ in range(3)))
    with pytest.raises(ConfigError, match=r"street: .*several sizes"):
        maximum_change("street", [*video(2), small])
