# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What became of every frame of a replay."""

from __future__ import annotations

from dataclasses import dataclass

from fusion_ros.errors import FusionError


@dataclass(frozen=True, slots=True)
class StreamAccount:
    """One input stream; `inputs` is the sum of the others.

    Attributes:
        inputs: Messages in the bag.
        fused: Frames that are part of at least one fused pair.
        failed: Frames whose pairs were all refused by the backend.
        no_partner: Frames without a partner near enough in time.
        stale: Frames not newer than their stream, or discarded by a jump in time.
        malformed: Messages that are damaged or no usable image.
    """

    inputs: int
    fused: int
    failed: int
    no_partner: int
    stale: int
    malformed: int

    def require_balance(self, stream: str) -> None:
        """Raise `FusionError` if frames are missing or counted twice."""
        explained = self.fused + self.failed + self.no_partner + self.stale + self.malformed
        if explained != self.inputs:
            raise FusionError(
                f"{stream} frames: {self.inputs} went in, {explained} are accounted for; this is "
                f"a defect of fusion_ros: please report it with the bag's 'ros2 bag info'"
            )


@dataclass(frozen=True, slots=True)
class PairAccount:
    """All pairs; `made` is `fused` and `failed` together."""

    made: int
    fused: int
    failed: int


@dataclass(frozen=True, slots=True)
class ReplayAccount:
    """Both streams, and the pairs made of them."""

    visible: StreamAccount
    thermal: StreamAccount
    pairs: PairAccount

    def require_balance(self) -> None:
        """Raise `FusionError` unless every frame and every pair is accounted for once."""
        self.visible.require_balance("visible")
        self.thermal.require_balance("thermal")
        if self.pairs.made != self.pairs.fused + self.pairs.failed:
            raise FusionError(
                f"pairs: {self.pairs.made} were made, {self.pairs.fused} fused and "
                f"{self.pairs.failed} failed; this is a defect of fusion_ros: please report it"
            )
