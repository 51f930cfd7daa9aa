# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Whole images instead of crops: batches of mixed sizes, each of one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.batches import STEADINESS_CROPS
from fusion_ros.training.data.crop_sampler import chances_of_pairs, mirrored
from fusion_ros.training.data.image_pairs import large_pairs, large_steps
from fusion_ros.training.training_config import MULTIPLE_PX, SMALLEST_CROP_PX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.training.data.image_pairs import ImagePair

# A batch holds as many pixels as it would in crops of the published configurations.
PIXELS_PER_CROP = 160 * 160


class WholeImageSource:
    """Draws whole images, mirrored at random, all of one size in each step.

    The size is drawn in proportion to the chances of its pairs, which are equal, or give dark
    images their share. What is so divided are batches: every pair makes up its chance of them, on
    average. A pair of a small size is drawn more often than one of a large size, but each time
    among more others. Images are cut to multiples of 16 pixels. What is drawn for a step depends on
    the seed and the number of the step alone.
    """

    def __init__(
        self,
        pairs: Sequence[ImagePair],
        steps: Sequence[tuple[ImagePair, ImagePair]],
        batch: int,
        seed: int,
        night_share: float | None = None,
    ) -> None:
        """Sort the images by size.

        Args:
            pairs: To draw from.
            steps: Pairs of images, each with the one a frame later; none are needed.
            batch: Crops that a batch would have; whole images fill as many pixels, but are one
                at least.
            seed: Of everything random.
            night_share: Share of what a batch holds that is dark, on average; None for the dark
                images' own share.

        Raises:
            ConfigError: No pair is large enough, there are no dark or no bright ones to balance,
                or there are steps but none is of the size of a pair.
        """
        large = large_pairs(pairs, SMALLEST_CROP_PX)
        if not large:
            raise ConfigError(
                f"whole images: none of the {len(pairs)} pairs has sides of {SMALLEST_CROP_PX} "
                f"pixels or more"
            )
        self._pairs = [_cut(pair.luma, pair.thermal) for pair in large]
        chances = chances_of_pairs(large, night_share)
        self._chances = np.full(len(large), 1 / len(large)) if chances is None else chances
        # With as many different ones as there are, a batch would lose the share of dark ones.
        self._again = night_share is not None
        self._batch, self._seed = batch, seed
        self._steps = self._steps_to_watch(steps)

    def _steps_to_watch(
        self, steps: Sequence[tuple[ImagePair, ImagePair]]
    ) -> list[list[NDArray[np.uint8]]]:
        drawn = zip(self._pairs, self._chances, strict=True)
        sizes = {pair[0].shape for pair, chance in drawn if chance > 0}
        found = [
            _cut(*(image for pair in step for image in (pair.luma, pair.thermal)))
            for step in large_steps(steps, SMALLEST_CROP_PX)
        ]
        found = [images for images in found if images[0].shape in sizes]
        if steps and not found:
            raise ConfigError(
                f"whole images from video: none of the {len(steps)} steps from frame to frame has "
                f"sides of {SMALLEST_CROP_PX} pixels or more and the size of a pair; add pairs of "
                f"the video's size, or set crop_px to a number"
            )
        return found

    def draw(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """Images of a step.

        Returns:
            Pairs (2, B, H, W), and successive frames (2, 2, C, H, W) of the same size, or None
            where no video has that size.
        """
        random = np.random.default_rng((self._seed, step))
        shape = self._pairs[random.choice(len(self._pairs), p=self._chances)][0].shape
        chances = np.where([pair[0].shape == shape for pair in self._pairs], self._chances, 0.0)
        chances /= chances.sum()
        drawn = _draw(self._pairs, chances, self._batch, random, self._again)
        fitting = np.array([images[0].shape == shape for images in self._steps], dtype=np.float64)
        if not fitting.any():
            return drawn, None
        frames = _draw(self._steps, fitting / fitting.sum(), STEADINESS_CROPS, random)
        return drawn, frames.reshape(2, 2, -1, *shape)


def _draw(
    stacks: Sequence[list[NDArray[np.uint8]]],
    chances: NDArray[np.float64],
    crops: int,
    random: np.random.Generator,
    again: bool = False,
) -> NDArray[np.uint8]:
    """Stacks of images by their chances, as many as crops have pixels, on axis 1.

    Each is drawn once at most, unless it may be drawn again.
    """
    height, width = stacks[int(chances.argmax())][0].shape
    count = max(crops * PIXELS_PER_CROP // (height * width), 1)
    if not again:
        count = min(count, int(np.count_nonzero(chances)))
    chosen = random.choice(len(stacks), size=count, replace=again, p=chances)
    return np.stack([mirrored(np.stack(stacks[index]), random) for index in chosen], axis=1)


def _cut(*images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Images without what is more than a multiple, as views."""
    height, width = (side // MULTIPLE_PX * MULTIPLE_PX for side in images[0].shape)
    return [image[:height, :width] for image in images]
