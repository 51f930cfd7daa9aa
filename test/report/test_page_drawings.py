# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import re
import subprocess
import sys
from dataclasses import replace

import cv2
import matplotlib
import numpy as np
import pytest

from fusion_ros.errors import ImageFormatError
from fusion_ros.report.page import render_page
from report.page_reader import page_of


def test_every_plot_has_a_title_and_words_beside_the_drawing(metrics):
    html = render_page(metrics, [])
    plots = re.findall(r'<figure class="plot">(.*?)</figure>', html, flags=re.S)
    assert len(plots) == 2 + 5 + 4
    for plot in plots:
        title, words = re.search(r"<b>(.+?)</b> <span>(.+?)</span>", plot).groups()
        assert title
        assert len(words) > 10
        assert "time" in plot or "%" in plot or "ms" in plot
        assert plot.count("<svg") == 1


def test_the_users_matplotlib_settings_neither_change_the_page_nor_are_changed(metrics):
    expected = render_page(metrics, [])
    with matplotlib.rc_context({"text.usetex": True, "svg.fonttype": "path", "font.size": 30}):
        assert render_page(metrics, []) == expected
        assert matplotlib.rcParams["svg.fonttype"] == "path"


def test_drawing_leaves_pyplot_alone():
    program = (
        "import sys; from fusion_ros.report.page import render_page; "
        "render_page({'series': {'t_s': [0], 'pair_offset_ms': [1]}}, []); "
        "assert 'matplotlib.figure' in sys.modules; assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("count", [1, 2])
def test_one_pair_is_enough_for_every_plot(metrics, count):
    series = metrics["series"]
    for name in ("t_s", "pair_offset_ms", "arrival_offset_ms", "scored_t_s"):
        series[name] = [0.5] * count
    series["stages_ms"] = {"total": [2.0] * count}
    series["scores"] = {"VIF": [0.9] * count, r"\frac $\frac$": [1.0] * count}
    metrics["bag"]["duration_s"] = 0.0
    series["drops"] = [{"t_s": 0.0, "stream": "pair", "reason": "failed"}]
    html = render_page(metrics, [])
    assert html.count("<svg") == 2 + 5 + 2
    assert html.count(r"\frac $\frac$") == 2


def test_pictures_show_the_sample(samples, colours):
    page = page_of({}, samples)
    sources = [source for source in page.having("src") if source.startswith("data:image")]
    assert len(sources) == 8
    for source, layer in zip(sources[:3], ("visible", "thermal", "fused"), strict=True):
        data = np.frombuffer(base64.b64decode(source.partition(",")[2]), np.uint8)
        shown = cv2.imdecode(data, cv2.IMREAD_COLOR)
        assert shown.shape == (300, 480, 3)
        assert np.abs(shown.astype(int) - colours["first"][layer]).max() <= 3


def test_large_frames_are_reduced_and_the_page_says_so(samples):
    large = {
        layer: cv2.resize(getattr(samples[0], layer), (2560, 1600))
        for layer in ("visible", "thermal", "fused", "guidance")
    }
    text = page_of({}, [replace(samples[0], **large)]).text
    assert "2560 x 1600 pixels, shown at 1280 x 800" in text
    assert "shown at" not in page_of({}, samples).text


def test_pictures_of_different_sizes_are_refused(samples):
    broken = replace(samples[0], thermal=samples[0].thermal[:-1])
    with pytest.raises(ImageFormatError, match=r"thermal image of a sample .* got 480 x 299"):
        render_page({}, [broken])


def test_an_hour_of_recording_makes_no_larger_page(long_metrics):
    html = render_page(long_metrics, [])
    assert len(html) < 500_000
    assert "108\u202f000" in html
