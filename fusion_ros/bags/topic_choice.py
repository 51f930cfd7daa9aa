# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Finds out which topic of a bag is the visible camera and which the thermal one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.bags.message_types import CAMERA_INFO, COMPRESSED_IMAGE, IMAGE
from fusion_ros.errors import BagError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fusion_ros.bags.bag_reader import BagTopic

# Words of topic names; whole words only, so that "ir" does not find "mirror".
VISIBLE_WORDS = frozenset({"visible", "vis", "rgb", "color", "colour", "bgr", "eo"})
THERMAL_WORDS = frozenset(
    {"thermal", "ir", "infrared", "lwir", "flir", "boson", "lepton", "seek", "optris", "thermo"}
)
# What this package itself publishes: results, not cameras.
OUTPUT_WORDS = frozenset({"fused", "guidance", "timing"})
# What image_transport's plugins append to the name of the plain topic.
TRANSPORTS = ("/compressed", "/compressedDepth")


@dataclass(frozen=True, slots=True)
class CameraTopics:
    """The topics of a bag that are of interest.

    Attributes:
        visible: Images of the visible camera.
        thermal: Images of the thermal camera.
        visible_info: The visible camera's calibration; None where the bag has none.
    """

    visible: str
    thermal: str
    visible_info: str | None

    @property
    def names(self) -> list[str]:
        """All of them that there are."""
        return [name for name in (self.visible, self.thermal, self.visible_info) if name]


def choose_topics(
    topics: Mapping[str, BagTopic],
    visible: str | None = None,
    thermal: str | None = None,
    types: Collection[str] = (IMAGE,),
) -> CameraTopics:
    """Choose the two image topics by type and name.

    Args:
        topics: What the bag holds.
        visible: Name of the visible camera's topic, if the caller knows it.
        thermal: Name of the thermal camera's topic, if the caller knows it.
        types: Message types that the caller can read. Where a camera has a plain and a
            compressed topic, the plain one is chosen.

    Raises:
        BagError: A name is not an image topic, or the names leave a choice open.
    """
    images = [name for name, topic in topics.items() if topic.msgtype in types]
    for name in (visible, thermal):
        if name is not None and name not in images:
            raise BagError(
                f"topic '{name}': expected an image topic of the bag; {_listing(topics, types)}"
            )
    cameras = [name for name in images if not _words(name) & OUTPUT_WORDS]
    cameras = _one_for_each_camera(cameras, topics)
    thermal = thermal or _only(cameras, THERMAL_WORDS, taken=visible)
    visible = visible or _only(cameras, VISIBLE_WORDS, taken=thermal)
    # With two cameras, knowing one is knowing the other.
    thermal = thermal or _remaining(cameras, visible)
    visible = visible or _remaining(cameras, thermal)
    if visible is None or thermal is None or visible == thermal:
        raise BagError(
            f"expected one visible and one thermal image topic, recognizable by name; "
            f"{_listing(topics, types)}; choose with --visible-topic and --thermal-topic"
        )
    info = _plain_name(visible).rpartition("/")[0] + "/camera_info"
    known = info in topics and topics[info].msgtype == CAMERA_INFO
    return CameraTopics(visible, thermal, info if known else None)


def _one_for_each_camera(names: Iterable[str], topics: Mapping[str, BagTopic]) -> list[str]:
    """Of a camera's plain and compressed topics the plain one, unless only the other is filled."""
    chosen: dict[str, str] = {}
    for name in sorted(names):
        camera = _plain_name(name)
        if camera not in chosen or (topics[chosen[camera]].count == 0 and topics[name].count != 0):
            chosen[camera] = name
    return list(chosen.values())


def _plain_name(name: str) -> str:
    for transport in TRANSPORTS:
        name = name.removesuffix(transport)
    return name


def _words(name: str) -> set[str]:
    return set(re.split(r"[^a-z]+", name.lower()))


def _only(names: Collection[str], words: frozenset[str], taken: str | None) -> str | None:
    found = [name for name in names if _words(name) & words and name != taken]
    return found[0] if len(found) == 1 else None


def _remaining(names: Collection[str], taken: str | None) -> str | None:
    rest = [name for name in names if name != taken]
    return rest[0] if taken is not None and len(rest) == 1 else None


def _listing(topics: Mapping[str, BagTopic], types: Collection[str]) -> str:
    lines = [
        f"{name} ({topic.count} messages)"
        for name, topic in sorted(topics.items())
        if topic.msgtype in types
    ]
    others = sorted({topic.msgtype for topic in topics.values()} - set(types))
    found = ", ".join(lines) if lines else f"none, only {', '.join(others) or 'nothing'}"
    compressed = COMPRESSED_IMAGE in others and "; compressed images are fused by 'replay' only"
    return f"image topics found: {found}{compressed or ''}"
