# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The plots of a page, each with a title and a sentence that says what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.metrics.registry import lower_is_better
from fusion_ros.report.bars import account_bars, stage_bars
from fusion_ros.report.courses import SMALL_IN, course, drops_course, known_points
from fusion_ros.report.fates import FATES, STREAMS
from fusion_ros.report.histograms import latency_histogram, offset_histogram
from fusion_ros.report.number_text import milliseconds, number, spread
from fusion_ros.report.score_tables import metric_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from fusion_ros.report.courses import Point

CLOCKS = {"stamps": "pair_offset_ms", "arrivals": "arrival_offset_ms"}
# Shown first; the others follow, folded away.
LEADING_METRICS = ("reward", "VIF", "minVIF", "Qabf", "SSIM", "MI")


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing, its title, and in words what it shows."""

    title: str
    text: str
    svg: Markup


def account_plots(metrics: Mapping[str, Any]) -> list[Plot]:
    """What became of the frames, and when frames were lost."""
    frames = {stream: metrics["frames"][stream] for stream in STREAMS}
    plots = []
    if any(counts["inputs"] for counts in frames.values()):
        text = "; ".join(f"{stream}: {_counts(counts)}" for stream, counts in frames.items())
        plots.append(Plot("What became of every frame", text, account_bars(frames)))
    drops = metrics["series"]["drops"]
    timed = [drop for drop in drops if drop["t_s"] is not None]
    if timed:
        text = f"{number(len(timed))} drops at their time in the recording"
        if len(timed) < len(drops):
            text += f"; {number(len(drops) - len(timed))} more have no readable time"
        duration_s = metrics["bag"]["duration_s"] or 0.0
        plots.append(Plot("Frames not fused, by reason", text, drops_course(timed, duration_s)))
    return plots


def timing_plots(metrics: Mapping[str, Any]) -> list[Plot]:
    """Offsets and latencies, as far as there are any."""
    series, stages = metrics["series"], metrics["stages_ms"]
    plots = []
    offsets = {clock: _known(series[name]) for clock, name in CLOCKS.items()}
    offsets = {clock: values for clock, values in offsets.items() if values}
    if offsets:
        svg, beyond = offset_histogram(offsets)
        text = "; ".join(f"{clock}: {_offset_text(metrics, clock)}" for clock in offsets)
        plots.append(Plot("Offset within pairs", text + _beyond_text(beyond), svg))
    total, figures = _known(series["stages_ms"].get("total", [])), stages.get("total", {})
    if total:
        marks = {n: figures[n] for n in ("median", "p99") if figures.get(n) is not None}
        svg, beyond = latency_histogram(total, marks)
        plots.append(Plot("Time for one pair", _stage_text(figures) + _beyond_text(beyond), svg))
    known = {n: stage for n, stage in stages.items() if stage.get("median") is not None}
    if known:
        text = "Medians as bars, 99th percentiles as marks. Writing is not part of the total."
        plots.append(Plot("Time of each stage", text, stage_bars(known)))
    return [*plots, *_timing_courses(series)]


def _timing_courses(series: Mapping[str, Any]) -> list[Plot]:
    plots = []
    points = known_points(series["t_s"], series["pair_offset_ms"])
    if points:
        svg = course("offset-course", points, "thermal minus visible [ms]", joined=False)
        text = "By stamps. A slope is a clock that drifts; a step, a clock that was set."
        plots.append(Plot("Offset over time", text, svg))
    points = known_points(series["t_s"], series["stages_ms"].get("total", []))
    if points:
        svg = course("latency-course", points, "time for one pair [ms]")
        text = "A rise is a machine that grows warm or is shared with others."
        plots.append(Plot("Time for one pair, over time", text, svg))
    return plots


def score_plots(metrics: Mapping[str, Any]) -> tuple[list[Plot], list[Plot]]:
    """Each metric over time: the leading ones, and the others."""
    t_s, scores = metrics["series"]["scored_t_s"], metrics["series"]["scores"]
    points = {name: known_points(t_s, values) for name, values in scores.items()}
    leading = [name for name in LEADING_METRICS if points.get(name)]
    others = [name for name in points if points[name] and name not in leading]
    first, rest = (
        [_score_plot(metrics, name, points[name]) for name in group] for group in (leading, others)
    )
    return first, rest


def _score_plot(metrics: Mapping[str, Any], name: str, points: Sequence[Point]) -> Plot:
    means = {n: m[name] for n, m in metrics["baselines"].items() if m.get(name) is not None}
    values = [value for _, value in points]
    text = f"{metric_text(name)}; " if metric_text(name) else ""
    text += spread(min(values), max(values))
    best = (min if lower_is_better(name) else max)(means, key=means.__getitem__, default=None)
    if best is not None:
        text += f"; dashed: mean of the best baseline ({best}), {number(means[best])}"
    level = None if best is None else means[best]
    svg = course(f"score-{name}", points, name, level=level, size_in=SMALL_IN)
    return Plot(name, text, svg)


def _counts(counts: Mapping[str, int]) -> str:
    named = [f"{number(counts[name])} {fate.words}" for name, fate in FATES.items() if counts[name]]
    return ", ".join(named) or "no frames"


def _offset_text(metrics: Mapping[str, Any], clock: str) -> str:
    figures = metrics[CLOCKS[clock]]
    return (
        f"median {milliseconds(figures['median'])}, from {milliseconds(figures['min'])} "
        f"to {milliseconds(figures['max'])}"
    )


def _stage_text(figures: Mapping[str, float | None]) -> str:
    return (
        f"median {milliseconds(figures.get('median'))}, p99 {milliseconds(figures.get('p99'))}, "
        f"longest {milliseconds(figures.get('max'))}"
    )


def _beyond_text(beyond: int) -> str:
    return f"; beyond the axis, in its outermost bars: {number(beyond)}" if beyond else ""


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
