# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All figures of the contenders: times in turns, fresh processes, and the ratios between them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.benchmark.contenders import (
    COPY,
    FLOOR,
    PAPER_UNET,
    YARDSTICK,
    contenders,
    write_lutfuse_model,
)
from fusion_ros.benchmark.fresh_process import FreshFigures, measure_fresh, write_pair
from fusion_ros.benchmark.measurement import Timing, measure

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from fusion_ros.benchmark.measurement import Effort

OnStep = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ratios:
    """A contender beside what it is measured against; ratios of medians at one size.

    Attributes:
        times_faster_than_lutfuse: None where LUT-Fuse was not measured.
        times_faster_than_unet: Beside HybridFusion's U-Net; None where that was not measured.
        times_slower_than_sum: Beside OpenCV's weighted sum.
        times_slower_than_copy: Beside a copy of both images.
    """

    times_faster_than_lutfuse: float | None
    times_faster_than_unet: float | None
    times_slower_than_sum: float
    times_slower_than_copy: float


@dataclass(frozen=True, slots=True)
class Speed:
    """All figures of one contender at one size."""

    timing: Timing
    ratios: Ratios
    fresh: FreshFigures

    def as_dict(self) -> dict[str, Any]:
        """One flat entry for JSON; names and units as in the parts."""
        return {**asdict(self.timing), **asdict(self.ratios), **asdict(self.fresh)}


def measure_speed(
    sizes: Sequence[tuple[int, int]],
    backends: Collection[str],
    effort: Effort,
    folder: Path,
    on_step: OnStep = lambda _what, _done, _total: None,
) -> list[Speed]:
    """Measure the contenders at some sizes.

    Args:
        sizes: Widths and heights [px].
        backends: Names of those wanted; none for all.
        effort: How much is measured.
        folder: For scratch files.
        on_step: Told the kind of steps, how many of them are done, and how many there are.

    Raises:
        ConfigError: There is no backend of some name.
        FusionError: A contender cannot run.
    """
    lutfuse_model = folder / "lutfuse.npz"
    write_lutfuse_model(lutfuse_model)
    found = contenders(lutfuse_model, backends)
    loaded = {contender.name: contender.load() for contender in found}
    rows = [{c.name: loaded[c.name] for c in found if c.takes(size)} for size in sizes]
    turns, all_turns = itertools.count(1), effort.rounds * sum(map(len, rows))
    on_step("timing", 0, all_turns)
    timings = [
        measure(row, size, effort, lambda: on_step("timing", next(turns), all_turns))
        for row, size in zip(rows, sizes, strict=True)
    ]
    # Afterwards: by now the compiled kernels lie in their cache on disk.
    results: list[Speed] = []
    for size, row in zip(sizes, timings, strict=True):
        write_pair(folder, size)
        ratios = ratios_of(row)
        for timing in row:
            on_step("memory and first frame", len(results), sum(map(len, timings)))
            fresh = measure_fresh(timing.contender, folder, lutfuse_model)
            results.append(Speed(timing, ratios[timing.contender], fresh))
    return results


def ratios_of(timings: Sequence[Timing]) -> Mapping[str, Ratios]:
    """Ratios of the contenders of one size, the copy and the weighted sum among them."""
    medians = {timing.contender: timing.median_ms for timing in timings}
    yardstick, unet = medians.get(YARDSTICK), medians.get(PAPER_UNET)
    return {
        name: Ratios(
            times_faster_than_lutfuse=yardstick / median if yardstick is not None else None,
            times_faster_than_unet=unet / median if unet is not None else None,
            times_slower_than_sum=median / medians[FLOOR],
            times_slower_than_copy=median / medians[COPY],
        )
        for name, median in medians.items()
    }
