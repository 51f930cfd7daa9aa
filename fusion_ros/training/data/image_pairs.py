# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Registered pairs of visible and thermal images in memory."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fusion_ros.core.image_folders import read_colour, read_grey
from fusion_ros.core.luma import luma
from fusion_ros.errors import ImageFormatError
from fusion_ros.training.data.folder_layouts import PairFiles, find_pairs, split_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.training.training_config import TrainingConfig


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


def read_pairs(
    source: str | Path, long_side_px: int | None = None, every: int = 1
) -> list[ImagePair]:
    """Read the pairs of a folder.

    Args:
        source: ``FOLDER`` or ``LAYOUT:FOLDER``, see `folder_layouts`.
        long_side_px: Halve images until their longer side fits; None keeps them.
        every: Take only every n-th pair.

    Raises:
        ConfigError: A folder or a partner is missing.
        ImageFormatError: An image cannot be used, or a pair differs in size.
    """
    folder = split_source(str(source))[1]
    return [
        _read_pair(f"{folder.name}/{files.stem}", files, long_side_px)
        for files in find_pairs(str(source), every)
    ]


def read_video_steps(
    source: str | Path, long_side_px: int | None = None
) -> list[tuple[ImagePair, ImagePair]]:
    """Read all frames of a video's folder, each with the next in the order of names.

    Numbers in names need leading zeros. Arguments and errors are those of `read_pairs`.
    """
    return list(pairwise(read_pairs(source, long_side_px)))


@dataclass(frozen=True, slots=True)
class TrainingImages:
    """What a network is trained on.

    Attributes:
        pairs: Pairs to fuse.
        steps: Pairs of a video, each with the one a frame later; empty where none are needed.
    """

    pairs: list[ImagePair]
    steps: list[tuple[ImagePair, ImagePair]]

    def usable(self, side_px: int) -> TrainingImages:
        """Those that crops of that side can be cut from."""
        return TrainingImages(large_pairs(self.pairs, side_px), large_steps(self.steps, side_px))


def large_pairs(pairs: Sequence[ImagePair], side_px: int) -> list[ImagePair]:
    """Pairs with no side shorter than that."""
    return [pair for pair in pairs if min(pair.luma.shape) >= side_px]


def large_steps(
    steps: Sequence[tuple[ImagePair, ImagePair]], side_px: int
) -> list[tuple[ImagePair, ImagePair]]:
    """Steps of a video whose two frames are of one size, with no side shorter than that."""
    return [
        (earlier, later)
        for earlier, later in steps
        if earlier.luma.shape == later.luma.shape and min(earlier.luma.shape) >= side_px
    ]


def read_training_images(
    data: Sequence[str], video: Sequence[str], config: TrainingConfig[Any]
) -> TrainingImages:
    """Read folders of pairs and of consecutive frames as a configuration asks; as `read_pairs`."""
    long_side, stride = config.data.long_side_px, config.data.video_stride
    pairs = [pair for source in data for pair in read_pairs(source, long_side)]
    pairs += [pair for source in video for pair in read_pairs(source, long_side, stride)]
    watched = video if config.steadiness else ()
    steps = [step for source in watched for step in read_video_steps(source, long_side)]
    return TrainingImages(pairs, steps)


def _read_pair(name: str, files: PairFiles, long_side_px: int | None) -> ImagePair:
    if files.thermal is None:
        colour, grey = _read_four_channels(files.visible)
    else:
        colour, grey = read_colour(files.visible), read_grey(files.thermal)
    if colour.shape[:2] != grey.shape:
        raise ImageFormatError(
            f"{files.visible} and {files.thermal}: expected one size, "
            f"got {colour.shape[:2]} and {grey.shape}"
        )
    while long_side_px is not None and max(grey.shape) > long_side_px:
        colour, grey = _halve(colour), _halve(grey)
    return ImagePair(name, colour, luma(colour), grey)


def _read_four_channels(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 4:
        found = "a file that cannot be read" if image is None else f"{image.dtype} {image.shape}"
        raise ImageFormatError(
            f"{path}: expected 8 bit and four channels, colour and thermal, got {found}"
        )
    return np.ascontiguousarray(image[..., :3]), np.ascontiguousarray(image[..., 3])


def _halve(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    size = (max(width // 2, 1), max(height // 2, 1))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
