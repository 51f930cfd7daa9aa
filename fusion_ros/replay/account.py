# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What became of every frame of a replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.errors import FusionError

if TYPE_CHECKING:
    from fusion_ros.pairing.stamp_matcher import StreamCounts


@dataclass(frozen=True, slots=True)
class StreamAccount:
    """One input stream; `inputs` is the sum of the others.

    Attributes:
        inputs: Messages in the bag.
        paired: Frames that are part of at least one pair.
        unpaired: Frames without a partner near enough in time.
        stale: Frames not newer than their stream, or discarded by a jump in time.
        malformed: Messages that are damaged or no usable image.
    """

    inputs: int
    paired: int
    unpaired: int
    stale: int
    malformed: int

    @classmethod
    def of(cls, inputs: int, counts: StreamCounts, malformed: int) -> StreamAccount:
        """Gather the counts of a stream after its end."""
        return cls(inputs, counts.paired, counts.unpaired, counts.stale, malformed)

    def require_balance(self, stream: str) -> None:
        """Raise `FusionError` if frames are missing or counted twice."""
        explained = self.paired + self.unpaired + self.stale + self.malformed
        if explained != self.inputs:
            raise FusionError(
                f"{stream} frames: {self.inputs} went in, {explained} are accounted for; this is "
                f"a defect of fusion_ros: please report it with the bag's 'ros2 bag info'"
            )


@dataclass(frozen=True, slots=True)
class ReplayAccount:
    """Both streams and the pairs made of them; `pairs` is `fused` and `failed` together."""

    visible: StreamAccount
    thermal: StreamAccount
    pairs: int
    fused: int
    failed: int

    def require_balance(self) -> None:
        """Raise `FusionError` unless every frame and every pair is accounted for once."""
        self.visible.require_balance("visible")
        self.thermal.require_balance("thermal")
        if self.pairs != self.fused + self.failed:
            raise FusionError(
                f"pairs: {self.pairs} were made, {self.fused} fused and {self.failed} failed; "
                f"this is a defect of fusion_ros: please report it"
            )
