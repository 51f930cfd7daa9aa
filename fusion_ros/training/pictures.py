# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of what was learned: visible, thermal and fused image beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PANELS_PER_ROW = 2
SAMPLES = 4
ROW_HEIGHT_PX = 256

Item = TypeVar("Item")


def evenly_spread(items: Sequence[Item]) -> Sequence[Item]:
    """A few of many, evenly spread."""
    return items[:: max(len(items) // SAMPLES, 1)][:SAMPLES]


def write_panels(panels: Sequence[NDArray[np.uint8]], path: Path, per_row: int) -> None:
    """Write images of one size, grey or BGR, in rows as one picture.

    Raises:
        ConfigError: It cannot be written there.
    """
    shown = [_colour(panel) for panel in panels]
    shown += [np.zeros_like(shown[0])] * (-len(shown) % per_row)
    rows = [np.hstack(shown[start : start + per_row]) for start in range(0, len(shown), per_row)]
    _write(np.vstack(rows), path)


def write_rows(rows: Sequence[Sequence[NDArray[np.uint8]]], path: Path) -> None:
    """Write rows of images of any size, grey or BGR, each at one height, as one picture.

    Raises:
        ConfigError: It cannot be written there.
    """
    drawn = [np.hstack([_at_row_height(_colour(panel)) for panel in row]) for row in rows]
    width = max(row.shape[1] for row in drawn)
    _write(
        np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1]), (0, 0))) for row in drawn]), path
    )


def _at_row_height(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    width = max(round(image.shape[1] * ROW_HEIGHT_PX / image.shape[0]), 1)
    resized = cv2.resize(image, (width, ROW_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, dtype=np.uint8)


def _write(picture: NDArray[np.uint8], path: Path) -> None:
    """Write a picture; whoever looks at any moment finds the old or the new one, whole."""
    partial = path.with_name(f".{path.name}")
    if not cv2.imwrite(str(partial), picture):
        raise ConfigError(f"{path}: the picture cannot be written there")
    partial.replace(path)


def _colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image
