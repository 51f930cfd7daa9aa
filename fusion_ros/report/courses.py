# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Plots over the time of the recording."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.report.fates import FATES
from fusion_ros.report.plot_style import FAINT, FUSED, count_frames, draw, legend_above, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup
    from numpy.typing import NDArray

Point = tuple[float, float]

# More points than a plot has pixels are shown as the median of each stretch and the range in it.
POINTS = 300
DROP_BINS = 60
TIME_LABEL = "time in the recording [s]"
SIZE_IN = (4.2, 2.4)
SMALL_IN = (3.0, 1.75)


def known_points(t_s: Sequence[float | None], values: Sequence[float | None]) -> list[Point]:
    """The points of a series whose time and value are both known."""
    return [(t, v) for t, v in zip(t_s, values, strict=False) if t is not None and v is not None]


def course(
    name: str,
    points: Sequence[Point],
    label: str,
    *,
    joined: bool = True,
    level: float | None = None,
    size_in: tuple[float, float] = SIZE_IN,
) -> Markup:
    """One figure over time.

    Args:
        name: Tells the plot from the page's others.
        points: Times [s] and what is drawn there, in its own unit; at least one.
        label: Of the vertical axis, with the unit.
        joined: Whether a line leads from point to point.
        level: Where a dashed line is drawn for comparison.
        size_in: Width and height [inch].
    """
    times, values = np.array(points, np.float64).T

    def paint(figure: Any) -> None:
        axes = figure.subplots()
        _draw_values(axes, times, values, joined)
        if level is not None:
            axes.axhline(level, color=FAINT, linewidth=1, linestyle="--")
        axes.set_xlabel(TIME_LABEL)
        axes.set_ylabel(plain(label))
        axes.margins(x=0.01)

    return draw(name, size_in, paint)


def _draw_values(
    axes: Any, t_s: NDArray[np.float64], values: NDArray[np.float64], joined: bool
) -> None:
    if len(values) <= POINTS:
        marker = "." if len(values) <= POINTS // 4 or not joined else ""
        width = 1.1 if joined else 0
        axes.plot(t_s, values, color=FUSED, linewidth=width, marker=marker, markersize=4)
        return
    times = [stretch.mean() for stretch in np.array_split(t_s, POINTS)]
    stretches = np.array_split(values, POINTS)
    low, middle, high = (
        [function(stretch) for stretch in stretches] for function in (np.min, np.median, np.max)
    )
    axes.fill_between(times, low, high, color=FUSED, alpha=0.3, linewidth=0)
    axes.plot(times, middle, color=FUSED, linewidth=1.1)


def drops_course(drops: Sequence[Mapping[str, Any]], duration_s: float) -> Markup:
    """Frames that were not fused, by reason, over time.

    Args:
        drops: Each with ``t_s`` [s] (all known), ``stream`` and ``reason``; at least one.
        duration_s: Length of the recording [s].
    """
    streams = sorted({drop["stream"] for drop in drops}, key=_order_of_stream)
    times = [drop["t_s"] for drop in drops]
    first, last = min(0.0, *times), max(duration_s, *times)
    edges = np.linspace(first, last if last > first else first + 1, DROP_BINS + 1)

    def paint(figure: Any) -> None:
        rows = figure.subplots(len(streams), 1, sharex=True, squeeze=False)[:, 0]
        for axes, stream in zip(rows, streams, strict=True):
            _draw_drops(axes, [drop for drop in drops if drop["stream"] == stream], edges)
            axes.set_ylabel(f"{plain(stream)}\nframes")
        reasons = {drop["reason"] for drop in drops}
        for fate in (FATES[name] for name in FATES if name in reasons):
            rows[0].bar(first, 0, color=fate.colour, label=fate.words)
        legend_above(rows[0])
        rows[-1].set_xlabel(TIME_LABEL)

    return draw("drops", (4.6, 0.8 + 0.9 * len(streams)), paint)


def _draw_drops(axes: Any, drops: Sequence[Mapping[str, Any]], edges: NDArray[np.float64]) -> None:
    bottom = np.zeros(DROP_BINS)
    for reason, fate in FATES.items():
        counts, _ = np.histogram([d["t_s"] for d in drops if d["reason"] == reason], edges)
        if counts.any():
            axes.stairs(bottom + counts, edges, baseline=bottom, fill=True, color=fate.colour)
        bottom += counts
    axes.margins(x=0)
    axes.set_xlim(edges[0], edges[-1])
    count_frames(axes.yaxis)


def _order_of_stream(stream: str) -> tuple[bool, bool, str]:
    return stream != "visible", stream != "thermal", stream
