# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Where every frame of a live run ended: published, received, paired, fused, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from fusion_ros.errors import FusionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion_ros.bags.passages import Passage

Stream = Literal["visible", "thermal"]


@dataclass(frozen=True, slots=True)
class LiveStreamAccount:
    """One camera's frames; `published` is the sum of the others.

    Attributes:
        published: Frames played.
        paired: Frames that became part of a pair.
        unpaired: Frames without a partner near enough in time.
        stale: Frames too old for their stream.
        malformed: Frames refused by the node.
        lost: Frames that never reached the node.
        undecided: Frames still waiting, or on their way, when the node last gave account.
    """

    published: int
    paired: int
    unpaired: int
    stale: int
    malformed: int
    lost: int
    undecided: int

    def require_balance(self, stream: str) -> None:
        """Raise `FusionError` if frames are missing or counted twice."""
        parts = (self.paired, self.unpaired, self.stale, self.malformed, self.lost, self.undecided)
        if sum(parts) != self.published or min(parts) < 0:
            raise FusionError(
                f"{stream} frames: {self.published} were published, the account says {self}; this "
                f"is a defect of fusion_ros: please report it with demo_output/summary.json"
            )


@dataclass(frozen=True, slots=True)
class LiveAccount:
    """Both cameras, and the pairs made of them.

    Attributes:
        visible: Frames of the visible camera.
        thermal: Frames of the thermal camera.
        fused: Pairs fused and published by the node.
        superseded: Pairs that a newer one replaced while the node was busy.
        failed: Pairs that the backend refused.
        received: Fused images that arrived at the recorder.
    """

    visible: LiveStreamAccount
    thermal: LiveStreamAccount
    fused: int
    superseded: int
    failed: int
    received: int


def live_account(
    published: Mapping[Stream, Sequence[Passage]],
    last_timing: Any,
    last_stamps_ns: Mapping[Stream, int],
    received: int,
    reuse_thermal: bool,
) -> LiveAccount:
    """Draw up the account from the node's last message about itself.

    Args:
        published: What was played, in order.
        last_timing: The last `FusionTiming` that arrived.
        last_stamps_ns: Stamps of the last fused pair.
        received: Fused images that arrived.
        reuse_thermal: Whether a thermal frame could serve several visible ones.

    Raises:
        FusionError: The counts contradict each other.
    """
    made = int(last_timing.pairs_fused + last_timing.pairs_superseded + last_timing.pairs_failed)
    # A thermal frame that serves twice is one frame in two pairs; the counters do not tell.
    paired: dict[Stream, int | None] = {
        "visible": made,
        "thermal": None if reuse_thermal else made,
    }
    accounts = {}
    for stream, passages in published.items():
        stamps = [passage.stamp_ns for passage in passages]
        # Sent no later than the last fused frame: the node has seen these, or never will.
        due = sum(stamp <= last_stamps_ns[stream] for stamp in stamps)
        accounts[stream] = _stream_account(stream, last_timing, paired[stream], len(stamps), due)
        accounts[stream].require_balance(stream)
    return LiveAccount(
        visible=accounts["visible"],
        thermal=accounts["thermal"],
        fused=int(last_timing.pairs_fused),
        superseded=int(last_timing.pairs_superseded),
        failed=int(last_timing.pairs_failed),
        received=received,
    )


def _stream_account(
    stream: Stream, timing: Any, paired: int | None, published: int, due: int
) -> LiveStreamAccount:
    received, malformed, unpaired, stale = (
        int(getattr(timing, f"{stream}_{name}"))
        for name in ("received", "malformed", "unpaired", "stale")
    )
    accepted = received - malformed - unpaired - stale
    lost = max(0, due - received)
    if paired is None:
        paired = accepted
    undecided = (published - received - lost) + (accepted - paired)
    return LiveStreamAccount(published, paired, unpaired, stale, malformed, lost, undecided)
