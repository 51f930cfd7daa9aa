# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Takes a page of the report apart."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from fusion_ros.report.page import render_page


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
