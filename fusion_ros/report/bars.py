# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Bars: what became of the frames, and how long the stages took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fusion_ros.report.fates import FATES
from fusion_ros.report.plot_style import FUSED, INK, draw, legend_above, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markupsafe import Markup

BAR_HEIGHT = 0.6


def account_bars(frames: Mapping[str, Mapping[str, int]]) -> Markup:
    """One bar a stream: the shares of `FATES` in its inputs.

    Args:
        frames: Stream to counts.
    """
    streams = [stream for stream, counts in frames.items() if counts["inputs"]]

    def paint(figure: Any) -> None:
        axes = figure.subplots()
        left = [0.0] * len(streams)
        for name, fate in FATES.items():
            shares = [100 * frames[s][name] / frames[s]["inputs"] for s in streams]
            if any(shares):
                axes.barh(streams, shares, BAR_HEIGHT, left, color=fate.colour, label=fate.words)
            left = [done + more for done, more in zip(left, shares, strict=True)]
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.set_xlabel("share of the stream's frames [%]")
        axes.set_xlim(0, 100)
        legend_above(axes)

    return draw("account", (4.6, 1.6), paint)


def stage_bars(stages_ms: Mapping[str, Mapping[str, float]]) -> Markup:
    """Median of each stage as a bar, the 99th percentile as a mark [ms]."""
    names = [plain(name) for name in stages_ms]
    medians = [stage["median"] for stage in stages_ms.values()]
    highs = [stage["p99"] for stage in stages_ms.values()]

    def paint(figure: Any) -> None:
        axes = figure.subplots()
        axes.barh(names, medians, BAR_HEIGHT, color=FUSED, label="median")
        axes.plot(highs, names, "|", color=INK, markersize=13, markeredgewidth=2, label="p99")
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.grid(visible=True, axis="x")
        axes.set_xlim(left=0)
        axes.set_xlabel("time for one pair [ms]")
        legend_above(axes)

    return draw("stages", (4.2, 2.4), paint)
