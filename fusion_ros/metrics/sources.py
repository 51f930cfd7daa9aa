# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a metric is given: a fused image and its two sources, as grey images of 8 bit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The coarsest scale of VIF and the window of SSIM need this many pixels.
SMALLEST_SIDE_PX = 48


@dataclass(frozen=True, slots=True, eq=False)
class FusionSample:
    """A fused image and its sources; every sample equals only itself.

    Convention:
        Grey of a colour image is OpenCV's ``BGR2GRAY``, rounded to 8 bit, so that a metric
        sees what an image file holds; values are 0..255 in float64.

    Attributes:
        fused: (H, W) float64.
        visible: (H, W) float64.
        thermal: (H, W) float64.
    """

    fused: NDArray[np.float64]
    visible: NDArray[np.float64]
    thermal: NDArray[np.float64]


def fusion_sample(
    fused: NDArray[np.uint8], visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
) -> FusionSample:
    """Convert to grey.

    Args:
        fused: (H, W, 3) BGR or (H, W) grey.
        visible: (H, W, 3) BGR or (H, W) grey.
        thermal: (H, W) grey.

    Raises:
        ImageFormatError: The sizes differ, an image is too small, or it has not 8 bit.
    """
    images = [_grey(image) for image in (fused, visible, thermal)]
    shapes = [image.shape for image in images]
    if len(set(shapes)) != 1 or min(shapes[0]) < SMALLEST_SIDE_PX:
        raise ImageFormatError(
            f"metrics: expected a fused, visible and thermal image of one size of at least "
            f"{SMALLEST_SIDE_PX} pixels a side, got {', '.join(map(str, shapes))}"
        )
    return FusionSample(*(image.astype(np.float64) for image in images))


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if image.dtype != np.uint8 or image.ndim not in (2, 3):
        raise ImageFormatError(
            f"metrics: expected uint8 images (H, W) or (H, W, 3), got {image.dtype} "
            f"of shape {image.shape}"
        )
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
