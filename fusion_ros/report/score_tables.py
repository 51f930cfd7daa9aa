# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables of scores: this recording beside the trivial fusions of the same frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.metrics.registry import METRICS, REWARD, lower_is_better
from fusion_ros.metrics.temporal.temporal_scores import TEMPORAL_METRICS
from fusion_ros.report.number_text import number, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASELINE_TEXTS = {
    "vis": "the visible image",
    "ir": "the thermal image",
    "avg": "mean of both",
    "max": "the brighter of both",
    "lap": "Laplacian pyramid",
}
_OTHER_TEXTS = {REWARD: "(VIF + 1.5 Qabf + SSIM) / 3", **TEMPORAL_METRICS}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure; `best` where no other of its row is better."""

    value: str
    best: bool = False


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One metric: its name and meaning, one cell a method, the first one's interval."""

    metric: str
    better: str
    text: str
    cells: tuple[Cell, ...]
    interval: str = ""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Methods, each with its meaning, and a row for each metric."""

    methods: tuple[tuple[str, str], ...]
    rows: tuple[ScoreRow, ...]


def metric_text(metric: str) -> str:
    """What a metric measures, in one line; empty if it is not of our table."""
    return METRICS[metric].text if metric in METRICS else _OTHER_TEXTS.get(metric, "")


def score_table(metrics: Mapping[str, Any]) -> ScoreTable:
    """This recording's scores with their intervals, and the baselines'."""
    scores, baselines = metrics["scores"], metrics["baselines"]
    rows = []
    for metric, figures in scores.items():
        means = [figures["mean"], *(means.get(metric) for means in baselines.values())]
        interval = spread(figures.get("low"), figures.get("high"))
        rows.append(_row(metric, means, interval))
    methods = [("fused", "this recording"), *((n, BASELINE_TEXTS.get(n, "")) for n in baselines)]
    return ScoreTable(tuple(methods), tuple(rows))


def temporal_table(metrics: Mapping[str, Any]) -> ScoreTable:
    """Metrics of the video, where smaller is always better; methods may lack entries."""
    methods = metrics["temporal"]
    names = list(dict.fromkeys(name for figures in methods.values() for name in figures))
    rows = [_row(name, [figures.get(name) for figures in methods.values()]) for name in names]
    titles = tuple((method, BASELINE_TEXTS.get(method, "")) for method in methods)
    return ScoreTable(titles, tuple(rows))


def _row(metric: str, means: Sequence[float | None], interval: str = "") -> ScoreRow:
    lower = lower_is_better(metric)
    known = [mean for mean in means if mean is not None]
    best = (min if lower else max)(known) if len(known) > 1 else None
    cells = tuple(Cell(number(mean), mean is not None and mean == best) for mean in means)
    better = "lower" if lower else "higher"
    return ScoreRow(metric, better, metric_text(metric), cells, interval)
