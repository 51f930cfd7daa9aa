# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What stands at the top of the page: the verdict, and the figures that are asked for first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.report.fates import STREAMS
from fusion_ros.report.number_text import milliseconds, number, share, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADLINE_SCORES = ("VIF", "minVIF", "Qabf")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the thresholds were met; `kind` is passed, failed or open."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the headline, with what it is and what is known beside it."""

    name: str
    value: str
    unit: str = ""
    detail: str = ""
    alarming: bool = False


def verdict(metrics: Mapping[str, Any]) -> Verdict:
    """The verdict over all thresholds."""
    thresholds = metrics["thresholds"]
    failed = sum(not threshold["passed"] for threshold in thresholds)
    if not thresholds:
        return Verdict("open", "no thresholds set")
    if failed:
        return Verdict("failed", f"failed: {failed} of {len(thresholds)} thresholds")
    return Verdict("passed", f"passed: {len(thresholds)} of {len(thresholds)} thresholds")


def tiles(metrics: Mapping[str, Any]) -> list[Tile]:
    """The figures of the headline of complete metrics; a dash where one is not known."""
    timing = (_fused(metrics), _rate(metrics), _latency(metrics), _offset(metrics))
    return [*timing, *_scores(metrics), *_lost(metrics)]


def _fused(metrics: Mapping[str, Any]) -> Tile:
    fused, visible = metrics["pairs"]["fused"], metrics["frames"]["visible"]["inputs"]
    detail = f"of {number(visible)} visible frames ({share(fused, visible)})"
    return Tile("Pairs fused", number(fused), detail=detail, alarming=not fused)


def _rate(metrics: Mapping[str, Any]) -> Tile:
    rates = metrics["rates_hz"]
    sources = [f"{stream} {number(rates[stream], 2)} Hz" for stream in STREAMS]
    return Tile("Fused rate", number(rates["fused"], 2), "Hz", ", ".join(sources))


def _latency(metrics: Mapping[str, Any]) -> Tile:
    total = metrics["stages_ms"].get("total", {})
    slow = f"p99 {milliseconds(total.get('p99'))}, longest {milliseconds(total.get('max'))}"
    detail = f"{slow}; without writing the recording"
    return Tile("Time for one pair", number(total.get("median"), 2), "ms", detail)


def _offset(metrics: Mapping[str, Any]) -> Tile:
    offset = metrics["pair_offset_ms"]
    detail = f"99 % within ±{milliseconds(offset['p99_abs'])}"
    return Tile("Thermal minus visible", number(offset["median"], 2), "ms", detail)


def _scores(metrics: Mapping[str, Any]) -> list[Tile]:
    scores = metrics["scores"]
    return [
        Tile(name, number(scores[name]["mean"]), detail=_interval(scores[name]))
        for name in HEADLINE_SCORES
        if name in scores
    ]


def _interval(figures: Mapping[str, Any]) -> str:
    interval = spread(figures.get("low"), figures.get("high"))
    frames = f"n = {number(figures.get('n'))}"
    return f"95 %: {interval}, {frames}" if interval else frames


def _lost(metrics: Mapping[str, Any]) -> list[Tile]:
    tiles = []
    for name, words in (("malformed", "Malformed frames"), ("failed", "Failed frames")):
        counts = {stream: metrics["frames"][stream][name] for stream in STREAMS}
        total = sum(counts.values())
        detail = ", ".join(f"{stream} {number(count)}" for stream, count in counts.items())
        tiles.append(Tile(words, number(total), detail=detail, alarming=total > 0))
    return tiles
