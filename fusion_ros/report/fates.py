# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What can become of an input frame, with its word and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.report.plot_style import FAILED, FUSED, MALFORMED, NO_PARTNER, STALE

if TYPE_CHECKING:
    from collections.abc import Mapping

STREAMS = ("visible", "thermal")


@dataclass(frozen=True, slots=True)
class Fate:
    """One of the counts that add up to a stream's inputs."""

    words: str
    colour: str
    text: str


FATES: Mapping[str, Fate] = {
    "fused": Fate("fused", FUSED, "part of at least one fused pair"),
    "no_partner": Fate(
        "no partner", NO_PARTNER, "no frame of the other camera near enough in time"
    ),
    "stale": Fate("stale", STALE, "not newer than its stream, or discarded by a jump in time"),
    "malformed": Fate("malformed", MALFORMED, "a damaged message, or no usable image"),
    "failed": Fate("failed", FAILED, "part of pairs that could not be fused, and of no other"),
}
