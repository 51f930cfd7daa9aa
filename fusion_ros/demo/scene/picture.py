# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Things that are too leafy to be drawn from faces: pictures that stand in the street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from fusion_ros.demo.scene.camera import NEAR_M
from fusion_ros.demo.scene.noise import smooth_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.demo.scene.camera import SceneCamera

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Picture:
    """An upright picture, kept at several sizes.

    Attributes:
        height_m: Height; the width follows from the pixels.
        look: BGRA uint8, each level half the size of the one before.
        warmth: (h, w, 3) float32: temperature by day and by night [°C], and 1 where there is
            something; the same levels.
    """

    height_m: float
    look: tuple[NDArray[np.uint8], ...]
    warmth: tuple[NDArray[np.float32], ...]


def make_picture(
    height_m: float,
    albedo: NDArray[np.uint8],
    alpha: NDArray[np.uint8],
    day_c: NDArray[np.float32],
    night_c: NDArray[np.float32],
) -> Picture:
    """Build the levels from full-size arrays, all (h, w) or (h, w, 3)."""
    covered = (alpha / 255).astype(np.float32)
    look = [np.dstack([albedo, alpha])]
    warmth = [np.dstack([day_c, night_c, covered]).astype(np.float32)]
    for _ in range(LEVELS - 1):
        size = (look[-1].shape[1] // 2, look[-1].shape[0] // 2)
        look.append(np.asarray(cv2.resize(look[-1], size, interpolation=cv2.INTER_AREA)))
        warmth.append(np.asarray(cv2.resize(warmth[-1], size, interpolation=cv2.INTER_AREA)))
    return Picture(height_m, tuple(look), tuple(warmth))


def place_picture(
    levels: tuple[NDArray[Any], ...],
    height_m: float,
    foot_m: NDArray[np.float64],
    camera: SceneCamera,
) -> tuple[tuple[slice, slice], NDArray[Any]] | None:
    """Bring a picture to its size in the image.

    Returns:
        Rows and columns of the image that it covers, and its pixels there; None where it is
        out of sight.
    """
    if foot_m[2] < NEAR_M:
        return None
    per_m_x, per_m_y = camera.focal_x / foot_m[2], camera.focal_y / foot_m[2]
    full = levels[0].shape
    width_px = height_m * full[1] / full[0] * per_m_x
    height_px = height_m * per_m_y
    foot_px = camera.project(foot_m[None])[0]
    left, top = foot_px[0] - width_px / 2, foot_px[1] - height_px
    columns = slice(max(int(left), 0), min(int(left + width_px) + 1, camera.width))
    rows = slice(max(int(top), 0), min(int(top + height_px) + 1, camera.height))
    if columns.stop - columns.start < 2 or rows.stop - rows.start < 2:
        return None
    number = int(np.clip(np.log2(full[0] / height_px), 0, len(levels) - 1))
    source = levels[number]
    across, down = source.shape[1] / width_px, source.shape[0] / height_px
    matrix = np.array(
        [[across, 0, (columns.start - left) * across], [0, down, (rows.start - top) * down]]
    )
    pixels = cv2.warpAffine(
        source,
        matrix,
        (columns.stop - columns.start, rows.stop - rows.start),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
    )
    return (rows, columns), np.asarray(pixels)


def tree_picture(seed: int) -> Picture:
    """A broad-leaved tree, 6.4 m high."""
    random = np.random.default_rng(seed)
    height, width = 640, 480
    shade = np.zeros((height, width), np.float32)
    alpha = np.zeros((height, width), np.uint8)
    _branches(shade, alpha, random)
    # Clumps of leaves from the back to the front; those nearer the light are brighter.
    for layer in range(5):
        for _ in range(70):
            angle, reach = random.uniform(0, 2 * np.pi), random.uniform(0, 1) ** 0.6
            x = width / 2 + np.cos(angle) * reach * 195
            y = 225 + np.sin(angle) * reach * 185
            radius = int(random.uniform(16, 40) * (1.1 - 0.07 * layer))
            light = 0.42 + 0.09 * layer - 0.00085 * (y - 225) - 0.00055 * (x - width / 2)
            centre = (int(x), int(y))
            cv2.circle(shade, centre, radius, light * random.uniform(0.85, 1.15), -1)
            cv2.circle(alpha, centre, radius, 255, -1)
    leaves = smooth_noise(random, (height, width), (3, 3)) + smooth_noise(
        random, (height, width), (8, 8)
    )
    ragged = cv2.GaussianBlur(alpha, (0, 0), 4) / 255 + 0.33 * leaves > 0.62
    trunk = np.arange(height)[:, None] > 415
    alpha = np.where(trunk, alpha, 255 * ragged * (leaves > -1.05)).astype(np.uint8)
    shade = cv2.GaussianBlur(shade, (0, 0), 2.0) * (1 + 0.30 * leaves)
    colour = np.where(trunk[..., None], (70, 88, 104), (58, 124, 98)) * (1.25 * shade)[..., None]
    day_c = (7.0 + 3.5 * shade + 0.6 * leaves).astype(np.float32)
    night_c = (3.6 + 0.6 * leaves + np.where(trunk, 1.2, 0)).astype(np.float32)
    soft = np.asarray(cv2.GaussianBlur(alpha, (3, 3), 0.8), np.uint8)
    albedo = np.clip(colour, 0, 255).astype(np.uint8)
    return make_picture(6.4, albedo, soft, day_c, night_c)


def _branches(
    shade: NDArray[np.float32], alpha: NDArray[np.uint8], random: np.random.Generator
) -> None:
    height, width = alpha.shape
    middle = width // 2
    stem = np.array(
        [[middle - 13, height], [middle - 9, 300], [middle + 8, 300], [middle + 14, height]]
    )
    cv2.fillPoly(alpha, [stem], 255)
    cv2.fillPoly(shade, [stem], 0.62)
    cv2.fillPoly(shade, [stem + np.array([[14, 0], [9, 0], [0, 0], [0, 0]])], 0.38)
    for _ in range(9):
        tip = (int(middle + random.uniform(-120, 120)), int(random.uniform(90, 330)))
        start = (middle, int(random.uniform(330, 430)))
        cv2.line(alpha, start, tip, 255, 7)
        cv2.line(shade, start, tip, 0.4, 7)


def sign_picture(lines: tuple[str, ...]) -> Picture:
    """A blue road sign with text on two posts, 3.4 m high."""
    height, width = 400, 320
    albedo = np.zeros((height, width, 3), np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    for x in (60, width - 60):
        cv2.rectangle(albedo, (x - 5, 150), (x + 5, height), (128, 128, 126), -1)
        cv2.rectangle(alpha, (x - 5, 150), (x + 5, height), 255, -1)
    cv2.rectangle(albedo, (4, 4), (width - 5, 196), (240, 240, 240), -1)
    cv2.rectangle(alpha, (4, 4), (width - 5, 196), 255, -1)
    cv2.rectangle(albedo, (11, 11), (width - 12, 189), (150, 84, 18), -1)
    for number, line in enumerate(lines):
        scale = 1.75 if number == 0 else 1.2
        (wide, high), _ = cv2.getTextSize(line, cv2.FONT_HERSHEY_DUPLEX, scale, 3)
        origin = ((width - wide) // 2, 62 + 82 * number + high // 2)
        cv2.putText(
            albedo, line, origin, cv2.FONT_HERSHEY_DUPLEX, scale, (248,) * 3, 3, cv2.LINE_AA
        )
    board = np.arange(height)[:, None] < 200
    day_c = np.where(board, 9.0, 8.5) * np.ones((1, width))
    night_c = np.where(board, 2.8, 4.0) * np.ones((1, width))
    return make_picture(3.4, albedo, alpha, day_c.astype(np.float32), night_c.astype(np.float32))
