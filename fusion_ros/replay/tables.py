# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures of replays as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from fusion_ros.metrics.registry import lower_is_better

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.replay.batch import ReplayOutcome

STREAMS = ("visible", "thermal")


def frames_table(metrics: Mapping[str, Any]) -> Table:
    """What became of the input frames."""
    table = Table("stream", title="Input frames")
    for fate in metrics["frames"]["visible"]:
        table.add_column(fate.replace("_", " "), justify="right")
    for stream in STREAMS:
        table.add_row(stream, *(str(count) for count in metrics["frames"][stream].values()))
    return table


def stages_table(metrics: Mapping[str, Any]) -> Table:
    """How long each stage took."""
    table = Table(
        "stage",
        title=f"{metrics['backend']} on {metrics['engine']}: time for one pair",
        caption="write, of the recording, is not part of total",
    )
    for figure in ("median", "p99", "max"):
        table.add_column(f"{figure} ms", justify="right")
    for stage, figures in metrics["stages_ms"].items():
        table.add_row(stage, *(_number(value, 2) for value in figures.values()))
    return table


def scores_table(metrics: Mapping[str, Any]) -> Table:
    """Scores with half their 95 % intervals, beside those of trivial fusions."""
    frames = max(figures["n"] for figures in metrics["scores"].values())
    title = f"Means over {frames} frames, profile {metrics['profile']}"
    table = Table("metric", title=title)
    for column in ("fused", "95 %", *metrics["baselines"]):
        table.add_column(column, justify="right")
    for name, figures in metrics["scores"].items():
        table.add_row(
            f"{name} {'↓' if lower_is_better(name) else '↑'}",
            _number(figures["mean"], 3),
            _half_width(figures),
            *(_number(means.get(name), 3) for means in metrics["baselines"].values()),
        )
    return table


def thresholds_table(metrics: Mapping[str, Any]) -> Table:
    """Limits, and whether they were kept."""
    table = Table("figure", "limit", title="Thresholds")
    table.add_column("value", justify="right")
    table.add_column("verdict")
    for verdict in metrics["thresholds"]:
        table.add_row(
            verdict["name"],
            f"{verdict['rule']} {verdict['limit']:g}",
            _measured(verdict["value"]),
            "passed" if verdict["passed"] else "[bold red]failed",
        )
    return table


def bags_table(outcomes: Sequence[ReplayOutcome]) -> Table:
    """All bags, one a line."""
    table = Table("bag", title="All bags")
    columns = (
        "input frames",
        "pairs fused",
        "frames malformed",
        "frames without partner",
        "p99 ms",
        "VIF",
        "Qabf",
    )
    for column in columns:
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for outcome in outcomes:
        table.add_row(escape(outcome.task.bag.name), *_bag_row(outcome))
    return table


def _bag_row(outcome: ReplayOutcome) -> list[str]:
    metrics = outcome.metrics
    if metrics is None:
        return ["–"] * 7 + ["[bold red]not replayed"]
    frames = metrics["frames"]
    lost = (sum(frames[s][fate] for s in STREAMS) for fate in ("malformed", "no_partner"))
    scores = (metrics["scores"].get(name, {}).get("mean") for name in ("VIF", "Qabf"))
    missed = missed_thresholds(metrics)
    return [
        str(sum(frames[stream]["inputs"] for stream in STREAMS)),
        str(metrics["pairs"]["fused"]),
        *map(str, lost),
        _number(metrics["stages_ms"]["total"]["p99"], 2),
        *(_number(score, 3) for score in scores),
        f"[bold red]{len(missed)} failed" if missed else "passed" if metrics["thresholds"] else "–",
    ]


def missed_thresholds(metrics: Mapping[str, Any]) -> list[str]:
    """The limits that were missed, each with what was measured."""
    return [
        f"{verdict['name']} is {_measured(verdict['value'])}, expected {verdict['rule']} "
        f"{verdict['limit']:g}"
        for verdict in metrics["thresholds"]
        if not verdict["passed"]
    ]


def _measured(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.6g}"


def _half_width(figures: Mapping[str, Any]) -> str:
    low, high = figures["low"], figures["high"]
    return "–" if low is None or high is None else f"±{(high - low) / 2:.3f}"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
