# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Series of a replay as a few figures; whatever is not finite, or not there, becomes None."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.metrics.means import interval_half_widths, mean_scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Figures = dict[str, float | None]
# Digits behind the point: of milliseconds, of seconds, of scores.
MS_DIGITS, S_DIGITS, SCORE_DIGITS = 4, 4, 6


def rounded(value: float | None, digits: int) -> float | None:
    """A number that JSON can hold."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def rounded_all(values: Iterable[float], digits: int) -> list[float | None]:
    """Each of them `rounded`."""
    return [rounded(value, digits) for value in values]


def stage_figures(times_ms: Sequence[float]) -> Figures:
    """``median``, ``p99`` and ``max`` of wall times [ms]."""
    if not len(times_ms):
        return dict.fromkeys(("median", "p99", "max"))
    median, high = np.percentile(times_ms, (50, 99))
    figures = {"median": float(median), "p99": float(high), "max": max(times_ms)}
    return {name: rounded(value, MS_DIGITS) for name, value in figures.items()}


def offset_figures(offsets_ns: Sequence[float]) -> Figures:
    """``median``, ``p99_abs`` (of the absolute values), ``min`` and ``max`` [ms]."""
    if not len(offsets_ns):
        return dict.fromkeys(("median", "p99_abs", "min", "max"))
    values = np.asarray(offsets_ns, dtype=np.float64) / NS_PER_MS
    figures = {
        "median": np.median(values),
        "p99_abs": np.percentile(np.abs(values), 99),
        "min": values.min(),
        "max": values.max(),
    }
    return {name: rounded(float(value), MS_DIGITS) for name, value in figures.items()}


def score_figures(columns: Mapping[str, Sequence[float]]) -> dict[str, Figures]:
    """For each metric ``mean``, ``n``, and ``low`` and ``high`` of its 95 % interval."""
    return {metric: _mean_and_interval(values) for metric, values in columns.items()}


def _mean_and_interval(values: Sequence[float]) -> Figures:
    known = {
        str(number): {"": value} for number, value in enumerate(values) if math.isfinite(value)
    }
    if not known:
        return {"mean": None, "low": None, "high": None, "n": 0}
    mean = mean_scores(known)[""]
    half = interval_half_widths(known).get("", math.nan)
    return {
        "mean": rounded(mean, SCORE_DIGITS),
        "low": rounded(mean - half, SCORE_DIGITS),
        "high": rounded(mean + half, SCORE_DIGITS),
        "n": len(known),
    }
