# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Laplacian pyramid fusion: the stronger detail wins, the coarse rest is averaged.

- [0]: Burt, Adelson: The Laplacian Pyramid as a Compact Image Code, 1983.

Convention:
    OpenCV's pyramid (binomial kernel, reflected borders, sizes rounded up), up to four detail
    levels, fewer where a side would shrink below two pixels. Sums of details may leave the
    range of the sources; the result is clipped to 0..255 only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from fusion_ros.backends.weight_estimate import explain_by_weight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

    Plane = NDArray[Any]

LEVELS = 4


class _Laplacian:
    """The fusion in one floating point type."""

    def __init__(self, dtype: type[np.floating]) -> None:
        self._dtype = dtype

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        grey = cv2.cvtColor(pair.visible, cv2.COLOR_BGR2GRAY).astype(self._dtype)
        fused = _fuse_pyramids(grey, pair.thermal.astype(self._dtype))
        change = cv2.merge([np.rint(fused - grey)] * 3)
        image = np.empty_like(pair.visible)
        cv2.add(pair.visible, change, dst=image, dtype=cv2.CV_8U)
        return image, explain_by_weight(image, pair) if want_guidance else None

    def close(self) -> None:
        """Nothing to release."""


class LaplacianReference(_Laplacian):
    """In float64."""

    def __init__(self) -> None:
        """Nothing to load."""
        super().__init__(np.float64)


class LaplacianCpu(_Laplacian):
    """In float32."""

    def __init__(self) -> None:
        """Nothing to load."""
        super().__init__(np.float32)


def _fuse_pyramids(first: Plane, second: Plane) -> Plane:
    first_details, first_base = _decompose(first)
    second_details, second_base = _decompose(second)
    fused = (first_base + second_base) / 2
    for a, b in zip(reversed(first_details), reversed(second_details), strict=True):
        fused = _expand(fused, a) + np.where(np.abs(a) >= np.abs(b), a, b)
    return fused


def _decompose(image: Plane) -> tuple[list[Plane], Plane]:
    details = []
    for _ in range(LEVELS):
        if min(image.shape) < 2:
            break
        smaller = cast("Plane", cv2.pyrDown(image))
        details.append(image - _expand(smaller, image))
        image = smaller
    return details, image


def _expand(image: Plane, like: Plane) -> Plane:
    height, width = like.shape
    return cast("Plane", cv2.pyrUp(image, dstsize=(width, height)))
