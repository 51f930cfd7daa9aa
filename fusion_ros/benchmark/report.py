# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All that a benchmark found, as one record and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_ros.benchmark.node_benchmark import NodeBenchmark
    from fusion_ros.benchmark.speed import Speed

FORMAT = 1
# More than the system's own background. [cores]
BUSY_CORES = 0.5


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """What was measured, where and when.

    Attributes:
        provenance: From `provenance`.
        load_before: Cores that other programs kept busy in the minute before [cores].
        speeds: Contenders, by size in the order measured.
        node: None where it was not wanted.
    """

    provenance: dict[str, object]
    load_before: float
    speeds: Sequence[Speed]
    node: NodeBenchmark | None

    @property
    def warnings(self) -> list[str]:
        """Reasons to distrust the figures."""
        if self.load_before < BUSY_CORES:
            return []
        return [
            f"other programs kept {self.load_before:.1f} cores busy in the minute before: the "
            f"times are likely too long; measure again on a quiet machine"
        ]

    def as_dict(self) -> dict[str, Any]:
        """For JSON; docs/benchmark.md describes it."""
        return {
            "format": FORMAT,
            "provenance": self.provenance,
            "load_before": self.load_before,
            "warnings": self.warnings,
            "speed": [speed.as_dict() for speed in self.speeds],
            "node": asdict(self.node) if self.node is not None else None,
        }


def write_json(report: BenchmarkReport, path: Path) -> None:
    """Write all figures."""
    path.write_text(json.dumps(report.as_dict(), indent=2) + "\n", encoding="utf-8")
