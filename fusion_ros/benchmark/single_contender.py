# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs one contender in this process, and prints its figures; see `fresh_process`.

python -m fusion_ros.benchmark.single_contender "mm_lut on cpu" FOLDER LUTFUSE_MODEL
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_ros.benchmark.contenders import Contender, contenders
from fusion_ros.benchmark.fresh_process import FreshFigures, read_pair
from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.process_status import peak_memory_mb, resident_memory_mb

if TYPE_CHECKING:
    from fusion_ros.benchmark.contenders import Fuse
    from fusion_ros.core.frames import FramePair

# Threads that libraries start spin for a moment before they sleep.
SETTLE_S = 0.2
# Long enough that buffers are kept and that processor time is known well.
STEADY_S = 0.5
STEADY_RUNS = 3


def run_alone(contender: Contender, pair: FramePair) -> FreshFigures:
    """Load a contender, fuse for a while, and look at what that took."""
    before_mb = resident_memory_mb(os.getpid())
    start_ns = time.perf_counter_ns()
    fuse = contender.load()
    fuse(pair)
    first_frame_ms = (time.perf_counter_ns() - start_ns) / NS_PER_MS
    _fuse_for(SETTLE_S, fuse, pair)
    computed_s, start_s = time.process_time(), time.perf_counter()
    _fuse_for(STEADY_S, fuse, pair)
    cores = (time.process_time() - computed_s) / (time.perf_counter() - start_s)
    peak_mb = peak_memory_mb(os.getpid())
    growth_mb = None
    if peak_mb is not None and before_mb is not None:
        growth_mb = max(0.0, peak_mb - before_mb)
    return FreshFigures(first_frame_ms, peak_mb, growth_mb, cores)


def _fuse_for(seconds: float, fuse: Fuse, pair: FramePair) -> None:
    """Fuse frame after frame, at least `STEADY_RUNS` of them."""
    start_s, runs = time.perf_counter(), 0
    while runs < STEADY_RUNS or time.perf_counter() - start_s < seconds:
        fuse(pair)
        runs += 1


def main() -> None:
    """Run the contender that the command line names."""
    name, folder, lutfuse_model = sys.argv[1:]
    found = {contender.name: contender for contender in contenders(Path(lutfuse_model))}
    print(json.dumps(asdict(run_alone(found[name], read_pair(Path(folder))))))


if __name__ == "__main__":
    main()
