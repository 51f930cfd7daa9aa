# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Temporal flicker: how much the fused image changes where its sources hold still.

Our own measure; it needs no optical flow.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

STILL_BELOW_LEVELS = 2


def still_pixels(
    before: Sequence[NDArray[np.uint8]], after: Sequence[NDArray[np.uint8]]
) -> NDArray[np.bool_]:
    """Where every source changes by less than 2 levels between two frames.

    Args:
        before: One (H, W) frame of each source.
        after: The next one of each.

    Returns:
        (H, W).
    """
    changes = [change(*frames) < STILL_BELOW_LEVELS for frames in zip(before, after, strict=True)]
    return np.asarray(np.logical_and.reduce(changes))


def change_at_rest(
    images: Iterable[NDArray[np.uint8]], sources: Iterable[Sequence[NDArray[np.uint8]]]
) -> float:
    """Change of a video from frame to frame, summed over all pixels that hold still [levels].

    Args:
        images: (H, W) frames.
        sources: What each frame was fused from, (H, W) each.
    """
    total = 0
    for (before, earlier), (after, later) in pairwise(zip(images, sources, strict=True)):
        total += int(change(before, after)[still_pixels(earlier, later)].sum(dtype=np.int64))
    return float(total)


def change(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Absolute difference of two frames, (H, W) [levels]."""
    return np.abs(after.astype(np.int16) - before)
