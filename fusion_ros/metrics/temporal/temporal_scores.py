# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The measures of a fused video, frame by frame and without keeping the video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.sources import grey_images
from fusion_ros.metrics.temporal.flicker import change, still_pixels
from fusion_ros.metrics.temporal.motion_smoothness import smoothness_gap
from fusion_ros.metrics.temporal.optical_flow import FlowEstimator, Motion
from fusion_ros.metrics.temporal.self_warp_error import warp_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FLICKER, BISWE, MS2R = "flicker", "BiSWE", "MS2R"
# Name to meaning and unit: lower is better in all of them.
TEMPORAL_METRICS: Mapping[str, str] = {
    FLICKER: "change of the fused image where both sources hold still [levels]",
    BISWE: "bidirectional self-warp error [levels]",
    MS2R: "motion smoothness with two reference videos [px]",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What the next frame needs of the last two: motions, and the error of the later frame."""

    fused: Motion
    visible: Motion
    thermal: Motion
    error_before: float | None


class TemporalScores:
    """Adds up the measures of one fused video.

    Holds one frame and its motion, whatever the length of the video. A frame of another size
    starts a new chain; what was added up stays. One thread at a time may use it.
    """

    def __init__(self) -> None:
        """Start without frames."""
        self._flow = FlowEstimator()
        self._frames: tuple[NDArray[np.uint8], ...] | None = None
        self._step: _Step | None = None
        self._sums = dict.fromkeys(TEMPORAL_METRICS, 0.0)
        self._counts = dict.fromkeys(TEMPORAL_METRICS, 0)

    def add(
        self, fused: NDArray[np.uint8], visible: NDArray[np.uint8], thermal: NDArray[np.uint8]
    ) -> dict[str, float]:
        """Take the next frame.

        Args:
            fused: (H, W, 3) BGR or (H, W) grey.
            visible: (H, W, 3) BGR or (H, W) grey.
            thermal: (H, W) grey.

        Returns:
            The values that this frame makes known: flicker against the frame before; BiSWE and
            MS2R of the three last frames. Entries are absent where frames or pixels are missing.

        Raises:
            ImageFormatError: The sizes differ, an image is too small, or it has not 8 bit.
        """
        # Copies: a caller may use the buffers of its frames again.
        frames = tuple(image.copy() for image in grey_images(fused, visible, thermal))
        if self._frames is not None and self._frames[0].shape != frames[0].shape:
            self.restart()
        values = {} if self._frames is None else self._compare(self._frames, frames)
        self._frames = frames
        return values

    def restart(self) -> None:
        """Forget the last frames, e.g. after a gap in time; what was added up stays."""
        self._frames = self._step = None

    def result(self) -> dict[str, float]:
        """Mean of each measure so far: flicker over pixels, the others over frames.

        Returns:
            Entries are absent where no value was known.
        """
        return {
            name: self._sums[name] / self._counts[name]
            for name in TEMPORAL_METRICS
            if self._counts[name]
        }

    def _compare(
        self, before: tuple[NDArray[np.uint8], ...], after: tuple[NDArray[np.uint8], ...]
    ) -> dict[str, float]:
        fused, visible, thermal = (
            self._flow.motion(*frames) for frames in zip(before, after, strict=True)
        )
        error_first, error_second = warp_errors(before[0], after[0], fused, (visible, thermal))
        values = self._flicker(before, after)
        if self._step is not None:
            last = self._step
            if last.error_before is not None and error_first is not None:
                values[BISWE] = self._count(BISWE, last.error_before + error_first)
            sources = (last.visible, visible), (last.thermal, thermal)
            values[MS2R] = self._count(MS2R, smoothness_gap((last.fused, fused), sources))
        self._step = _Step(fused, visible, thermal, error_second)
        return values

    def _flicker(
        self, before: tuple[NDArray[np.uint8], ...], after: tuple[NDArray[np.uint8], ...]
    ) -> dict[str, float]:
        changes = change(before[0], after[0])[still_pixels(before[1:], after[1:])]
        if not changes.size:
            return {}
        self._count(FLICKER, int(changes.sum(dtype=np.int64)), changes.size)
        return {FLICKER: float(changes.mean())}

    def _count(self, name: str, value: float, weight: int = 1) -> float:
        self._sums[name] += value
        self._counts[name] += weight
        return value
