# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What belongs to one fused frame, gathered from the stream of messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import deserialize, nanoseconds
from fusion_ros.errors import BagError, ImageFormatError
from fusion_ros.messages.images import (
    thermal_counts,
    thermal_frame,
    visible_bgr,
    visible_frame,
)
from fusion_ros.replay.outputs import FUSED_TOPIC, GUIDANCE_TOPIC, TIMING_TOPIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.bags.bag_reader import BagMessage

# Frames kept while the rest of their moment is awaited.
FRAMES_KEPT = 60
_OUTPUTS = {FUSED_TOPIC: "fused", GUIDANCE_TOPIC: "guidance", TIMING_TOPIC: "timing"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A fused frame and what it was made of.

    Attributes:
        stamp_ns: Of the visible frame.
        visible: (H, W, 3) uint8 BGR.
        thermal: (h, w) uint8, in the window of grey that the node used.
        fused: (H, W, 3) uint8 BGR.
        guidance: (H, W) uint8, 255 where the thermal source decided alone.
        thermal_depth: Bits of a thermal pixel as it came.
    """

    stamp_ns: int
    visible: NDArray[np.uint8]
    thermal: NDArray[np.uint8]
    fused: NDArray[np.uint8]
    guidance: NDArray[np.uint8]
    thermal_depth: int


@dataclass(slots=True)
class MomentGatherer:
    """Puts messages together as they pass.

    Attributes:
        timings: All `FusionTiming` messages so far.
    """

    timings: list[Any] = field(default_factory=list)
    _visible: dict[int, BagMessage] = field(default_factory=dict)
    _thermal: dict[int, BagMessage] = field(default_factory=dict)
    _outputs: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, message: BagMessage, stamp: int) -> int | None:
        """Take a message.

        Args:
            message: Any message of the combined recording.
            stamp: Of its header [ns].

        Returns:
            The stamp of a moment that is now complete; see `moment`.
        """
        if message.topic == VISIBLE_TOPIC:
            _keep(self._visible, stamp, message)
        elif message.topic == THERMAL_TOPIC:
            _keep(self._thermal, stamp, message)
        elif message.topic in _OUTPUTS:
            known = self._outputs.setdefault(stamp, {})
            known[_OUTPUTS[message.topic]] = message
            if message.topic == TIMING_TOPIC:
                known["timing"] = deserialize(message)
                self.timings.append(known["timing"])
            while len(self._outputs) > FRAMES_KEPT:
                del self._outputs[next(iter(self._outputs))]
            return stamp if len(known) == len(_OUTPUTS) else None
        return None

    def moment(self, stamp: int) -> Moment | None:
        """Decode a complete moment; None where one of its inputs is missing or damaged."""
        known = self._outputs.pop(stamp)
        timing = known["timing"]
        visible = self._visible.get(stamp)
        thermal = self._thermal.get(nanoseconds(timing.thermal_stamp))
        if visible is None or thermal is None:
            return None
        try:
            counts = thermal_counts(thermal_frame(deserialize(thermal)))
            return Moment(
                stamp,
                visible_bgr(visible_frame(deserialize(visible))),
                _grey(counts, float(timing.thermal_low), float(timing.thermal_high)),
                visible_bgr(visible_frame(deserialize(known["fused"]))),
                cast(
                    "NDArray[np.uint8]",
                    thermal_counts(thermal_frame(deserialize(known["guidance"]))),
                ),
                8 * counts.dtype.itemsize,
            )
        except (BagError, ImageFormatError):
            return None


def _keep(frames: dict[int, BagMessage], stamp: int, message: BagMessage) -> None:
    frames[stamp] = message
    while len(frames) > FRAMES_KEPT:
        del frames[next(iter(frames))]


def _grey(counts: NDArray[np.uint8 | np.uint16], low: float, high: float) -> NDArray[np.uint8]:
    grey = (counts.astype(np.float32) - low) * (255.0 / max(high - low, 1e-6))
    return np.clip(np.rint(grey), 0, 255).astype(np.uint8)
