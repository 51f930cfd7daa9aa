# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Means over images, and how far they can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONFIDENCE = 0.95


def mean_scores(images: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over all images of one method.

    Args:
        images: Image to metric to value.

    Returns:
        Metric to mean, in the order of the first image. A metric that some image has no value
        of, because it is too small, has none.
    """
    return {metric: float(np.mean(values)) for metric, values in _columns(images).items()}


def interval_half_widths(images: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Half width of the 95 % confidence interval of each mean of `mean_scores`.

    Convention:
        Student's t over the images, as if they were drawn independently. Frames of one video are
        not: their interval tells how much the video varies, and is too narrow for other videos.

    Returns:
        Metric to half width; empty for a single image.
    """
    from scipy.special import stdtrit

    if len(images) < 2:
        return {}
    quantile = float(stdtrit(len(images) - 1, (1 + CONFIDENCE) / 2))
    return {
        metric: quantile * float(np.std(values, ddof=1)) / len(values) ** 0.5
        for metric, values in _columns(images).items()
    }


def _columns(images: Mapping[str, Mapping[str, float]]) -> dict[str, Sequence[float]]:
    rows = list(images.values())
    shared = [metric for metric in rows[0] if all(metric in row for row in rows)]
    return {metric: [row[metric] for row in rows] for metric in shared}
