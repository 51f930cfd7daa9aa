# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Wall time per stage on a steady clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fusion_ros.core.time_units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable


class StageTimer:
    """Splits the time since its creation into named stages, one after the other."""

    __slots__ = ("_clock_ns", "_last_ns", "stages_ms")

    def __init__(self, clock_ns: Callable[[], int] = time.perf_counter_ns) -> None:
        """Start timing.

        Args:
            clock_ns: A monotonic clock [ns].
        """
        self._clock_ns = clock_ns
        self._last_ns = clock_ns()
        self.stages_ms: dict[str, float] = {}

    def finish(self, stage: str) -> None:
        """Book the time since the previous `finish` (or the creation) to `stage`."""
        now_ns = self._clock_ns()
        elapsed_ms = (now_ns - self._last_ns) / NS_PER_MS
        self.stages_ms[stage] = self.stages_ms.get(stage, 0.0) + elapsed_ms
        self._last_ns = now_ns
