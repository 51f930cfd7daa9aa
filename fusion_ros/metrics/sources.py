# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a metric is given: a fused image and its two sources, as grey images of 8 bit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np

from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

# The coarsest scale of VIF and the window of SSIM need this many pixels.
SMALLEST_SIDE_PX = 48
Result = TypeVar("Result")


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
        fused_as_given: (H, W) or (H, W, 3) uint8, for profiles that look at colour.
        results: What `once_per_sample` keeps: small figures, no images.
    """

    fused: NDArray[np.float64]
    visible: NDArray[np.float64]
    thermal: NDArray[np.float64]
    fused_as_given: NDArray[np.uint8]
    results: dict[object, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def smallest_side_px(self) -> int:
        """The smaller of height and width."""
        return min(self.fused.shape)


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
    grey, first, second = (
        image.astype(np.float64) for image in grey_images(fused, visible, thermal)
    )
    return FusionSample(grey, first, second, fused)


def grey_images(
    fused: NDArray[np.uint8], visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """The three images of `fusion_sample` as (H, W) uint8; raises as that does."""
    images = _grey(fused), _grey(visible), _grey(thermal)
    shapes = [image.shape for image in images]
    if len(set(shapes)) != 1 or min(shapes[0]) < SMALLEST_SIDE_PX:
        raise ImageFormatError(
            f"metrics: expected a fused, visible and thermal image of one size of at least "
            f"{SMALLEST_SIDE_PX} pixels a side, got {', '.join(map(str, shapes))}"
        )
    return images


def once_per_sample(
    compute: Callable[[FusionSample], Result],
) -> Callable[[FusionSample], Result]:
    """Let several metrics share a figure: it is computed at the first call for a sample.

    Threads may share a sample; at worst two of them compute the same figure.
    """

    @wraps(compute)
    def shared(sample: FusionSample) -> Result:
        if compute not in sample.results:
            sample.results[compute] = compute(sample)
        result: Result = sample.results[compute]
        return result

    return shared


def _grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    colour = image.ndim == 3 and image.shape[2] == 3
    if image.dtype != np.uint8 or not (colour or image.ndim == 2):
        raise ImageFormatError(
            f"metrics: expected uint8 images (H, W) or (H, W, 3), got {image.dtype} "
            f"of shape {image.shape}"
        )
    if not colour:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
