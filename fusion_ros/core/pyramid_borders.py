# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which samples a pyramid takes where its kernel reaches over the border.

Convention:
    Borders are reflected about the outermost sample (``dcb|abcd|cba``), as OpenCV's pyramids
    do. The smaller of two levels has ``ceil(n / 2)`` samples, of which number j lies on sample
    2 j of the larger. A single sample reflects onto itself.
"""

from __future__ import annotations

# Levels of details above the base, whatever the size of the image. The guidance has cells of a few
# pixels; more levels would blend both sources far around each seam (docs/hybrid.md has figures).
DETAIL_LEVELS = 3


def smaller_side(samples: int) -> int:
    """Samples of the next smaller level."""
    return (samples + 1) // 2


def reflected(index: int, samples: int) -> int:
    """The sample that stands for `index`, for indices less than a period beyond the border."""
    if index < 0:
        index = -index
    if index >= samples:
        index = 2 * (samples - 1) - index
    # Only where there are fewer than three samples.
    return min(max(index, 0), samples - 1)


def reflected_smaller(index: int, samples: int) -> int:
    """The sample of the smaller level that stands for `index`, reflected on the larger's grid.

    Args:
        index: On the smaller level, at most one beyond its border.
        samples: Of the larger level.
    """
    if index < 0:
        index = -index
    if 2 * index > samples - 1:
        index = samples - 1 - index
    return max(index, 0)
