# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The account of frames: a row for each stream, whose counts add up to its inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.report.fates import FATES, STREAMS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One stream; `counts` in the order of `FATES`."""

    stream: str
    topic: str
    inputs: int
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many frames the counts explain."""
        return sum(self.counts)


def account_rows(metrics: Mapping[str, Any]) -> list[AccountRow]:
    """Both streams of complete metrics."""
    rows = []
    for stream in STREAMS:
        counts = metrics["frames"][stream]
        topic = metrics["bag"]["topics"].get(stream) or {}
        fates = tuple(counts[name] for name in FATES)
        rows.append(AccountRow(stream, topic.get("name", ""), counts["inputs"], fates))
    return rows
