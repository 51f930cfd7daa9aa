# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Histograms of offsets and latencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.report.plot_style import FUSED, INK, NO_PARTNER, count_frames, draw, legend_above

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup
    from numpy.typing import NDArray

BINS = 40
# A few far values must not squeeze the rest into one bar.
CENTRAL_PERCENT = (0.5, 99.5)
SIZE_IN = (4.2, 2.4)
# An area and a line, so that both are seen where they coincide.
OFFSET_STYLES: tuple[Mapping[str, Any], ...] = (
    {"histtype": "stepfilled", "color": FUSED, "alpha": 0.6},
    {"histtype": "step", "color": NO_PARTNER, "linewidth": 1.6},
)


def offset_histogram(offsets_ms: Mapping[str, Sequence[float]]) -> tuple[Markup, int]:
    """How far the thermal frame of a pair lies behind the visible one.

    Args:
        offsets_ms: Clock, e.g. ``"stamps"``, to one offset a pair [ms]; none empty.

    Returns:
        The plot, and how many values lie beyond its axis and are counted in its outermost bars.
    """
    edges = _edges(np.concatenate([np.asarray(values) for values in offsets_ms.values()]))

    def paint(figure: Any) -> None:
        axes = figure.subplots()
        for (clock, values), style in zip(offsets_ms.items(), OFFSET_STYLES, strict=False):
            axes.hist(np.clip(values, edges[0], edges[-1]), edges, label=clock, **style)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xlabel("thermal minus visible [ms]")
        axes.set_ylabel("pairs")
        axes.margins(x=0)
        count_frames(axes.yaxis)
        legend_above(axes)

    return draw("offsets", SIZE_IN, paint), _beyond(offsets_ms.values(), edges)


def latency_histogram(
    total_ms: Sequence[float], marks_ms: Mapping[str, float]
) -> tuple[Markup, int]:
    """How long one pair took, with vertical lines where `marks_ms` says; else as above."""
    edges = _edges(np.asarray([*total_ms, *marks_ms.values()]), lowest=0.0)

    def paint(figure: Any) -> None:
        axes = figure.subplots()
        axes.hist(np.clip(total_ms, edges[0], edges[-1]), edges, color=FUSED, histtype="stepfilled")
        for (name, at), line in zip(marks_ms.items(), ("-", "--"), strict=False):
            axes.axvline(at, color=INK, linewidth=1.2, linestyle=line, label=f"{name} {at:.2f} ms")
        axes.set_xlabel("time for one pair [ms]")
        axes.set_ylabel("pairs")
        axes.margins(x=0)
        count_frames(axes.yaxis)
        legend_above(axes)

    return draw("latency", SIZE_IN, paint), _beyond([total_ms], edges)


def _edges(values: NDArray[np.float64], lowest: float = -np.inf) -> NDArray[np.float64]:
    low, high = np.percentile(values, CENTRAL_PERCENT)
    margin = 0.05 * (high - low) or 0.5
    return np.linspace(max(low - margin, lowest), high + margin, BINS + 1)


def _beyond(series: Any, edges: NDArray[np.float64]) -> int:
    arrays = [np.asarray(values) for values in series]
    return sum(int(np.sum((array < edges[0]) | (array > edges[-1]))) for array in arrays)
