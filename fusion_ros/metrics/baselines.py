# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Trivial fusions of grey images. Whatever is learned has to be better than these.

A copy of one source already scores high in several metrics: read no figure without these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

PYRAMID_LEVELS = 4


def copy_visible(visible: NDArray[np.uint8], _thermal: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The visible image."""
    return visible


def copy_thermal(_visible: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The thermal image."""
    return thermal


def average(visible: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Mean of both, halves to the even level."""
    mean = (visible.astype(np.float64) + thermal) / 2
    return np.rint(mean).astype(np.uint8)


def maximum(visible: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The brighter of both in each pixel."""
    return np.maximum(visible, thermal)


def laplacian(visible: NDArray[np.uint8], thermal: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Laplacian pyramid of 4 levels: the larger detail wins, the bases are averaged."""
    first, second = (image.astype(np.float64) for image in (visible, thermal))
    details = []
    for _ in range(PYRAMID_LEVELS):
        (first, detail_1), (second, detail_2) = _split(first), _split(second)
        details.append(np.where(np.abs(detail_1) >= np.abs(detail_2), detail_1, detail_2))
    fused = (first + second) / 2
    for detail in reversed(details):
        fused = _enlarge(fused, detail) + detail
    return np.rint(np.clip(fused, 0, 255)).astype(np.uint8)


def _split(image: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    base = np.asarray(cv2.pyrDown(image), dtype=np.float64)
    return base, image - _enlarge(base, image)


def _enlarge(image: NDArray[np.float64], like: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = like.shape
    return np.asarray(cv2.pyrUp(image, dstsize=(width, height)), dtype=np.float64)


BASELINES: Mapping[str, Callable[[NDArray[np.uint8], NDArray[np.uint8]], NDArray[np.uint8]]] = {
    "vis": copy_visible,
    "ir": copy_thermal,
    "avg": average,
    "max": maximum,
    "lap": laplacian,
}
