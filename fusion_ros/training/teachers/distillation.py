# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How far a fused image is from its teacher's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from fusion_ros.training.losses.derivatives import sobel
from fusion_ros.training.losses.fusion_loss import require_known_terms
from fusion_ros.training.losses.similarity import similarities

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Sources that differ by less say nothing about the weight that blends them.
SMALLEST_CONTRAST = 8 / 255


@dataclass(frozen=True, slots=True)
class Lesson:
    """A fused batch, its teacher's and both sources, (B, H, W) in [0, 1]."""

    fused: Tensor
    taught: Tensor
    luma: Tensor
    thermal: Tensor


def weight_distance(lesson: Lesson) -> Tensor:
    """Mean distance of blend weights, over the pixels where the sources differ.

    The teacher's weight is the one that explains it best: clipped to [0, 1].
    """
    contrast = lesson.thermal - lesson.luma
    telling = contrast.abs() > SMALLEST_CONTRAST
    safe = torch.where(telling, contrast, 1.0)
    taught = ((lesson.taught - lesson.luma) / safe).clamp(0, 1)
    distance = ((lesson.fused - lesson.luma) / safe - taught).abs()
    return torch.where(telling, distance, 0.0).sum() / telling.sum().clamp(min=1)


def grey_distance(lesson: Lesson) -> Tensor:
    """Mean distance of grey levels."""
    return (lesson.fused - lesson.taught).abs().mean()


def structure_distance(lesson: Lesson) -> Tensor:
    """One, less the structural similarity to the teacher."""
    return 1 - similarities(lesson.fused, lesson.taught[None])[0]


def gradient_distance(lesson: Lesson) -> Tensor:
    """Mean distance of Sobel derivatives, summed over directions."""
    pairs = zip(sobel(lesson.fused), sobel(lesson.taught), strict=True)
    return torch.stack([(ours - taught).abs().mean() for ours, taught in pairs]).sum()


LESSONS: Mapping[str, Callable[[Lesson], Tensor]] = {
    "weight": weight_distance,
    "intensity": grey_distance,
    "structure": structure_distance,
    "gradient": gradient_distance,
}


@dataclass(frozen=True, slots=True)
class Distillation:
    """Terms and what they weigh.

    Attributes:
        weights: Name in `LESSONS` to weight.
    """

    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        """Check the names; raises `ConfigError`."""
        require_known_terms("distillation", self.weights, LESSONS)

    def parts(self, lesson: Lesson) -> dict[str, Tensor]:
        """Weighted terms, scalars whose sum is the loss."""
        return {f"taught {n}": weight * LESSONS[n](lesson) for n, weight in self.weights.items()}
