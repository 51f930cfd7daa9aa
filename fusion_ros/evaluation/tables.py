# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Tables of an evaluation: a row for each metric, a column for each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.markup import escape
from rich.table import Table

from fusion_ros.metrics.means import interval_half_widths, mean_scores
from fusion_ros.metrics.profiles import STANDARD_PROFILE
from fusion_ros.metrics.registry import lower_is_better

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.evaluation.image_set import ImageSet
    from fusion_ros.evaluation.methods import Method
    from fusion_ros.evaluation.scoring import MethodScores

LEGEND = "Mean ± half width of its 95 % confidence interval; ↑ higher or ↓ lower is better."
BEST_NOTE = "Bold: the best."
BASELINES_NOTE = (
    "Bold: the best of what is no baseline. Baselines: vis, ir copy one source; avg, max "
    "of both; lap Laplacian pyramid."
)
NO_REWARD_NOTE = f"The metric 'reward' exists in profile {STANDARD_PROFILE} only."
COPY_NOTE = "Several metrics reward a copy: see docs/metrics.md."
VIDEO_NOTE = (
    "Frames of a video are alike: its intervals tell how much it varies, not how others score."
)


def set_table(
    images: ImageSet, methods: Sequence[Method], profile: str, scores: Mapping[str, MethodScores]
) -> Table:
    """The table of one set."""
    table = Table(
        "", title=escape(_title(images, profile)), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for method in methods:
        style = "dim" if method.kind == "baseline" else ""
        table.add_column(escape(method.label), justify="right", style=style)
    means = {label: {**mean_scores(row.images), **row.video} for label, row in scores.items()}
    widths = {label: interval_half_widths(row.images) for label, row in scores.items()}
    rivals = [method.label for method in methods if method.kind != "baseline"]
    for metric in dict.fromkeys(metric for row in means.values() for metric in row):
        lower = lower_is_better(metric)
        best = _best({label: means[label].get(metric) for label in rivals}, lower)
        cells = (
            _cell(means[label].get(metric), widths[label].get(metric), label in best)
            for label in (method.label for method in methods)
        )
        table.add_row(f"{metric} {'↓' if lower else '↑'}", *cells)
    return table


def legend(methods: Sequence[Method], profile: str) -> str:
    """What must be known to read the tables of these methods."""
    has_baselines = any(method.kind == "baseline" for method in methods)
    notes = [LEGEND, BASELINES_NOTE if has_baselines else BEST_NOTE]
    if profile != STANDARD_PROFILE:
        notes.append(NO_REWARD_NOTE)
    return " ".join([*notes, COPY_NOTE])


def step_note(images: ImageSet) -> str:
    """Over how many frames the steadiness of a video is measured; empty where over every one."""
    longest = max(images.steps, default=1)
    if longest == 1:
        return ""
    if min(images.steps) == longest:
        steps = f"one of every {longest} frames: steadiness is over {longest} frames of motion"
    else:
        several = sum(step > 1 for step in images.steps)
        steps = (
            f"images left out: steadiness is over up to {longest} frames of motion in {several} "
            f"of {len(images.steps)} steps"
        )
    return f"{images.folders.name}, {steps}; not comparable with every frame."


def _title(images: ImageSet, profile: str) -> str:
    chosen, pairs = len(images.images), images.pairs
    count = f"{pairs} images" if chosen == pairs else f"{chosen} of {pairs} images"
    return f"{images.folders.name}: {count}, profile {profile}"


def _best(values: Mapping[str, float | None], lower: bool) -> set[str]:
    """Labels of the best values, as they are shown; nothing where there is no choice."""
    shown = {label: float(_digits(value)) for label, value in values.items() if value is not None}
    if len(shown) < 2:
        return set()
    best = min(shown.values()) if lower else max(shown.values())
    return {label for label, value in shown.items() if value == best}


def _cell(mean: float | None, half_width: float | None, best: bool) -> str:
    if mean is None:
        return "-"
    number = f"[bold]{_digits(mean)}[/]" if best else _digits(mean)
    if half_width is None:
        return number
    return f"{number} ±{half_width:.{_decimals(mean)}f}"


def _digits(value: float) -> str:
    return f"{value:.{_decimals(value)}f}"


def _decimals(value: float) -> int:
    return 3 if abs(value) < 10 else 2
