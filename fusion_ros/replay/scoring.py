# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics of some of the fused frames, beside those of trivial fusions of the same frames."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.errors import ImageFormatError
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.metrics.temporal.temporal_scores import TemporalScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

FUSED = "fused"
# The trivial fusion whose steadiness is measured beside ours: as sharp, and without memory.
TEMPORAL_BASELINE = "max"
# The temporal metrics look at three successive frames.
CHAIN = 3

Images = Mapping[str, "NDArray[np.uint8]"]


class ScoreSeries:
    """Metric to its values, one for each scored frame; NaN where a frame has none.

    Attributes:
        columns: The values.
    """

    def __init__(self) -> None:
        """Start without frames."""
        self.columns: dict[str, array[float]] = {}
        self._rows = 0

    def append(self, scores: Mapping[str, float]) -> None:
        """Take the scores of the next frame."""
        for name in scores:
            self.columns.setdefault(name, array("d", [math.nan] * self._rows))
        for name, column in self.columns.items():
            column.append(scores.get(name, math.nan))
        self._rows += 1


class FrameScores:
    """Scores each N-th frame, and the video by the chains of three that begin there.

    Attributes:
        times_s: Of the scored frames.
        fused: Scores of ours.
        baselines: Trivial fusion to scores of the same frames.
        refusal: Why frames could not be scored; empty while they could.
    """

    def __init__(self, every: int) -> None:
        """Start without frames.

        Args:
            every: N; 0 to score nothing.
        """
        self.times_s: array[float] = array("d")
        self.fused = ScoreSeries()
        self.baselines: dict[str, ScoreSeries] = {}
        self.refusal = ""
        self._every = every
        self._temporal = {name: TemporalScores() for name in (FUSED, TEMPORAL_BASELINE)}

    def add(
        self, number: int, t_s: float, fused: NDArray[np.uint8], sources: PreparedPair
    ) -> dict[str, float]:
        """Take the next fused frame.

        Args:
            number: Of the frame, from 0.
            t_s: Its time.
            fused: (H, W, 3) BGR.
            sources: What it was made of.

        Returns:
            Its scores; empty where it was not its turn or it cannot be scored.
        """
        if self._every == 0 or number % self._every >= CHAIN:
            return {}
        try:
            self._add_to_chain(number, fused, sources)
            return self._add_scored(t_s, fused, sources) if number % self._every == 0 else {}
        except ImageFormatError as err:
            self.refusal = str(err)
            return {}

    def of_one(self, fused: NDArray[np.uint8], sources: PreparedPair) -> dict[str, float]:
        """Scores of a frame that are not part of the record; empty where it cannot be scored."""
        if self._every == 0:
            return {}
        try:
            return _finite(score(fusion_sample(fused, sources.visible, sources.thermal)))
        except ImageFormatError:
            return {}

    def temporal(self) -> dict[str, dict[str, float]]:
        """Mean temporal metrics of the fused video and of the baseline."""
        return {name: _finite(scores.result()) for name, scores in self._temporal.items()}

    def _add_scored(
        self, t_s: float, fused: NDArray[np.uint8], sources: PreparedPair
    ) -> dict[str, float]:
        scores = score(fusion_sample(fused, sources.visible, sources.thermal))
        self.times_s.append(t_s)
        self.fused.append(scores)
        for name, image in _trivial(sources, BASELINES).items():
            sample = fusion_sample(image, sources.visible, sources.thermal)
            self.baselines.setdefault(name, ScoreSeries()).append(score(sample))
        return _finite(scores)

    def _add_to_chain(self, number: int, fused: NDArray[np.uint8], sources: PreparedPair) -> None:
        images = {FUSED: fused, **_trivial(sources, (TEMPORAL_BASELINE,))}
        for name, image in images.items():
            if number % self._every == 0 and self._every > CHAIN:
                self._temporal[name].restart()
            self._temporal[name].add(image, sources.visible, sources.thermal)


def _trivial(sources: PreparedPair, names: Mapping[str, object] | tuple[str, ...]) -> Images:
    grey = np.asarray(cv2.cvtColor(sources.visible, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return {name: BASELINES[name](grey, sources.thermal) for name in names}


def _finite(scores: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in scores.items() if math.isfinite(value)}
