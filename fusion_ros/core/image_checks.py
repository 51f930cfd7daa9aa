# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Checks of arrays that come from outside; each raises `ImageFormatError`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from fusion_ros.core.frames import FramePair


def describe(image: object) -> str:
    """Shape and type of `image`, for error messages."""
    if isinstance(image, np.ndarray):
        return f"{image.dtype} array of shape {image.shape}"
    return type(image).__name__


def check_visible(image: object) -> None:
    """Raise unless `image` is a non-empty (H, W, 3) uint8 array."""
    if (
        not isinstance(image, np.ndarray)
        or image.dtype != np.uint8
        or image.ndim != 3
        or image.shape[2] != 3
        or image.size == 0
    ):
        raise ImageFormatError(
            f"visible image: expected a non-empty (H, W, 3) uint8 BGR array, got "
            f"{describe(image)}; convert it first, e.g. with cv2.cvtColor"
        )


def check_thermal(image: object) -> None:
    """Raise unless `image` is a non-empty (h, w) uint8 or uint16 array."""
    if (
        not isinstance(image, np.ndarray)
        or image.dtype not in (np.uint8, np.uint16)
        or image.ndim != 2
        or image.size == 0
    ):
        raise ImageFormatError(
            f"thermal image: expected a non-empty (h, w) uint8 or uint16 array, got "
            f"{describe(image)}; a colour-mapped thermal picture has lost its temperatures: "
            f"switch the camera or driver to its grey output"
        )


def check_pair(pair: FramePair) -> None:
    """Raise unless both images of `pair` can be fused."""
    check_visible(pair.visible)
    check_thermal(pair.thermal)
