# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Several teachers as one: in each pixel, the one that serves both sources best there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.training.losses.local_moments import local_moments
from fusion_ros.training.losses.similarity import WINDOW, similarity_maps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion_ros.training.teachers.registry import Teacher

REACH_PX = WINDOW.size_px // 2


class BestTeacher:
    """Takes each pixel from the teacher whose local score is highest there.

    The mean of several teachers would blur what each of them decided. The score is the sum of
    both sources' structural similarity around the pixel, each weighed by the contrast that the
    source has there: where a source is flat there is nothing of it to keep.
    """

    def __init__(self, teachers: Sequence[Teacher]) -> None:
        """Take one teacher or more; those that are modules follow the images to their device."""
        self._teachers = tuple(teachers)
        self._device: torch.device | None = None

    @torch.no_grad()
    def __call__(self, luma: Tensor, thermal: Tensor) -> Tensor:
        """Fuse (B, H, W) in 0..255."""
        self._follow(luma.device)
        results = torch.stack([teacher(luma, thermal) for teacher in self._teachers])
        if len(results) == 1:
            return results[0]
        scores = torch.stack([_local_score(result, luma, thermal) for result in results])
        best: Tensor = results.gather(0, scores.argmax(dim=0, keepdim=True))[0]
        return best

    def _follow(self, device: torch.device) -> None:
        # Of processes that train together, none knows its device before the first images reach it.
        if device == self._device:
            return
        for teacher in self._teachers:
            if isinstance(teacher, nn.Module):
                teacher.to(device)
        self._device = device


def _local_score(fused: Tensor, luma: Tensor, thermal: Tensor) -> Tensor:
    widened = [
        functional.pad(image[:, None] / 255, (REACH_PX,) * 4, mode="replicate")[:, 0]
        for image in (fused, luma, thermal)
    ]
    local = local_moments(widened[0], torch.stack(widened[1:]), WINDOW)
    return (similarity_maps(local) * local.variance_s.sqrt()).sum(dim=0)
