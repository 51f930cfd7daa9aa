# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from fusion_ros.core.nested_names import near_names


def test_a_name_nearly_right_gives_what_was_meant():
    assert near_names("scores.VIV.mean", ["scores.VIF.mean", "bag"]) == (
        "did you mean scores.VIF.mean?"
    )


def test_of_many_names_the_first_are_told():
    advice = near_names("?", [str(number) for number in range(200)])
    assert advice.startswith("known are 0, 1, 2")
    assert advice.endswith(", 11, …")


def test_of_few_names_all_are_told():
    assert near_names("?", ["a", "b"]) == "known are a, b"
