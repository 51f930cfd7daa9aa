# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of metrics, in the order in which reports show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fusion_ros.metrics.entropy import entropy
from fusion_ros.metrics.mutual_information import mutual_information
from fusion_ros.metrics.out_of_band import out_of_band
from fusion_ros.metrics.qabf import qabf
from fusion_ros.metrics.scd import scd
from fusion_ros.metrics.spatial_frequency import spatial_frequency
from fusion_ros.metrics.ssim import ssim
from fusion_ros.metrics.vif import vif, vif_minimum, vif_thermal, vif_visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fusion_ros.metrics.sources import FusionSample


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """One metric of the table.

    Attributes:
        compute: The metric itself.
        better: Which direction is better.
        text: Meaning and unit, in one line.
    """

    compute: Callable[[FusionSample], float]
    better: Literal["higher", "lower"]
    text: str


METRICS: Mapping[str, MetricInfo] = {
    "EN": MetricInfo(entropy, "higher", "entropy of the fused image [bit]"),
    "MI": MetricInfo(mutual_information, "higher", "mutual information, sum [bit]"),
    "VIF": MetricInfo(vif, "higher", "visual information fidelity, sum of both sources"),
    "VIF_vis": MetricInfo(vif_visible, "higher", "visual information fidelity to visible"),
    "VIF_ir": MetricInfo(vif_thermal, "higher", "visual information fidelity to thermal"),
    "minVIF": MetricInfo(vif_minimum, "higher", "the smaller of VIF_vis and VIF_ir"),
    "Qabf": MetricInfo(qabf, "higher", "share of the sources' edges that are kept"),
    "SSIM": MetricInfo(ssim, "higher", "structural similarity, sum of both sources"),
    "SCD": MetricInfo(scd, "higher", "sum of correlations of differences"),
    "SF": MetricInfo(spatial_frequency, "higher", "spatial frequency [levels]"),
    "out_of_band": MetricInfo(out_of_band, "lower", "share of pixels outside both sources"),
}
REWARD = "reward"


def score(sample: FusionSample) -> dict[str, float]:
    """All metrics of one fused image, and their summary `reward`."""
    scores = {name: metric.compute(sample) for name, metric in METRICS.items()}
    scores[REWARD] = (scores["VIF"] + 1.5 * scores["Qabf"] + scores["SSIM"]) / 3
    return scores
