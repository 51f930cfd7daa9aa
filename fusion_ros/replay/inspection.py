# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Looks at every fused pair, outside of what is timed: hash, scores, frames worth seeing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.replay.samples import Candidate, SampleChooser
from fusion_ros.replay.scoring import FrameScores

if TYPE_CHECKING:
    from collections.abc import Callable

    from fusion_ros.core.frames import FramePair, FusedFrame, PreparedPair
    from fusion_ros.report.sample_frame import SampleFrame


@dataclass(frozen=True, slots=True)
class FusedPair:
    """A fused pair; its images are valid until the next one is fused.

    Attributes:
        pair: The images as they came.
        sources: The images as they were fused.
        fused: The result.
    """

    pair: FramePair
    sources: PreparedPair
    fused: FusedFrame


class Inspection:
    """Looks at the pairs of one replay, in order.

    Attributes:
        scores: What was measured on some of them.
    """

    def __init__(self, score_every: int) -> None:
        """Start without pairs.

        Args:
            score_every: Each pair whose number is a multiple of this is scored; 0 for none.
        """
        self.scores = FrameScores(score_every)
        self._samples = SampleChooser()
        self._hash = hashlib.sha256()
        self._pairs = 0

    @property
    def fused_sha256(self) -> str:
        """Of the pixels of all fused images so far."""
        return self._hash.hexdigest()

    def look_at(self, pair: FusedPair, seconds: Callable[[int], float]) -> None:
        """Take note of the next pair.

        Args:
            pair: Valid during the call.
            seconds: From a stamp [ns] to the time since the recording's start [s].
        """
        stamp_ns = pair.pair.visible_stamp_ns
        self._hash.update(np.ascontiguousarray(pair.fused.image).data)
        scores = self.scores.add(self._pairs, seconds(stamp_ns), pair.fused.image, pair.sources)
        self._samples.offer(Candidate(self._pairs, stamp_ns, seconds(stamp_ns), pair, scores))
        self._pairs += 1

    def samples(self) -> list[SampleFrame]:
        """The frames worth seeing, with their scores."""
        return self._samples.chosen(self.scores.of_one)
