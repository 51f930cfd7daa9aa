# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Chooses the frames that a person should look at, while they pass by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.core.frames import PreparedPair
from fusion_ros.metrics.registry import REWARD
from fusion_ros.replay.outputs import guidance_levels
from fusion_ros.report.sample_frame import SampleFrame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from fusion_ros.replay.inspection import FusedPair

# In the order in which they are named and shown.
LABELS = ("best", "worst", "darkest", "warmest", "first")
# Brightness and warmth are taken from every fourth pixel of every fourth row.
STRIDE = 4
# Share of pixels that are colder than the level that counts as a frame's warmth [%].
WARM_PERCENTILE = 99


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fused pair that may be chosen.

    Attributes:
        number: Of the pair, from 0.
        stamp_ns: Of its visible image [ns].
        t_s: The same, since the recording's start [s].
        pair: Its images, valid until the next one.
        scores: Its metrics; empty where it was not scored.
    """

    number: int
    stamp_ns: int
    t_s: float
    pair: FusedPair
    scores: Mapping[str, float]


class SampleChooser:
    """Holds the extremes so far, and nothing else of the video."""

    def __init__(self) -> None:
        """Start without frames."""
        # Label to rank, number of the pair, and a copy of its images.
        self._held: dict[str, tuple[float, int, SampleFrame]] = {}

    def offer(self, candidate: Candidate) -> None:
        """Take note of a pair; its images are copied if it is chosen."""
        sample: SampleFrame | None = None
        for label, rank in _ranks(candidate).items():
            if label in self._held and self._held[label][0] <= rank:
                continue
            sample = sample or _sample(candidate)
            self._held[label] = rank, candidate.number, sample

    def chosen(
        self, score: Callable[[NDArray[np.uint8], PreparedPair], Mapping[str, float]]
    ) -> list[SampleFrame]:
        """The chosen frames, each once with all its labels.

        Args:
            score: Gives the metrics of a frame that was chosen without having been scored.
        """
        frames: dict[int, SampleFrame] = {}
        for label in LABELS:
            if label in self._held:
                _, number, frame = self._held[label]
                frame = frames.get(number, frame)
                frames[number] = replace(frame, labels=(*frame.labels, label))
        return [
            frame
            if frame.scores
            else replace(
                frame, scores=score(frame.fused, PreparedPair(frame.visible, frame.thermal))
            )
            for frame in frames.values()
        ]


def _ranks(candidate: Candidate) -> dict[str, float]:
    """Label to rank of a pair for it: the smallest wins, of equals the first."""
    few = slice(None, None, STRIDE)
    ranks = {
        "darkest": float(candidate.pair.pair.visible[few, few].mean()),
        "warmest": -float(np.percentile(candidate.pair.pair.thermal[few, few], WARM_PERCENTILE)),
        "first": float(candidate.number),
    }
    if REWARD in candidate.scores:
        ranks["best"] = -candidate.scores[REWARD]
        ranks["worst"] = candidate.scores[REWARD]
    return ranks


def _sample(candidate: Candidate) -> SampleFrame:
    sources, fused = candidate.pair.sources, candidate.pair.fused
    return SampleFrame(
        labels=(),
        stamp_ns=candidate.stamp_ns,
        t_s=candidate.t_s,
        visible=sources.visible.copy(),
        thermal=sources.thermal.copy(),
        fused=fused.image.copy(),
        guidance=guidance_levels(fused),
        scores=candidate.scores,
    )
