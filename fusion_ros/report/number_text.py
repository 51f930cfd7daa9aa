# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Figures as text, the same way in every table of the page."""

from __future__ import annotations

ABSENT = "–"
THIN_SPACE = "\u202f"
MINUS = "\u2212"


def number(value: float | None, decimals: int = 3) -> str:
    """A figure as text; a dash for what is not known.

    Args:
        value: Integers are shown in full.
        decimals: Of values below 10; larger ones have fewer, and those that would vanish are
            shown with an exponent.
    """
    if value is None:
        return ABSENT
    if isinstance(value, int):
        text = f"{value:,}".replace(",", THIN_SPACE if abs(value) >= 10_000 else "")
    elif value and abs(value) < 10**-decimals:
        text = f"{value:.1e}"
    else:
        fewer = (abs(value) >= 10) + (abs(value) >= 100)
        text = f"{value:.{max(0, decimals - fewer)}f}" if value else "0"
    return text.replace("-", MINUS)


def milliseconds(value: float | None) -> str:
    """A duration or an offset [ms], with its unit."""
    return f"{number(value, 2)} ms"


def share(part: float, whole: float) -> str:
    """A part in percent of the whole; a dash where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else ABSENT


def spread(low: float | None, high: float | None) -> str:
    """An interval; empty where it is not known."""
    return f"{number(low)} to {number(high)}" if low is not None and high is not None else ""
