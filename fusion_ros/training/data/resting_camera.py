# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What two cameras at rest show a frame later, simulated from one pair.

The scene is the same, yet no pixel has to be: mounts tremble by a fraction of a pixel, levels
drift, codecs round each block anew, and sensors are noisy.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

TREMBLE_PX = 0.3
DRIFT_LEVELS = 0.6
# Side of a codec's blocks, and standard deviation of their mean.
BLOCK_PX, BLOCK_LEVELS = 8, 0.2
NOISE_LEVELS = 0.45


def a_frame_later(crops: Tensor, generator: torch.Generator) -> Tensor:
    """Simulate the next frame.

    Args:
        crops: (2, C, H, W) luma and thermal, 0..255.
        generator: Source of random numbers, on the device of the crops.

    Returns:
        Of the same shape, whole numbers 0..255.
    """
    sources, count, height, width = crops.shape

    def uniform(*shape: int) -> Tensor:
        return 2 * torch.rand(shape, generator=generator, device=crops.device) - 1

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, device=crops.device)

    moved = _shifted(crops.flatten(0, 1), TREMBLE_PX * uniform(sources * count, 2))
    blocks = normal(sources, count, -(-height // BLOCK_PX), -(-width // BLOCK_PX))
    codec = blocks.repeat_interleave(BLOCK_PX, 2).repeat_interleave(BLOCK_PX, 3)
    later = moved.unflatten(0, (sources, count)) + DRIFT_LEVELS * uniform(sources, count, 1, 1)
    later += BLOCK_LEVELS * codec[..., :height, :width] + NOISE_LEVELS * normal(*crops.shape)
    return later.round().clamp(0, 255)


def _shifted(images: Tensor, pixels: Tensor) -> Tensor:
    """Images (B, H, W) moved by fractions of a pixel (B, 2), their borders replicated."""
    count, height, width = images.shape
    size = torch.tensor((width, height), device=images.device)
    motion = torch.eye(2, 3, device=images.device).repeat(count, 1, 1)
    motion[:, :, 2] = 2 * pixels / size
    grid = functional.affine_grid(motion, [count, 1, height, width], align_corners=False)
    return functional.grid_sample(
        images[:, None], grid, padding_mode="border", align_corners=False
    )[:, 0]
