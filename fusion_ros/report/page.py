# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The page itself: metrics and sample frames in, one HTML file out."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from fusion_ros.report.account_table import account_rows
from fusion_ros.report.complete_metrics import complete
from fusion_ros.report.fates import FATES
from fusion_ros.report.headline import tiles, verdict
from fusion_ros.report.number_text import number, share
from fusion_ros.report.pictures import shown_sample
from fusion_ros.report.plots import account_plots, score_plots, timing_plots
from fusion_ros.report.score_tables import score_table, temporal_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fusion_ros.report.sample_frame import SampleFrame

TEMPLATE = "page.html.jinja"
STYLE = "page.css"
SCRIPT = "page.js"


def write_report(path: Path, metrics: Mapping[str, Any], samples: Sequence[SampleFrame]) -> None:
    """Write the report of a replay as one HTML file that loads nothing else.

    Args:
        path: Where to; an existing file is replaced.
        metrics: What the replay found, as in ``metrics.json``. Parts that are missing or empty
            become a sentence that says so.
        samples: Frames to be looked at; may be empty.

    Raises:
        ImageFormatError: The images of a sample have not one size.
    """
    path.write_text(render_page(metrics, samples), encoding="utf-8")


def render_page(metrics: Mapping[str, Any], samples: Sequence[SampleFrame]) -> str:
    """The page as text; the same metrics and samples give the same text.

    Names and messages come from recordings, which anybody may have made: the template escapes
    all of them, and the page's policy lets no script run but its own.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_own_file),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, share=share)
    script = _own_file(SCRIPT)
    metrics = complete(metrics)
    leading_plots, other_plots = score_plots(metrics)
    return environment.get_template(TEMPLATE).render(
        metrics=metrics,
        style=Markup(_own_file(STYLE)),
        script=Markup(script),
        script_hash=_policy_hash(script),
        verdict=verdict(metrics),
        tiles=tiles(metrics),
        samples=[shown_sample(sample) for sample in samples],
        fates=FATES,
        account=account_rows(metrics),
        account_plots=account_plots(metrics),
        timing_plots=timing_plots(metrics),
        score_table=score_table(metrics),
        temporal_table=temporal_table(metrics),
        leading_plots=leading_plots,
        other_plots=other_plots,
    )


def _own_file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy_hash(script: str) -> Markup:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return Markup("sha256-" + base64.b64encode(digest).decode("ascii"))
