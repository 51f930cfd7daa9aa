# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Looks at a bag before it is played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.topic_choice import CameraTopics, choose_topics
from fusion_ros.core.time_units import NS_PER_MS, NS_PER_S
from fusion_ros.errors import BagError
from fusion_ros.replay.slow_thermal import SLOWER

if TYPE_CHECKING:
    from pathlib import Path

# Messages looked at to learn the cameras' rates.
SAMPLE = 90
DEFAULT_TOLERANCE_MS = 25.0


@dataclass(frozen=True, slots=True)
class BagFacts:
    """What playing needs to know.

    Attributes:
        bag: Where it is.
        topics: The cameras.
        duration_s: From the first to the last message.
        visible_hz: Rate of the visible camera.
        thermal_hz: Rate of the thermal camera.
        reuse_thermal: Whether thermal frames have to serve several visible ones.
        tolerance_ms: Distance of stamps within which every visible frame has a partner.
        warnings: What is wrong with the bag.
    """

    bag: Path
    topics: CameraTopics
    duration_s: float
    visible_hz: float
    thermal_hz: float
    reuse_thermal: bool
    tolerance_ms: float
    warnings: tuple[str, ...]


def inspect_bag(bag: Path, visible: str | None = None, thermal: str | None = None) -> BagFacts:
    """Find the cameras of a bag and their rates.

    Args:
        bag: Bag folder or file.
        visible: Topic of the visible camera, if known.
        thermal: Topic of the thermal camera, if known.

    Raises:
        BagError: The bag cannot be read or one of the cameras is missing.
    """
    with BagReader(bag) as reader:
        topics = choose_topics(reader.topics, visible, thermal)
        times: dict[str, list[int]] = {topics.visible: [], topics.thermal: []}
        for message in reader.messages(list(times)):
            times[message.topic].append(message.log_time_ns)
        warnings = tuple(reader.warnings)
    for name, found in times.items():
        if len(found) < 2:
            raise BagError(f"{bag}: expected frames on {name}, got {len(found)}")
    periods_ns = {name: float(np.median(np.diff(found[:SAMPLE]))) for name, found in times.items()}
    visible_ns, thermal_ns = (max(periods_ns[n], 1.0) for n in (topics.visible, topics.thermal))
    slower = thermal_ns > SLOWER * visible_ns
    # Half a thermal period is how far a visible frame can be from the nearest thermal one.
    tolerance_ms = max(DEFAULT_TOLERANCE_MS, round(0.6 * thermal_ns / NS_PER_MS, 1))
    every = [time for found in times.values() for time in found]
    return BagFacts(
        bag=bag,
        topics=topics,
        duration_s=(max(every) - min(every)) / NS_PER_S,
        visible_hz=NS_PER_S / visible_ns,
        thermal_hz=NS_PER_S / thermal_ns,
        reuse_thermal=slower,
        tolerance_ms=tolerance_ms if slower else DEFAULT_TOLERANCE_MS,
        warnings=warnings,
    )
