# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import copy
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest

import fusion_ros.report.page as page_module
from fusion_ros.errors import ImageFormatError
from fusion_ros.report.complete_metrics import NOTHING
from fusion_ros.report.page import render_page, write_report

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """The elements, their attributes, and the text of a page."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.scripts, self.words = [], [], []
        self.open = []
        self.feed(html)
        self.text = re.sub(r"\s+", " ", " ".join(self.words))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside != "style":
            self.words.append(data)

    def having(self, attribute):
        return [attrs[attribute] for _, attrs in self.elements if attribute in attrs]


def page_of(metrics, samples=()):
    return Page(render_page(metrics, samples))


def test_every_figure_of_the_tables_is_on_the_page(metrics, samples):
    text = page_of(metrics, samples).text
    for words in (
        "night_drive", "mm_lut on cpu", "/front/rgb", "/front/lwir", "12 345 678 bytes",
        "ab" * 32, "cd" * 32, "ef" * 32, "pairing.tolerance_ms 25.0", "Example CPU",
        "120 of 142 visible frames (84.5 %)", "28.4 Hz", "visible 30.0 Hz, thermal 9.12 Hz",
        "29.5", "41.5 s",
        "0.931", "0.920 to 0.942", "n = 30", "1.014", "0.611", "0.123",
        "0.414", "3.214", "0.525", "0.812", "1700000000123456789",
        "best, warmest, at 1.25 s", "worst, at 7.50 s",
        "from \u22122.25 ms to 9.88 ms", "scores.VIF.mean >= 0.9 0.931 pass",
        "stages_ms.total.p99 <= 2 4.250 fail", "a visible image holds 12 bytes",
        "the recording ends before its index", "8 more have no readable time",
    ):  # fmt: skip
        assert words in text, words


def test_stage_times_are_in_the_table(metrics):
    text = page_of(metrics).text
    for name, stage in metrics["stages_ms"].items():
        assert f"{name} {stage['median']:.2f} {stage['p99']:.2f} {stage['max']:.2f}" in text


def test_the_time_at_the_top_is_that_without_writing(metrics):
    total = metrics["stages_ms"]["total"]
    text = page_of(metrics).text
    assert f"Time for one pair {total['median']:.2f} ms p99 {total['p99']:.2f} ms" in text
    assert "without writing the recording" in text
    assert "the total is without write" in text


def test_the_key_figures_show_a_copy_for_what_it_is(few_plots):
    html = render_page(few_plots, [])
    tiles = re.findall(r'<span class="name">(.*?)</span>', html)
    assert [name for name in tiles if name in few_plots["scores"]] == ["VIF", "minVIF", "Qabf"]
    assert "minVIF, CC and SCD show it" in html


def test_the_reward_is_explained(few_plots):
    assert "reward ↑ (VIF + 1.5 Qabf + SSIM) / 3" in page_of(few_plots).text


def test_the_account_shows_that_it_adds_up_or_that_it_does_not(few_plots):
    metrics = few_plots
    assert page_of(metrics).text.count("all accounted for") == 2
    metrics["frames"]["thermal"]["inputs"] += 1
    text = page_of(metrics).text
    assert text.count("all accounted for") == 1
    assert text.count("does not add up") == 1


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        ((), "no thresholds set"),
        ((True, True), "passed: 2 of 2 thresholds"),
        ((True, False), "failed: 1 of 2 thresholds"),
    ],
)
def test_the_verdict_is_in_the_title_and_at_the_top(few_plots, passed, words):
    few_plots["thresholds"] = [
        {"name": "pairs.fused", "rule": ">", "limit": 1, "value": None, "passed": one}
        for one in passed
    ]
    assert page_of(few_plots).text.count(words) == 2


def test_the_best_of_a_row_follows_the_direction_of_its_metric(few_plots):
    html = render_page(few_plots, [])
    best = re.findall(r'<th scope="row"[^>]*>(\w+) .*?</tr>', html, flags=re.S)
    assert {"VIF", "Nabf", "flicker"} <= set(best)
    rows = {
        name: re.findall(r'class="best">([^<]*)<', row)
        for name, row in re.findall(r'<th scope="row"[^>]*>(\w+) (.*?)</tr>', html, flags=re.S)
    }
    assert rows["VIF"] == ["1.014"]
    assert rows["Qabf"] == ["0.651"]
    assert rows["Nabf"] == ["0"]
    assert rows["flicker"] == ["0.414"]
    assert rows["BiSWE"] == []


def test_names_and_messages_of_a_recording_cannot_become_code(metrics, samples):
    metrics["bag"]["name"] = ATTACK
    metrics["bag"]["files"][0]["name"] = ATTACK
    metrics["bag"]["topics"]["visible"].update(name=ATTACK, type=ATTACK)
    metrics["backend"] = metrics["model_id"] = metrics["profile"] = ATTACK
    metrics["parameters"] = metrics["provenance"] = {ATTACK: ATTACK, "cpu": ATTACK}
    metrics["reasons"] = metrics["warnings"] = [ATTACK]
    metrics["thresholds"][0]["name"] = ATTACK
    metrics["stages_ms"][ATTACK] = metrics["stages_ms"]["total"]
    metrics["scores"][ATTACK] = metrics["scores"]["VIF"]
    metrics["series"]["scores"][ATTACK] = metrics["series"]["scores"]["VIF"]
    metrics["series"]["drops"][0] = {"t_s": 1.0, "stream": ATTACK, "reason": "stale"}
    metrics["baselines"][ATTACK] = metrics["temporal"][ATTACK] = {"VIF": 9.0, ATTACK: 1.0}
    samples = [replace(samples[0], labels=(ATTACK,), scores={ATTACK: 1.0})]
    page = page_of(metrics, samples)
    own = Path(page_module.__file__).with_name("page.js").read_text(encoding="utf-8")
    assert page.scripts == [own]
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert {tag for tag, attrs in page.elements if attrs.get("src") == "x"} == set()
    assert page.text.count("<script>alert(1)</script>") > 15


def test_the_page_names_no_address_outside_itself(metrics, samples):
    html = render_page(metrics, samples)
    page = Page(html)
    addresses = page.having("src") + page.having("href") + page.having("xlink:href")
    assert len(addresses) > 10
    assert [a for a in addresses if not a.startswith(("data:image/jpeg;", "data:,", "#"))] == []
    assert re.findall(r"https?:|@import|url\((?!#)|file:", html) == []


def test_the_page_forbids_everything_but_its_own_script_and_pictures(few_plots):
    page = page_of(few_plots)
    (policy,) = [
        attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") is not None
    ]
    digest = hashlib.sha256(page.scripts[0].encode("utf-8")).digest()
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["script-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"


def test_identifiers_are_unique_and_all_references_lead_somewhere(metrics, samples):
    page = page_of(metrics, samples)
    identifiers = page.having("id")
    assert len(identifiers) == len(set(identifiers))
    references = page.having("aria-controls") + page.having("aria-labelledby")
    references += [address[1:] for address in page.having("xlink:href")]
    references += [path[len("url(#") : -1] for path in page.having("clip-path")]
    assert set(references) <= set(identifiers)


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


def test_the_same_results_make_the_same_page(metrics, samples):
    assert render_page(metrics, samples) == render_page(copy.deepcopy(metrics), samples)


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


@pytest.mark.parametrize("part", NOTHING)
def test_a_part_that_is_missing_or_alone_leaves_a_page(few_plots, metrics, part):
    assert page_of({**few_plots, part: None}).text
    assert page_of({part: metrics[part]}).text


def test_a_replay_that_found_nothing_says_so():
    text = page_of({}).text
    for sentence in (
        "nothing was fused",
        "there are no times",
        "No frame was scored",
        "No metrics of the video",
        "No thresholds were set",
        "holds no frames",
        "No frame was lost",
    ):
        assert sentence in text
    assert "None" not in text


def test_figures_that_are_not_known_are_a_dash(metrics):
    unknown = dict.fromkeys(("median", "p99", "max"))
    metrics["stages_ms"] = dict.fromkeys(("fuse", "total"), unknown)
    metrics["rates_hz"] = dict.fromkeys(("visible", "thermal", "fused"))
    metrics["pair_offset_ms"] = metrics["arrival_offset_ms"] = {}
    metrics["scores"]["VIF"] = dict.fromkeys(("mean", "low", "high", "n"))
    series = metrics["series"]
    series["arrival_offset_ms"] = [None] * len(series["t_s"])
    series["scores"]["VIF"][0] = None
    series["stages_ms"] = {"total": []}
    page = page_of(metrics)
    assert "fuse – – –" in page.text
    assert "None" not in page.text


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


def test_the_report_is_written_as_utf_8(tmp_path):
    metrics = {"bag": {"name": "Fahrt über die Brücke"}}
    write_report(tmp_path / "report.html", metrics, [])
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == render_page(metrics, [])
