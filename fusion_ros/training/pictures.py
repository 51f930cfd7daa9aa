# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of what was learned: visible, thermal and fused image beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

PANELS_PER_ROW = 2


def write_panels(panels: Sequence[NDArray[np.uint8]], path: Path, per_row: int) -> None:
    """Write images of one size, grey or BGR, in rows as one picture.

    Raises:
        ConfigError: It cannot be written there.
    """
    shown = [_colour(panel) for panel in panels]
    shown += [np.zeros_like(shown[0])] * (-len(shown) % per_row)
    rows = [np.hstack(shown[start : start + per_row]) for start in range(0, len(shown), per_row)]
    if not cv2.imwrite(str(path), np.vstack(rows)):
        raise ConfigError(f"{path}: the picture cannot be written there")


def _colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image
