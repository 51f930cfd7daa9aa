# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Images of several folders that belong together: those whose file names have one stem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.errors import ConfigError, ImageFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"})
NAMES_SHOWN = 3


def match_by_stem(folders: Sequence[Path], every: int = 1) -> dict[str, tuple[Path, ...]]:
    """Find the files that belong together.

    Args:
        folders: One folder for each source.
        every: Take only every n-th image, in the order of names in the first folder.

    Returns:
        Stem to one path for each folder, in the order of stems.

    Raises:
        ConfigError: A folder is missing or empty, holds one stem twice, or lacks a partner.
    """
    first, *others = (_images_by_stem(folder) for folder in folders)
    stems = sorted(first)[::every]
    for folder, images in zip(folders[1:], others, strict=True):
        _require(folder, missing=[stem for stem in stems if stem not in images])
        if every == 1:
            _require(folders[0], missing=[stem for stem in sorted(images) if stem not in first])
    return {stem: (first[stem], *(images[stem] for images in others)) for stem in stems}


def _images_by_stem(folder: Path) -> Mapping[str, Path]:
    if not folder.is_dir():
        raise ConfigError(f"{folder}: expected a folder of images, but there is none")
    images: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in IMAGE_SUFFIXES:
            continue
        if path.stem in images:
            raise ConfigError(f"{folder}: both {images[path.stem].name} and {path.name}; keep one")
        images[path.stem] = path
    if not images:
        raise ConfigError(f"{folder}: expected images ({', '.join(sorted(IMAGE_SUFFIXES))})")
    return images


def _require(folder: Path, missing: Sequence[str]) -> None:
    if missing:
        named = ", ".join(missing[:NAMES_SHOWN]) + (", …" if len(missing) > NAMES_SHOWN else "")
        raise ConfigError(
            f"{folder}: no partner for {len(missing)} image(s): {named}; images are paired by "
            f"file name without suffix"
        )


def read_colour(path: Path) -> NDArray[np.uint8]:
    """Read an image as (H, W, 3) uint8 BGR; raises `ImageFormatError`."""
    return _read(path, cv2.IMREAD_COLOR)


def read_grey(path: Path) -> NDArray[np.uint8]:
    """Read an image as (H, W) uint8; raises `ImageFormatError` where it has more than 8 bit."""
    return _read(path, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)


def _read(path: Path, mode: int) -> NDArray[np.uint8]:
    image = cv2.imread(str(path), mode)
    if image is None or image.dtype != np.uint8:
        found = "a file that cannot be read" if image is None else str(image.dtype)
        raise ImageFormatError(f"{path}: expected an image of 8 bit, got {found}")
    return np.asarray(image, dtype=np.uint8)
