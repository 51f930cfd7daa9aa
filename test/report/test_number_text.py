# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from fusion_ros.report.number_text import milliseconds, number, share, spread


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0"),
        (0.0, "0"),
        (1234, "1234"),
        (1234567, "1\u202f234\u202f567"),
        (0.93125, "0.931"),
        (12.3456, "12.35"),
        (123.456, "123.5"),
        (-0.25, "\u22120.250"),
        (0.00021, "2.1e\u221204"),
    ],
)
def test_figures_have_about_four_digits(value, text):
    assert number(value) == text


def test_units_shares_and_intervals():
    assert milliseconds(12.345) == "12.3 ms"
    assert milliseconds(None) == "– ms"
    assert share(1, 8) == "12.5 %"
    assert share(0, 0) == "–"
    assert spread(0.5, 1.25) == "0.500 to 1.250"
    assert spread(None, 1.0) == ""
