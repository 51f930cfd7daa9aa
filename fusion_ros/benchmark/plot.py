# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A picture of the times: each contender by size, on a logarithmic axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fusion_ros.benchmark.contenders import COPY, FLOOR, PAPER_UNET, YARDSTICK
from fusion_ros.benchmark.pictures import size_name
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_ros.benchmark.measurement import Timing
    from fusion_ros.benchmark.report import BenchmarkReport

SUFFIXES = (".png", ".svg")
# Okabe and Ito's colours, which everybody can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
BOUNDS = {
    PAPER_UNET: {"color": "0.25", "linestyle": "-"},
    YARDSTICK: {"color": "0.25", "linestyle": "--"},
    FLOOR: {"color": "0.45", "linestyle": "-."},
    COPY: {"color": "0.6", "linestyle": ":"},
}
CAMERA_HZ = 30
# Contenders stand beside each other, so that their whiskers do not hide one another.
SPREAD = 0.16


def check_plot_name(path: Path) -> None:
    """Raise `ConfigError` unless the file's name ends as a picture's that can be made."""
    if path.suffix not in SUFFIXES:
        raise ConfigError(f"{path}: expected a name that ends in {' or '.join(SUFFIXES)}")


def draw_plot(report: BenchmarkReport, path: Path) -> None:
    """Draw medians, with whiskers up to the 99th percentile, as PNG or SVG.

    The copy, the weighted sum and the papers' own formulations are lines; backends are points.

    Raises:
        ConfigError: The file's name ends in something else.
    """
    # A figure of its own, without pyplot: works without a display and leaves no global state.
    import matplotlib
    from matplotlib.figure import Figure

    check_plot_name(path)
    timings = [speed.timing for speed in report.speeds]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    _draw_contenders(axes, timings)
    _label(axes, timings)
    _draw_legend(axes, timings)
    facts = report.provenance
    axes.set_title("Time for one pair of 8-bit images", loc="left")
    figure.supxlabel(
        f"{facts['date']}, {facts['cores']} cores of {facts['cpu']}, commit {facts['commit']}; "
        f"whiskers: 99th percentile",
        fontsize="small",
        color="0.3",
    )
    # The same figures make the same file.
    with matplotlib.rc_context({"svg.hashsalt": "fusion_ros"}):
        metadata = {"Date": None} if path.suffix == ".svg" else {}
        figure.savefig(path, dpi=120, metadata=metadata)


def _draw_contenders(axes: Any, timings: Sequence[Timing]) -> None:
    names = list(dict.fromkeys(timing.contender for timing in timings))
    sizes = list(dict.fromkeys((timing.width, timing.height) for timing in timings))
    backends = [name for name in names if name not in BOUNDS]
    for name in names:
        own = [timing for timing in timings if timing.contender == name]
        places = [float(sizes.index((timing.width, timing.height))) for timing in own]
        medians = [timing.median_ms for timing in own]
        if name in BOUNDS:
            axes.plot(places, medians, label=name, marker="_", **BOUNDS[name])
            continue
        number = backends.index(name)
        aside = SPREAD * (number - (len(backends) - 1) / 2) / max(len(backends) - 1, 1)
        above = [timing.p99_ms - timing.median_ms for timing in own]
        axes.errorbar(
            [place + aside for place in places],
            medians,
            yerr=[[0.0] * len(own), above],
            label=name,
            color=COLOURS[number % len(COLOURS)],
            marker="o",
            capsize=4,
        )


def _draw_legend(axes: Any, timings: Sequence[Timing]) -> None:
    """Names in the order in which the lines end at the right, the slowest on top."""
    last_ms = {timing.contender: timing.median_ms for timing in timings}
    handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
    names = sorted(handles, key=lambda name: -last_ms[name])
    axes.legend(
        [handles[name] for name in names],
        names,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        frameon=False,
    )


def _label(axes: Any, timings: Sequence[Timing]) -> None:
    sizes = list(dict.fromkeys((timing.width, timing.height) for timing in timings))
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.axhline(1000 / CAMERA_HZ, color="0.7", linewidth=1, zorder=0)
    axes.annotate(
        f"{CAMERA_HZ} frames a second",
        (0.0, 1000 / CAMERA_HZ),
        xycoords=("axes fraction", "data"),
        xytext=(4, 2),
        textcoords="offset points",
        fontsize="x-small",
        color="0.3",
    )
    labels = [f"{size_name(*size)}\n{size[0]}x{size[1]}" for size in sizes]
    axes.set_xticks(range(len(sizes)), labels)
    axes.set_xlim(-0.4, len(sizes) - 0.6)
    axes.set_ylabel("ms per frame, median")
    axes.grid(axis="y", alpha=0.3)
