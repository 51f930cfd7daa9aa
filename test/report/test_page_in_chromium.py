# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: what a reader sees and does."""

from __future__ import annotations

import os
import shutil

import cv2
import numpy as np
import pytest

from fusion_ros.report.page import write_report

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright (extra dev)")
NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
if CHROMIUM is None:
    pytest.skip(f"needs one of {', '.join(NAMES)} on PATH", allow_module_level=True)

pytestmark = pytest.mark.slow
LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# JPEG, and the page's colours on the screen.
TOLERANCE = 6


@pytest.fixture(scope="module")
def browser():
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory, samples, full_metrics):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, full_metrics, samples)
    return path.as_uri()


@pytest.fixture
def trouble():
    """Complaints and requests of the pages that a test opens."""
    return []


@pytest.fixture
def opened(browser, address, trouble):
    """Open the page with options of a browser context; nothing may complain or be loaded."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": LAPTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda request: trouble.append(request.url))
        page.goto(address)
        assert trouble == [address]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert set(trouble) <= {address}


def pixels(page):
    """The chosen sample's stage as it is on the screen, (H, W, 3) BGR."""
    stage = page.locator(".sample.chosen .stage")
    stage.scroll_into_view_if_needed()
    data = np.frombuffer(stage.screenshot(), np.uint8)
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def shows(page, *colours_at):
    """Whether the stage has each colour (BGR, or grey) at its share of the width."""
    image = pixels(page)
    row = image[image.shape[0] * 3 // 4]
    return all(
        np.abs(row[int(share * len(row))].astype(int) - colour).max() <= TOLERANCE
        for share, colour in colours_at
    )


def drag_divider(page, share):
    divider = page.locator(".sample.chosen .divider")
    divider.scroll_into_view_if_needed()
    stage = page.locator(".sample.chosen .stage").bounding_box()
    box = divider.bounding_box()
    height = box["y"] + box["height"] / 3
    page.mouse.move(box["x"] + box["width"] / 2, height)
    page.mouse.down()
    page.mouse.move(stage["x"] + 0.9 * stage["width"], height, steps=3)
    page.mouse.move(stage["x"] + share * stage["width"], height, steps=3)
    page.mouse.up()


def value_of(page):
    return int(page.locator(".sample.chosen .divider").get_attribute("aria-valuenow"))


def test_it_starts_with_visible_beside_fused(opened, colours):
    page, first = opened(), colours["first"]
    assert page.locator("h1").inner_text() == "night_drive"
    assert page.locator(".sample:visible").count() == 1
    assert shows(page, (0.05, first["visible"]), (0.40, first["visible"]))
    assert shows(page, (0.60, first["fused"]), (0.95, first["fused"]))
    assert value_of(page) == 50


@pytest.mark.parametrize("share", [0.25, 0.7])
def test_the_mouse_moves_the_divider(opened, colours, share):
    page, first = opened(), colours["first"]
    drag_divider(page, share)
    left, right = first["visible"], first["fused"]
    assert shows(page, (share - 0.1, left), (share + 0.1, right), (0.02, left), (0.98, right))
    assert value_of(page) == pytest.approx(100 * share, abs=1)
    stage = page.locator(".sample.chosen .stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2)
    assert value_of(page) == pytest.approx(100 * share, abs=1), "the divider has been let go"


def test_a_finger_moves_the_divider(opened, colours):
    page = opened(viewport=PHONE, has_touch=True, is_mobile=True)
    stage = page.locator(".sample.chosen .stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    page.touchscreen.tap(box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2)
    first = colours["first"]
    assert shows(page, (0.05, first["visible"]), (0.40, first["fused"]))
    assert value_of(page) == pytest.approx(20, abs=1)


def test_the_keyboard_moves_the_divider(opened, colours):
    page, first = opened(), colours["first"]
    divider = page.locator(".sample.chosen .divider")
    divider.focus()
    for key, expected in (
        ("ArrowRight", 52), ("Shift+ArrowLeft", 42), ("PageUp", 52), ("ArrowLeft", 50),
        ("End", 100), ("ArrowRight", 100), ("Home", 0), ("PageDown", 0),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert value_of(page) == expected
    assert shows(page, (0.1, first["fused"]))
    page.keyboard.press("End")
    assert shows(page, (0.9, first["visible"]))
    assert "visible on the left 100 percent" in divider.get_attribute("aria-valuetext")


def test_both_sides_can_show_every_layer(opened, colours):
    page, first = opened(), colours["first"]
    page.locator(".choices .right").get_by_text("thermal").click()
    assert shows(page, (0.1, first["visible"]), (0.9, first["thermal"]))
    page.locator(".choices .left").get_by_text("fused").click()
    assert shows(page, (0.1, first["fused"]), (0.9, first["thermal"]))
    page.locator(".choices .right").get_by_text("guidance").click()
    coldest = cv2.applyColorMap(np.zeros((1, 1), np.uint8), cv2.COLORMAP_INFERNO)[0, 0]
    assert shows(page, (0.1, first["fused"]), (0.9, coldest.astype(int)))


def test_choosing_what_the_other_side_shows_swaps_the_sides(opened, colours):
    page, first = opened(), colours["first"]
    page.locator(".choices .left").get_by_text("fused").click()
    assert shows(page, (0.1, first["fused"]), (0.9, first["visible"]))
    assert page.locator(".choices .right input:checked").get_attribute("value") == "visible"


def test_another_sample_is_chosen_by_click_and_by_arrow_key(opened, colours):
    page = opened()
    drag_divider(page, 0.3)
    page.get_by_role("tab", name="worst").click()
    second = colours["second"]
    assert page.locator(".sample:visible").count() == 1
    assert shows(page, (0.1, second["visible"]), (0.5, second["fused"]))
    page.keyboard.press("ArrowRight")
    first = colours["first"]
    assert shows(page, (0.1, first["visible"]), (0.5, first["fused"]))
    selected = page.locator("[role=tab][aria-selected=true]")
    assert selected.inner_text().startswith("best, warmest")
    assert page.evaluate("document.activeElement.id") == selected.get_attribute("id")


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_nothing_is_wider_than_the_screen(opened, viewport):
    page = opened(viewport=viewport)
    for details in page.locator("summary").all():
        details.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("main *")]
          .filter((element) => !element.closest(".scroll, svg, .stage, label"))
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
          .map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert beyond == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_page_is_drawn_in_light_and_dark(opened, scheme):
    page = opened(color_scheme=scheme)
    data = np.frombuffer(page.screenshot(full_page=True), np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    paper = image[5, 5].astype(int)
    assert (paper.mean() > 200) == (scheme == "light")
    drawn = np.abs(image.astype(int) - paper).max(axis=2) > 40
    strips = [strip.mean() for strip in np.array_split(drawn, image.shape[0] // 400)]
    assert min(strips) > 0.005, "a stretch of the page is blank"
    plots = page.locator(".plot svg")
    assert plots.count() == 11
    for plot in plots.all()[:3]:
        shot = cv2.imdecode(np.frombuffer(plot.screenshot(), np.uint8), cv2.IMREAD_COLOR)
        assert len(np.unique(shot.reshape(-1, 3), axis=0)) > 20


def test_without_script_every_picture_of_every_sample_is_there(opened):
    page = opened(java_script_enabled=False)
    assert page.locator(".sample:visible").count() == 2
    assert page.locator(".stage figure:visible").count() == 8
    assert page.locator("[role=slider]:visible, [role=tab]:visible, input:visible").count() == 0


def test_on_paper_every_picture_of_every_sample_is_there(opened):
    page = opened(color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".stage figure:visible").count() == 8
    assert page.locator("[role=slider]:visible, [role=tab]:visible").count() == 0
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(255, 255, 255)"


def test_what_got_into_the_page_would_neither_run_nor_load(opened, trouble):
    page = opened()
    refused = []
    page.on("requestfailed", lambda request: refused.append((request.url, request.failure)))
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.intruder = true";
          const image = document.createElement("img");
          image.src = "https://example.invalid/image.png";
          document.body.append(script, image);
        }"""
    )
    page.wait_for_function("document.querySelector('body > img').complete")
    assert page.evaluate("window.intruder") is None
    assert refused == [("https://example.invalid/image.png", "csp")]
    assert sum("Content Security Policy" in line for line in trouble) == 2
    trouble.clear()
