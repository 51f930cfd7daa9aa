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

    The size is drawn in proportion to the number of its pairs, so every pair has its turn as
    often as any other. Images are cut to multiples of 16 pixels. What is drawn for a step depends
    on the seed and the number of the step alone.
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
            night_share: Share of images that are dark; None for their own share.

        Raises:
            ConfigError: No pair is large enough, or there are no dark or no bright ones to
                balance.
        """
        large = large_pairs(pairs, SMALLEST_CROP_PX)
        if not large:
            raise ConfigError(
                f"whole images: none of the {len(pairs)} pairs has sides of {SMALLEST_CROP_PX} "
                f"pixels or more"
            )
        self._pairs = [_cut(pair.luma, pair.thermal) for pair in large]
        self._steps = [
            _cut(*(image for pair in step for image in (pair.luma, pair.thermal)))
            for step in large_steps(steps, SMALLEST_CROP_PX)
        ]
        chances = chances_of_pairs(large, night_share)
        self._chances = np.full(len(large), 1 / len(large)) if chances is None else chances
        self._batch, self._seed = batch, seed

    def draw(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """Images of a step.

        Returns:
            Pairs (2, B, H, W), and successive frames (2, 2, C, H, W) of the same size, or None
            where no video has that size.
        """
        random = np.random.default_rng((self._seed, step))
        shape = self._pairs[random.choice(len(self._pairs), p=self._chances)][0].shape
        chances = np.where([pair[0].shape == shape for pair in self._pairs], self._chances, 0.0)
        drawn = _draw(self._pairs, chances / chances.sum(), self._batch, random)
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
) -> NDArray[np.uint8]:
    """Different stacks of images by their chances, as many as crops have pixels, on axis 1."""
    height, width = stacks[int(chances.argmax())][0].shape
    fitting = max(crops * PIXELS_PER_CROP // (height * width), 1)
    count = min(fitting, int(np.count_nonzero(chances)))
    chosen = random.choice(len(stacks), size=count, replace=False, p=chances)
    return np.stack([mirrored(np.stack(stacks[index]), random) for index in chosen], axis=1)


def _cut(*images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Images without what is more than a multiple, as views."""
    height, width = (side // MULTIPLE_PX * MULTIPLE_PX for side in images[0].shape)
    return [image[:height, :width] for image in images]
