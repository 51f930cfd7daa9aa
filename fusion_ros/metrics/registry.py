# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of metrics, in the order in which reports show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.metrics.average_gradient import average_gradient
from fusion_ros.metrics.correlation import correlation_with_sources
from fusion_ros.metrics.entropy import entropy
from fusion_ros.metrics.metric_info import MetricInfo
from fusion_ros.metrics.ms_ssim import SMALLEST_SIDE_PX as MS_SSIM_SMALLEST_SIDE_PX
from fusion_ros.metrics.ms_ssim import ms_ssim
from fusion_ros.metrics.mutual_information import mutual_information
from fusion_ros.metrics.nabf import nabf
from fusion_ros.metrics.out_of_band import out_of_band
from fusion_ros.metrics.profiles import STANDARD_PROFILE, profile_named
from fusion_ros.metrics.qabf import qabf
from fusion_ros.metrics.scd import scd
from fusion_ros.metrics.spatial_frequency import spatial_frequency
from fusion_ros.metrics.ssim import ssim
from fusion_ros.metrics.standard_deviation import standard_deviation
from fusion_ros.metrics.temporal.temporal_scores import TEMPORAL_METRICS
from fusion_ros.metrics.vif import vif, vif_minimum, vif_thermal, vif_visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion_ros.metrics.sources import FusionSample

METRICS: Mapping[str, MetricInfo] = {
    "EN": MetricInfo(entropy, "higher", "entropy of the fused image [bit]"),
    "SF": MetricInfo(spatial_frequency, "higher", "spatial frequency [levels]"),
    "SD": MetricInfo(standard_deviation, "higher", "standard deviation [levels]"),
    "AG": MetricInfo(average_gradient, "higher", "average gradient [levels / pixel]"),
    "MI": MetricInfo(mutual_information, "higher", "mutual information, sum [bit]"),
    "VIF": MetricInfo(vif, "higher", "visual information fidelity, sum of both sources"),
    "VIF_vis": MetricInfo(vif_visible, "higher", "visual information fidelity to visible"),
    "VIF_ir": MetricInfo(vif_thermal, "higher", "visual information fidelity to thermal"),
    "minVIF": MetricInfo(vif_minimum, "higher", "the smaller of VIF_vis and VIF_ir"),
    "Qabf": MetricInfo(qabf, "higher", "share of the sources' edges that are kept"),
    "Nabf": MetricInfo(nabf, "lower", "share of artefacts among the edges"),
    "SSIM": MetricInfo(ssim, "higher", "structural similarity, sum of both sources"),
    "MS_SSIM": MetricInfo(
        ms_ssim,
        "higher",
        "structural similarity over five scales, sum of both sources",
        MS_SSIM_SMALLEST_SIDE_PX,
    ),
    "CC": MetricInfo(correlation_with_sources, "higher", "correlation, mean of both sources"),
    "SCD": MetricInfo(scd, "higher", "sum of correlations of differences"),
    "out_of_band": MetricInfo(out_of_band, "lower", "share of pixels outside both sources"),
}
REWARD = "reward"


def profile_metrics(profile: str) -> Mapping[str, MetricInfo]:
    """The table as a profile has it; raises `ConfigError` for an unknown one."""
    return {**METRICS, **profile_named(profile).instead}


def lower_is_better(name: str) -> bool:
    """Whether a smaller value of a metric, of images or of videos, is the better one."""
    info = METRICS.get(name)
    return name in TEMPORAL_METRICS or (info is not None and info.better == "lower")


def score(sample: FusionSample, profile: str = STANDARD_PROFILE) -> dict[str, float]:
    """All metrics of one fused image.

    Args:
        sample: The image and its sources.
        profile: Whose conventions to follow, one of `fusion_ros.metrics.profiles`.

    Returns:
        Metric to value: without MS_SSIM where the image is too small for it, and with the
        summary `reward`, (VIF + 1.5 Qabf + SSIM) / 3, in the profile ``std``, for which it is
        defined.

    Raises:
        ConfigError: The profile is unknown.
    """
    scores = {
        name: metric.compute(sample)
        for name, metric in profile_metrics(profile).items()
        if sample.smallest_side_px >= metric.smallest_side_px
    }
    if profile == STANDARD_PROFILE:
        scores[REWARD] = (scores["VIF"] + 1.5 * scores["Qabf"] + scores["SSIM"]) / 3
    return scores
