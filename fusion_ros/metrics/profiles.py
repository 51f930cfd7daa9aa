# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Profiles: the same metrics as other toolboxes compute them, for comparison with their tables.

A profile names the metrics that it computes in another way; all others are the same. Figures of
different profiles never belong into one table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion_ros.errors import ConfigError
from fusion_ros.metrics.entropy import entropy_of_all_channels
from fusion_ros.metrics.metric_info import MetricInfo
from fusion_ros.metrics.mutual_information import mutual_information_in_nats
from fusion_ros.metrics.ssim import ssim_full_scale_two, ssim_scaled_twice

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDARD_PROFILE = "std"


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of conventions.

    Attributes:
        text: What it stands for, in one line.
        instead: Name to the metric that is computed instead of the one in the table.
    """

    text: str
    instead: Mapping[str, MetricInfo] = field(default_factory=dict)


PROFILES: Mapping[str, Profile] = {
    STANDARD_PROFILE: Profile("each metric as its own paper defines it, on grey images of 8 bit"),
    "tang": Profile(
        "the Python toolbox of L. Tang and the papers that use it (HybridFusion, DTPF)",
        {
            "EN": MetricInfo(
                entropy_of_all_channels, "higher", "entropy of all colour values together [bit]"
            ),
            "SSIM": MetricInfo(
                ssim_scaled_twice, "higher", "structural similarity without its constants, sum"
            ),
        },
    ),
    "cddfuse": Profile(
        "the evaluation code of CDDFuse",
        {
            "MI": MetricInfo(mutual_information_in_nats, "higher", "mutual information, sum [nat]"),
            "SSIM": MetricInfo(
                ssim_full_scale_two, "higher", "structural similarity, 7x7, full scale 2, sum"
            ),
        },
    ),
}


def profile_named(name: str) -> Profile:
    """Look a profile up.

    Raises:
        ConfigError: There is none of that name.
    """
    try:
        return PROFILES[name]
    except KeyError:
        raise ConfigError(
            f"unknown profile '{name}'; expected one of: {', '.join(PROFILES)}"
        ) from None
