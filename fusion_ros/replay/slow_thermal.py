# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Tells when the settings leave frames unfused beside a thermal camera that is slower."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.time_units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from fusion_ros.parameters.config import PairingConfig
    from fusion_ros.replay.account import StreamAccount
    from fusion_ros.replay.record import ReplayRecord

# From this ratio of the rates on, thermal frames have to serve several visible ones.
SLOWER = 1.4
# Up to this share of the visible frames may lack a partner, as at the ends of a recording.
USUAL_SHARE = 0.05
# A thermal frame this many periods away is the neighbour; a farther one lies beyond a dropout.
NEIGHBOUR_PERIODS = 1.1


def slow_thermal_warnings(
    record: ReplayRecord, visible: StreamAccount, pairing: PairingConfig
) -> list[str]:
    """One sentence with the remedy, or nothing.

    Args:
        record: Of a replay that has ended.
        visible: What became of the visible frames.
        pairing: How the frames were paired.
    """
    visible_hz, thermal_hz = record.rates["visible"].rate_hz, record.rates["thermal"].rate_hz
    if visible_hz is None or thermal_hz is None:
        return []
    period_ms = math.ceil(round(1000 / thermal_hz, 1))
    if pairing.reuse_thermal:
        lost = _within_a_period(record, pairing, thermal_hz)
        curable = pairing.tolerance_ns < period_ms * NS_PER_MS
    else:
        lost, curable = visible.no_partner, visible_hz > SLOWER * thermal_hz
    if not curable or lost <= USUAL_SHARE * visible.inputs:
        return []
    return [
        f"{lost} of {visible.inputs} visible frames have no partner because the thermal camera "
        f"sends {thermal_hz:.1f} Hz: add --reuse-thermal --tolerance-ms {period_ms}"
    ]


def _within_a_period(record: ReplayRecord, pairing: PairingConfig, thermal_hz: float) -> int:
    """Visible frames without partner whose nearest thermal frame is only a neighbour away."""
    stamps = [
        drop.stamp_ns
        for drop in record.drops
        if (drop.stream, drop.reason) == ("visible", "no_partner") and drop.stamp_ns is not None
    ]
    shift_ns = pairing.visible_offset_ns - pairing.thermal_offset_ns
    lost_ns = np.array(stamps, np.int64) + shift_ns
    thermal_ns = np.sort(np.asarray(record.thermal_stamps_ns))
    after = np.searchsorted(thermal_ns, lost_ns)
    before_ns = thermal_ns[np.maximum(after - 1, 0)]
    after_ns = thermal_ns[np.minimum(after, len(thermal_ns) - 1)]
    nearest_ns = np.minimum(np.abs(lost_ns - before_ns), np.abs(after_ns - lost_ns))
    return int(np.count_nonzero(nearest_ns <= NEIGHBOUR_PERIODS * NS_PER_S / thermal_hz))
