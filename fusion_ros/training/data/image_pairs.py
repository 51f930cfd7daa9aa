# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Registered pairs of visible and thermal images in memory, and random crops of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.core.image_folders import match_by_stem, read_colour, read_grey
from fusion_ros.core.luma import luma
from fusion_ros.errors import ConfigError, ImageFormatError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

VISIBLE_FOLDER = "vi"
THERMAL_FOLDER = "ir"


@dataclass(frozen=True, slots=True)
class ImagePair:
    """A registered pair.

    Attributes:
        name: ``FOLDER/STEM``.
        visible: (H, W, 3) uint8 BGR.
        luma: (H, W) uint8.
        thermal: (H, W) uint8.
    """

    name: str
    visible: NDArray[np.uint8]
    luma: NDArray[np.uint8]
    thermal: NDArray[np.uint8]


def read_pairs(folder: Path, long_side_px: int | None = None, every: int = 1) -> list[ImagePair]:
    """Read the pairs of ``folder/vi`` and ``folder/ir``.

    Args:
        folder: Holds ``vi`` and ``ir`` with files of equal stems.
        long_side_px: Halve images until their longer side fits; None keeps them.
        every: Take only every n-th pair.

    Raises:
        ConfigError: A folder or a partner is missing.
        ImageFormatError: An image cannot be used, or a pair differs in size.
    """
    matched = match_by_stem([folder / VISIBLE_FOLDER, folder / THERMAL_FOLDER], every)
    return [
        _read_pair(f"{folder.name}/{stem}", visible, thermal, long_side_px)
        for stem, (visible, thermal) in matched.items()
    ]


def _read_pair(name: str, visible: Path, thermal: Path, long_side_px: int | None) -> ImagePair:
    colour, grey = read_colour(visible), read_grey(thermal)
    if colour.shape[:2] != grey.shape:
        raise ImageFormatError(
            f"{visible} and {thermal}: expected one size, got {colour.shape[:2]} and {grey.shape}"
        )
    while long_side_px is not None and max(grey.shape) > long_side_px:
        colour, grey = _halve(colour), _halve(grey)
    return ImagePair(name, colour, luma(colour), grey)


def _halve(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    size = (max(width // 2, 1), max(height // 2, 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


class CropSampler:
    """Draws random square crops, mirrored left to right and upside down at random."""

    def __init__(self, pairs: Sequence[ImagePair], crop_px: int, seed: int) -> None:
        """Keep the pairs that are large enough; raises `ConfigError` if there are none."""
        self._pairs = [pair for pair in pairs if min(pair.luma.shape) >= crop_px]
        if not self._pairs:
            raise ConfigError(
                f"crops of {crop_px} pixels: none of the {len(pairs)} pairs is large enough"
            )
        self._crop_px = crop_px
        self._random = np.random.default_rng(seed)

    def draw(self, count: int) -> NDArray[np.float32]:
        """Draw crops.

        Returns:
            (2, count, crop_px, crop_px), luma and thermal, whole numbers 0..255.
        """
        crops = [self._draw_one() for _ in range(count)]
        return np.stack(crops, axis=1).astype(np.float32)

    def _draw_one(self) -> NDArray[np.uint8]:
        pair = self._pairs[self._random.integers(len(self._pairs))]
        size = self._crop_px
        top, left = (self._random.integers(side - size + 1) for side in pair.luma.shape)
        rows, columns = slice(top, top + size), slice(left, left + size)
        crop = np.stack((pair.luma[rows, columns], pair.thermal[rows, columns]))
        down, across = self._random.integers(2, size=2) * 2 - 1
        return crop[:, ::down, ::across]
