# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Memory of the CUDA engine for one image size, on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import cuda

from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX

# Numba's device arrays have no types.
Array = Any


@dataclass(frozen=True, slots=True)
class FrameArrays:
    """What crosses between host and device.

    Attributes:
        bgr: (H, 3 W) uint8 visible image.
        thermal: (H, W) uint8.
        fused: (H, 3 W) uint8.
        guidance: (H, W) float32.
    """

    bgr: Array
    thermal: Array
    fused: Array
    guidance: Array


@dataclass(frozen=True, slots=True)
class CudaBuffers:
    """All memory that a frame needs.

    Attributes:
        host: Pinned, so that copies need no staging.
        device: Their counterparts.
        grey: (H, W) uint8 luma.
        planes: Two stacks (channels, h, w) float32, to alternate.
        context: (h, w) uint16 table coordinates.
        no_guidance: (0, 0), in place of the guidance where it is not wanted.
    """

    host: FrameArrays
    device: FrameArrays
    grey: Array
    planes: tuple[Array, Array]
    context: Array
    no_guidance: Array

    @classmethod
    def allocate(cls, height: int, width: int, channels: int) -> CudaBuffers:
        """Allocate for images of a size, and a network of so many channels."""
        rows, columns = -(-height // CONTEXT_STRIDE_PX), -(-width // CONTEXT_STRIDE_PX)
        shapes: tuple[tuple[tuple[int, int], type], ...] = (
            ((height, 3 * width), np.uint8),
            ((height, width), np.uint8),
            ((height, 3 * width), np.uint8),
            ((height, width), np.float32),
        )
        planes = (channels, rows, columns)
        return cls(
            host=FrameArrays(*(cuda.pinned_array(shape, dtype) for shape, dtype in shapes)),
            device=FrameArrays(*(cuda.device_array(shape, dtype) for shape, dtype in shapes)),
            grey=cuda.device_array((height, width), np.uint8),
            planes=(cuda.device_array(planes, np.float32), cuda.device_array(planes, np.float32)),
            context=cuda.device_array((rows, columns), np.uint16),
            no_guidance=cuda.device_array((0, 0), np.float32),
        )
