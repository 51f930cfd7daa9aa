# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One picture of several moments: visible, thermal, fused, guidance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.core.time_units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.demo.moments import Moment

TILE_WIDTH = 440
GAP = 8
MARGIN = 20
HEADER = 46
BACKGROUND = (28, 24, 22)
TEXT = (232, 232, 232)
FAINT = (160, 156, 150)
# Text is drawn this much larger and then reduced: OpenCV's strokes are coarse at small sizes.
TEXT_ZOOM = 3


def contact_sheet(moments: Sequence[Moment], first_stamp_ns: int) -> NDArray[np.uint8]:
    """Arrange moments in rows.

    Args:
        moments: In order of time; at least one.
        first_stamp_ns: What counts as the time 0 [ns].

    Returns:
        (H, W, 3) uint8 BGR.
    """
    height, width = moments[0].visible.shape[:2]
    tile_height = round(TILE_WIDTH * height / width)
    rows = len(moments)
    sheet_width = 2 * MARGIN + 4 * TILE_WIDTH + 3 * GAP
    sheet_height = MARGIN + HEADER + rows * tile_height + (rows - 1) * GAP + MARGIN
    sheet = np.full((sheet_height, sheet_width, 3), BACKGROUND, np.uint8)
    for column, (title, detail) in enumerate(_titles(moments[0])):
        left = MARGIN + column * (TILE_WIDTH + GAP)
        end = write(sheet, title, (left, MARGIN + 24), 0.62, TEXT)
        write(sheet, detail, (end + 10, MARGIN + 24), 0.44, FAINT)
    for row, moment in enumerate(moments):
        top = MARGIN + HEADER + row * (tile_height + GAP)
        for column, tile in enumerate(tiles(moment, (TILE_WIDTH, tile_height))):
            left = MARGIN + column * (TILE_WIDTH + GAP)
            sheet[top : top + tile_height, left : left + TILE_WIDTH] = tile
        seconds = (moment.stamp_ns - first_stamp_ns) / NS_PER_S
        label(sheet, f"{seconds:.1f} s", (MARGIN + 10, top + tile_height - 12))
    return sheet


def tiles(moment: Moment, size: tuple[int, int]) -> list[NDArray[np.uint8]]:
    """The four pictures of a moment at one size, (h, w, 3) uint8 BGR each."""
    weight = cv2.applyColorMap(moment.guidance, cv2.COLORMAP_INFERNO)
    thermal = cv2.cvtColor(moment.thermal, cv2.COLOR_GRAY2BGR)
    return [_resized(image, size) for image in (moment.visible, thermal, moment.fused, weight)]


def _resized(
    image: NDArray[np.uint8] | cv2.typing.MatLike, size: tuple[int, int]
) -> NDArray[np.uint8]:
    # Averaging is right for reducing; it would show pixels as blocks when enlarging.
    method = cv2.INTER_AREA if image.shape[1] > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)


def _titles(moment: Moment) -> list[tuple[str, str]]:
    height, width = moment.visible.shape[:2]
    rows, columns = moment.thermal.shape
    return [
        ("visible", f"{width} x {height}"),
        ("thermal", f"{columns} x {rows}, {moment.thermal_depth} bit"),
        ("fused", f"{width} x {height}"),
        ("guidance", "bright = thermal decides"),
    ]


def label(image: NDArray[np.uint8], text: str, origin: tuple[int, int]) -> None:
    """Write on a picture, on a dark ground of its own."""
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)
    left, bottom = origin
    box = (slice(bottom - height - 7, bottom + 7), slice(left - 7, left + width + 7))
    image[box] = (image[box] * 0.35).astype(np.uint8)
    write(image, text, origin, 0.5, (255, 255, 255))


def write(
    image: NDArray[np.uint8],
    text: str,
    origin: tuple[int, int],
    scale: float,
    colour: tuple[int, int, int],
) -> int:
    """Write smooth text with its baseline at `origin`; returns where it ends [px]."""
    font, weight = cv2.FONT_HERSHEY_SIMPLEX, TEXT_ZOOM
    (width, height), below = cv2.getTextSize(text, font, scale * TEXT_ZOOM, weight)
    pad = 2 * TEXT_ZOOM
    mask = np.zeros((height + below + 2 * pad, width + 2 * pad), np.uint8)
    cv2.putText(mask, text, (pad, height + pad), font, scale * TEXT_ZOOM, 255, weight, cv2.LINE_AA)
    size = (mask.shape[1] // TEXT_ZOOM, mask.shape[0] // TEXT_ZOOM)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    left, top = origin[0] - pad // TEXT_ZOOM, origin[1] - (height + pad) // TEXT_ZOOM
    part = image[top : top + size[1], left : left + size[0]]
    share = (small[: part.shape[0], : part.shape[1]] / 255.0)[..., None]
    part[:] = (part + (np.array(colour) - part) * share).astype(np.uint8)
    return origin[0] + width // TEXT_ZOOM
