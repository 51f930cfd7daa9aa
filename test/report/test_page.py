# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import base64
import copy
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

import fusion_ros.report.page as page_module
from fusion_ros.report.complete_metrics import NOTHING
from fusion_ros.report.page import render_page, write_report
from report.page_reader import Page, page_of

ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


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


def test_the_same_results_make_the_same_page(metrics, samples):
    assert render_page(metrics, samples) == render_page(copy.deepcopy(metrics), samples)


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


def test_the_report_is_written_as_utf_8(tmp_path):
    metrics = {"bag": {"name": "Fahrt über die Brücke"}}
    write_report(tmp_path / "report.html", metrics, [])
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == render_page(metrics, [])
