# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Batches of varied crops for the training loop, one for each step."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import torch
from torch import Tensor
from torch.distributed import get_rank, get_world_size, is_initialized

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.augmentation import VARIATIONS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.training.data.crop_sampler import CropSampler, StepSampler

# Crops are cut for so many steps ahead while an accelerator works.
STEPS_AHEAD = 6
CUTTING_THREADS = 3
# Keeps the random numbers of variations apart from those of steps nearby.
SEED_STRIDE = 1_000_003
# Crops of successive frames in each step, of either kind: fewer than a batch tell enough.
STEADINESS_CROPS = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """Crops as the network sees them, and as they would be without noise.

    Attributes:
        seen: (2, B, H, W) float32, luma and thermal, whole numbers 0..255.
        clean: Likewise.
        seed: Of what is random about the batch.
        video: (2, 2, C, H, W): crops of an earlier and a later frame; luma and thermal. None
            where there is no video to cut from.
    """

    seen: Tensor
    clean: Tensor
    seed: int = 0
    video: Tensor | None = None

    def successive_frames(self) -> Tensor:
        """Crops of two successive frames: of the batch as cameras at rest go on, and of video.

        Returns:
            (2, 2, C, H, W), as `video`. In those of the batch every pixel of the later frame is
            the same, or a level brighter or darker.
        """
        seen = self.seen[:, :STEADINESS_CROPS]
        # The sign keeps these numbers apart from those that varied the crops.
        generator = torch.Generator(seen.device).manual_seed(-self.seed)
        noise = torch.randint(-1, 2, seen.shape, generator=generator, device=seen.device)
        simulated = torch.stack((seen, (seen + noise).clamp(0, 255)))
        return simulated if self.video is None else torch.cat((simulated, self.video), dim=2)


@dataclass(frozen=True, slots=True)
class Amount:
    """How often and how strongly crops are varied in one way.

    Attributes:
        share: Share of crops that are varied.
        strength: Largest amount, in the variation's unit.
    """

    share: float
    strength: float


class Augmentation:
    """Varies batches at random."""

    def __init__(self, amounts: Mapping[str, Mapping[str, float]], seed: int) -> None:
        """Check the amounts.

        Args:
            amounts: Name in `VARIATIONS` to ``share`` and ``strength``.
            seed: Of everything random.

        Raises:
            ConfigError: An unknown name, or amounts out of range.
        """
        self._amounts = {name: _amount(name, values) for name, values in amounts.items()}
        self._seed = seed

    def __call__(self, crops: Tensor, step: int, video: Tensor | None = None) -> Batch:
        """Vary the crops (2, B, H, W) of a step; those of video stay as they are."""
        crops, seed = crops.float(), self._seed * SEED_STRIDE + step
        generator = torch.Generator(crops.device).manual_seed(seed)
        clean = self._vary(crops, generator, of_scene=True)
        video = None if video is None else video.float()
        return Batch(self._vary(clean, generator, of_scene=False), clean, seed, video)

    def _vary(self, crops: Tensor, generator: torch.Generator, of_scene: bool) -> Tensor:
        names = [
            name
            for name, variation in VARIATIONS.items()
            if variation.of_scene == of_scene and name in self._amounts
        ]
        if not names:
            return crops
        for name in names:
            amount = self._amounts[name]
            chance, size = torch.rand((2, crops.shape[1]), generator=generator, device=crops.device)
            drawn = torch.where(chance < amount.share, (2 * size - 1) * amount.strength, 0.0)
            crops = VARIATIONS[name].apply(crops, drawn, generator)
        return crops.round().clamp(0, 255)


def _amount(name: str, values: Mapping[str, float]) -> Amount:
    if name not in VARIATIONS:
        raise ConfigError(f"augmentation: unknown {name!r}; known are {sorted(VARIATIONS)}")
    if not isinstance(values, Mapping) or set(values) != {"share", "strength"}:
        raise ConfigError(f"augmentation.{name}: expected share and strength, got {values!r}")
    amount = Amount(**values)
    if not 0 <= amount.share <= 1 or amount.strength < 0:
        raise ConfigError(
            f"augmentation.{name}: expected a share of 0 to 1 and a strength of 0 or more "
            f"[{VARIATIONS[name].unit}], got {amount.share} and {amount.strength}"
        )
    return amount


class ImageSource(Protocol):
    """Where the images of a step come from."""

    def draw(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """Pairs (2, B, H, W), and successive frames (2, 2, C, H, W) of the same size or None."""


@dataclass(frozen=True, slots=True)
class CropSource:
    """Where the crops of a step come from.

    Attributes:
        pairs: Sampler of pairs.
        count: Crops of pairs in each step.
        video: Sampler of successive frames; None where there are none, or none are needed.
    """

    pairs: CropSampler
    count: int
    video: StepSampler | None = None

    def draw(self, step: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
        """Crops of pairs (2, count, H, W), and of successive frames (2, 2, C, H, W) or None."""
        video = None if self.video is None else self.video.draw(step, STEADINESS_CROPS)
        return self.pairs.draw(step, self.count), video


class Crops(NamedTuple):
    """What is cut for a step, as it travels to the device.

    Attributes:
        number: Of the step, counted over all processes that train together.
        pairs: (2, B, H, W) uint8, luma and thermal.
        video: (2, 2, C, H, W) uint8, earlier and later frame; None where there are none.
    """

    number: int
    pairs: Tensor
    video: Tensor | None


class CropStream:
    """Crops without end for Lightning, a set for each step.

    Processes that train together take turns, so that each of them draws other crops.
    """

    def __init__(self, source: ImageSource, first_step: int = 0, ahead: bool = False) -> None:
        """Cut nothing yet.

        Args:
            source: Of crops, or of whole images.
            first_step: Where to begin.
            ahead: Cut on threads while the device works.
        """
        self._source, self._first_step, self._ahead = source, first_step, ahead

    def __iter__(self) -> Generator[Crops, None, None]:
        """Crops of the first step, then those of the next, and so on."""
        rank, ranks = (get_rank(), get_world_size()) if is_initialized() else (0, 1)
        numbers = itertools.count(self._first_step * ranks + rank, ranks)
        if self._ahead:
            yield from self._cut_ahead(numbers)
        else:
            yield from map(self._cut, numbers)

    def _cut_ahead(self, numbers: Iterator[int]) -> Generator[Crops, None, None]:
        waiting: deque[Future[Crops]] = deque()
        with ThreadPoolExecutor(CUTTING_THREADS) as pool:
            for number in numbers:
                waiting.append(pool.submit(self._cut, number))
                if len(waiting) == STEPS_AHEAD:
                    yield waiting.popleft().result()

    def _cut(self, number: int) -> Crops:
        pairs, video = self._source.draw(number)
        return Crops(
            number, torch.from_numpy(pairs), None if video is None else torch.from_numpy(video)
        )
