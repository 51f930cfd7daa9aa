# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How long a fused frame takes, from the publication of its later input to its arrival."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fusion_ros.core.time_units import NS_PER_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.bags.passages import Passage


def end_to_end_ms(
    visible: Sequence[Passage],
    thermal: Sequence[Passage],
    fused: Sequence[Passage],
    partners: Mapping[int, int],
) -> list[float]:
    """Latency of every fused frame on the steady clock that all processes share [ms].

    Args:
        visible: Published visible frames.
        thermal: Published thermal frames.
        fused: Fused frames as they arrived, under their visible frames' stamps.
        partners: Visible stamp to the stamp of the thermal frame fused with it [ns].
    """
    sent_visible = {passage.stamp_ns: passage.steady_ns for passage in visible}
    sent_thermal = {passage.stamp_ns: passage.steady_ns for passage in thermal}
    latencies = []
    for passage in fused:
        partner_ns = partners.get(passage.stamp_ns)
        if passage.stamp_ns in sent_visible and partner_ns in sent_thermal:
            later_ns = max(sent_visible[passage.stamp_ns], sent_thermal[partner_ns])
            latencies.append((passage.steady_ns - later_ns) / NS_PER_MS)
    return latencies


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile; empty where there are no values."""
    if not values:
        return {}
    median, high = np.percentile(values, (50, 99))
    return {"p50": round(float(median), 2), "p99": round(float(high), 2)}


def stage_spreads(timings: Sequence[Any]) -> dict[str, dict[str, float]]:
    """The node's own times, by the names of `FusionTiming` without ``_ms``."""
    names = ("convert", "wait", "prepare", "fuse", "publish", "latency")
    return {name: spread([float(getattr(t, f"{name}_ms")) for t in timings]) for name in names}
