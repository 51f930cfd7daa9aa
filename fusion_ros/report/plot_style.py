# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How the plots of the page look: drawn by Matplotlib, coloured by the page's style sheet.

A plot carries the colours of `INK`, `FUSED`…, which are replaced by the style sheet's variables of
the same roles, so that one drawing serves light and dark. The hues are those of Okabe and Ito,
which readers with any kind of colour vision can tell apart.
"""

from __future__ import annotations

import io
import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INK = "#24292f"
FAINT = "#67707a"
RULE = "#d3d9df"
FUSED = "#0072b2"
NO_PARTNER = "#e69f00"
STALE = "#cc79a7"
MALFORMED = "#d55e00"
FAILED = "#545b63"
SECOND = "#009e73"
VARIABLES = {
    INK: "var(--ink)",
    FAINT: "var(--faint)",
    RULE: "var(--rule)",
    FUSED: "var(--fused)",
    NO_PARTNER: "var(--no-partner)",
    STALE: "var(--stale)",
    MALFORMED: "var(--malformed)",
    FAILED: "var(--failed)",
    SECOND: "var(--second)",
}
# Names come from recordings; a longer one would leave no room to draw.
LONGEST_NAME = 28
STYLE = {
    "font.size": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5,
    "text.color": INK,
    "axes.labelcolor": FAINT,
    "axes.edgecolor": RULE,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": FAINT,
    "ytick.labelcolor": FAINT,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.linewidth": 0.8,
    "ytick.major.size": 0,
    "xtick.major.size": 3,
    "legend.frameon": False,
    "legend.borderpad": 0.1,
    "legend.handlelength": 1.2,
    "figure.constrained_layout.w_pad": 0.02,
    "figure.constrained_layout.h_pad": 0.02,
    "svg.fonttype": "none",
}
# Settings of Matplotlib belong to the process; replays may end in several threads at once.
_SETTINGS = threading.Lock()


def draw(name: str, size_in: tuple[float, float], paint: Callable[[Any], None]) -> Markup:
    """Make one plot.

    Args:
        name: Tells the plot's inner names from those of the page's other plots.
        size_in: Width and height [inch]; the page scales it.
        paint: Fills an empty ``matplotlib.figure.Figure``.

    Returns:
        An ``<svg>`` element without text of its own for screen readers; the same drawing gives
        the same characters.
    """
    with _settings(name):
        figure = Figure(figsize=size_in, constrained_layout=True, facecolor="none")
        paint(figure)
        for axes in figure.axes:
            axes.set_facecolor("none")
        buffer = io.StringIO()
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    return _inline(buffer.getvalue())


def plain(text: str) -> str:
    """A name as it is, without formulas between dollar signs, and short enough for an axis."""
    short = text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
    return short.replace("$", r"\$")


def legend_above(axes: Any) -> None:
    """All that has a label, in one row above the axes, where nothing is drawn."""
    labels = axes.get_legend_handles_labels()[1]
    if labels:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            ncol=len(labels),
            columnspacing=1.2,
        )


def count_frames(axis: Any) -> None:
    """Ticks at whole numbers only."""
    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))


@contextmanager
def _settings(name: str) -> Iterator[None]:
    with _SETTINGS, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**STYLE, "svg.hashsalt": name})
        yield


def _inline(document: str) -> Markup:
    """The drawing alone: no prologue, metadata, style sheet, size or names of groups."""
    svg = document[document.index("<svg") :]
    head, body = svg.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r"\n\s*", "\n", body).replace("\n\n", "\n")
    for colour, variable in VARIABLES.items():
        body = body.replace(colour, variable)
    return Markup(f'<svg aria-hidden="true" {box[0] if box else ""}>{body}')
