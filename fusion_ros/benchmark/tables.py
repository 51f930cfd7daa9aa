# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures as tables: rows of text, which the terminal and Markdown show alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.benchmark.contenders import COPY, FLOOR, PAPER_UNET, YARDSTICK, is_of_hybrid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.benchmark.node_benchmark import NodeBenchmark
    from fusion_ros.benchmark.node_figures import NodeFigures
    from fusion_ros.benchmark.speed import Speed

Row = tuple[str, ...]
NOTHING = "-"
# A 99th percentile of fewer is little more than the largest.
FEW_RUNS = 100


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table.

    Attributes:
        title: What it shows.
        columns: Their heads; the first holds names, the others figures.
        sections: Rows that belong together, under the heading that they share.
        notes: What must be known to read it.
    """

    title: str
    columns: Row
    sections: Mapping[str, Sequence[Row]]
    notes: Sequence[str] = ()


def speed_table(speeds: Sequence[Speed]) -> TextTable:
    """Every contender at every size."""
    sections: dict[str, list[Row]] = {}
    for speed in speeds:
        size = f"{speed.timing.width}x{speed.timing.height}"
        sections.setdefault(size, []).append(_speed_row(speed))
    columns = (
        "",
        "median ms",
        "p99 ms",
        "faster than paper",
        "slower than sum",
        "cores busy",
        "first frame ms",
        "peak MB",
        "of it grown",
    )
    return TextTable("Time for one pair of 8-bit images", columns, sections, _speed_notes(speeds))


def node_table(node: NodeBenchmark) -> TextTable:
    """The node and the relay at every pace, or why they were not measured."""
    if node.skipped:
        reason = f"not measured: {node.skipped}"
        return TextTable("The node from end to end", ("",), {"": [(reason,)]})
    columns = (
        "",
        "pairs sent",
        "frames arrived",
        "newest wins",
        "not paired",
        "arrived /s",
        "median ms",
        "p99 ms",
        "cores busy",
        "peak MB",
    )
    sections: dict[str, list[Row]] = {}
    for run in node.runs:
        sections.setdefault(run.pace, []).append(_node_row(run))
    first = node.runs[0]
    title = (
        f"From the later input's publication to the fused frame's arrival: "
        f"{node.backend} on {node.engine}, {first.width}x{first.height}"
    )
    return TextTable(title, columns, sections)


def _speed_row(speed: Speed) -> Row:
    timing, ratios, fresh = speed.timing, speed.ratios, speed.fresh
    of_hybrid = is_of_hybrid(timing.contender)
    faster = ratios.times_faster_than_unet if of_hybrid else ratios.times_faster_than_lutfuse
    is_bound = timing.contender in (COPY, FLOOR)
    return (
        timing.contender,
        figure(timing.median_ms),
        figure(timing.p99_ms),
        NOTHING if faster is None or is_bound else f"{figure(faster)}x",
        f"{figure(ratios.times_slower_than_sum)}x",
        f"{fresh.cores_busy:.1f}",
        figure(fresh.first_frame_ms),
        _whole(fresh.peak_memory_mb),
        _whole(fresh.memory_growth_mb),
    )


def _speed_notes(speeds: Sequence[Speed]) -> list[str]:
    runs = [speed.timing.runs for speed in speeds]
    fewest, most = min(runs), max(runs)
    if most < FEW_RUNS:
        notes = [f"at most {most} runs each: p99 is close to the largest"]
    else:
        notes = [f"{fewest if fewest == most else f'{fewest} to {most}'} runs each"]
        few = sorted({s.timing.contender for s in speeds if s.timing.runs < FEW_RUNS})
        if few:
            notes.append(f"fewer than {FEW_RUNS} of {', '.join(few)}: p99 is close to the largest")
    measured = {speed.timing.contender for speed in speeds}
    if PAPER_UNET in measured:
        notes.append(
            f"'faster than paper': {PAPER_UNET} is the paper of hybrid, LUT-Fuse that of all others"
        )
    if YARDSTICK not in measured:
        notes.append(
            "LUT-Fuse was not measured: it needs PyTorch (in a clone: make setup-train, or "
            "pip install '.[train]') and, with --backends, its name lutfuse"
        )
    return notes


def _node_row(run: NodeFigures) -> Row:
    return (
        run.program,
        str(run.pairs_sent),
        str(run.frames_received),
        _count(run.superseded),
        _count(run.not_paired),
        f"{run.received_hz:.0f}",
        figure(run.latency_ms["p50"]),
        figure(run.latency_ms["p99"]),
        f"{run.cores_busy:.2f}",
        _whole(run.peak_memory_mb),
    )


def figure(value: float) -> str:
    """A number with two to three digits that count."""
    if value < 10:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def _whole(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f}"


def _count(value: int | None) -> str:
    return NOTHING if value is None else str(value)
