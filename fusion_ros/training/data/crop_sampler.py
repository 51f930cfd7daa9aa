# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Random crops of registered pairs, and of pairs that follow each other in a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.image_pairs import large_pairs, large_steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.training.data.image_pairs import ImagePair

# Mean luma below which an image counts as night.
NIGHT_LUMA = 70


class CropSampler:
    """Draws random square crops, mirrored left to right and upside down at random.

    What is drawn for a step depends on the seed and the number of the step alone, so a run
    that was stopped goes on with the crops that it would have had.
    """

    def __init__(
        self,
        pairs: Sequence[ImagePair],
        crop_px: int,
        seed: int,
        night_share: float | None = None,
    ) -> None:
        """Keep the pairs that are large enough.

        Args:
            pairs: Where to cut from.
            crop_px: Side of the crops.
            seed: Of everything random.
            night_share: Share of crops that come from dark images; None for their own share.

        Raises:
            ConfigError: No pair is large enough, or there are no dark or no bright ones to
                balance.
        """
        self._pairs = large_pairs(pairs, crop_px)
        if not self._pairs:
            raise ConfigError(
                f"crops of {crop_px} pixels: none of the {len(pairs)} pairs is large enough"
            )
        self._crop_px = crop_px
        self._seed = seed
        self._chances = chances_of_pairs(self._pairs, night_share)

    def draw(self, step: int, count: int) -> NDArray[np.uint8]:
        """Draw the crops of a step.

        Returns:
            (2, count, crop_px, crop_px), luma and thermal.
        """
        random = np.random.default_rng((self._seed, step))
        chosen = random.choice(len(self._pairs), size=count, p=self._chances)
        return np.stack([self._cut(self._pairs[index], random) for index in chosen], axis=1)

    def _cut(self, pair: ImagePair, random: np.random.Generator) -> NDArray[np.uint8]:
        return _cut((pair.luma, pair.thermal), self._crop_px, random)


class StepSampler:
    """Draws random square crops of two frames that follow each other, each the same part."""

    def __init__(
        self, steps: Sequence[tuple[ImagePair, ImagePair]], crop_px: int, seed: int
    ) -> None:
        """Keep the steps whose frames are of one size and large enough.

        Args:
            steps: Pairs of images, each with the one a frame later.
            crop_px: Side of the crops.
            seed: Of everything random.

        Raises:
            ConfigError: There is no such step.
        """
        self._steps = [
            [image for pair in step for image in (pair.luma, pair.thermal)]
            for step in large_steps(steps, crop_px)
        ]
        if not self._steps:
            raise ConfigError(
                f"crops of {crop_px} pixels from video: none of the {len(steps)} steps from frame "
                f"to frame is large enough"
            )
        self._crop_px = crop_px
        self._seed = seed

    def draw(self, step: int, count: int) -> NDArray[np.uint8]:
        """Draw the crops of a training step.

        Returns:
            (2, 2, count, crop_px, crop_px): earlier and later frame; luma and thermal.
        """
        # One number more than for pairs keeps the two streams of random numbers apart.
        random = np.random.default_rng((self._seed, step, count))
        chosen = random.integers(len(self._steps), size=count)
        crops = [_cut(self._steps[index], self._crop_px, random) for index in chosen]
        return np.stack(crops, axis=1).reshape(2, 2, count, self._crop_px, self._crop_px)


def _cut(
    images: Sequence[NDArray[np.uint8]], size: int, random: np.random.Generator
) -> NDArray[np.uint8]:
    """The same square of all images (H, W), mirrored at random: (images, size, size)."""
    top, left = (random.integers(side - size + 1) for side in images[0].shape)
    return mirrored(
        np.stack([image[top : top + size, left : left + size] for image in images]), random
    )


def mirrored(images: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Images (…, H, W), all of them mirrored left to right and upside down at random."""
    down, across = random.integers(2, size=2) * 2 - 1
    return images[..., ::down, ::across]


def chances_of_pairs(
    pairs: Sequence[ImagePair], night_share: float | None
) -> NDArray[np.float64] | None:
    """Chance of each pair to be drawn; None where all have the same.

    Raises:
        ConfigError: There are no dark or no bright ones to balance.
    """
    if night_share is None:
        return None
    dark = np.array([pair.luma.mean() < NIGHT_LUMA for pair in pairs])
    if (night_share > 0 and not dark.any()) or (night_share < 1 and dark.all()):
        raise ConfigError(
            f"night_share {night_share}: {dark.sum()} of {len(pairs)} images have a mean luma "
            f"below {NIGHT_LUMA}; leave night_share out, or add images of the other kind"
        )
    share = np.where(
        dark, night_share / max(dark.sum(), 1), (1 - night_share) / max((~dark).sum(), 1)
    )
    return np.asarray(share, dtype=np.float64)
