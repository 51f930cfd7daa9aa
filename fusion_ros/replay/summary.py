# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a replay, for programs as JSON and for people as tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from fusion_ros.core.time_units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.pipeline import FusionPipeline
    from fusion_ros.replay.account import ReplayAccount
    from fusion_ros.replay.runner import ReplayRecord


def summarize(
    topics: CameraTopics,
    pipeline: FusionPipeline,
    account: ReplayAccount,
    record: ReplayRecord,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """Gather all figures as JSON-able values."""
    return {
        "topics": asdict(topics),
        "backend": pipeline.name,
        "engine": pipeline.engine,
        "model_id": pipeline.model_id,
        "visible": asdict(account.visible),
        "thermal": asdict(account.thermal),
        "pairs": {"paired": account.pairs, "fused": account.fused, "failed": account.failed},
        "stages_ms": {name: _spread(times) for name, times in record.stages_ms.items()},
        "pair_offset_ms": _offsets_ms(record.offsets_ns),
        "reasons": record.reasons,
        "warnings": list(warnings),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    median, high = np.percentile(values, (50, 99))
    return {"median": round(float(median), 3), "p99": round(float(high), 3)}


def _offsets_ms(offsets_ns: Sequence[int]) -> dict[str, float]:
    if not offsets_ns:
        return {}
    values = np.array(offsets_ns) / NS_PER_MS
    figures = {"median": np.median(values), "min": values.min(), "max": values.max()}
    return {name: round(float(value), 3) for name, value in figures.items()}


def frames_table(summary: dict[str, Any]) -> Table:
    """What became of the input frames."""
    table = Table(title="Input frames")
    table.add_column("stream")
    columns = ("inputs", "paired", "unpaired", "stale", "malformed")
    for column in columns:
        table.add_column(column, justify="right")
    for stream in ("visible", "thermal"):
        table.add_row(stream, *(str(summary[stream][column]) for column in columns))
    return table


def stages_table(summary: dict[str, Any]) -> Table:
    """How long each stage took."""
    table = Table(title=f"{summary['backend']} on {summary['engine']}: time for one pair")
    table.add_column("stage")
    table.add_column("median ms", justify="right")
    table.add_column("p99 ms", justify="right")
    for name, figures in summary["stages_ms"].items():
        table.add_row(name, f"{figures['median']:.2f}", f"{figures['p99']:.2f}")
    return table
