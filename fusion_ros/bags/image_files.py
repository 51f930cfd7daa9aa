# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads and writes single images with the depth that they have in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from fusion_ros.core.image_checks import describe
from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_visible(path: Path) -> NDArray[np.uint8]:
    """Read an image as (H, W, 3) uint8 BGR.

    Raises:
        ImageFormatError: It cannot be read, or has more than 8 bit.
    """
    image = cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    if image is None or image.dtype != np.uint8:
        raise ImageFormatError(f"{path}: expected an 8-bit colour image, got {_found(image)}")
    return cast("NDArray[np.uint8]", image)


def read_thermal(path: Path) -> NDArray[np.uint8 | np.uint16]:
    """Read an image as (h, w) uint8 or uint16, whichever the file holds.

    A grey picture stored with three equal channels counts as grey.

    Raises:
        ImageFormatError: It cannot be read, is coloured, or is of another depth.
    """
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is not None and image.ndim == 3 and _is_grey(image):
        image = np.ascontiguousarray(image[..., 0])
    if image is None or image.ndim != 2 or image.dtype not in (np.uint8, np.uint16):
        raise ImageFormatError(
            f"{path}: expected a grey image of 8 or 16 bit, brighter = warmer, got "
            f"{_found(image)}; a colour-mapped picture has lost its temperatures"
        )
    return cast("NDArray[np.uint8 | np.uint16]", image)


def write_image(path: Path, image: NDArray[np.uint8 | np.uint16]) -> None:
    """Write an image in the format that the suffix names, making folders as needed.

    Raises:
        ImageFormatError: The suffix is unknown or the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        written = cv2.imwrite(str(path), image)
    except cv2.error as err:
        raise ImageFormatError(
            f"{path}: cannot write; expected a name ending in .png, .jpg or .tif ({err.err})"
        ) from err
    if not written:
        raise ImageFormatError(f"{path}: cannot write; is the folder writable, the disk full?")


def _is_grey(image: NDArray[np.generic]) -> bool:
    first = image[..., :1]
    return bool((image[..., :3] == first).all())


def _found(image: object) -> str:
    return "a file that is no image" if image is None else describe(image)
