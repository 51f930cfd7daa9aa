# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The running mean of the parameters, which is published instead of those of the last step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from lightning.pytorch.callbacks import WeightAveraging

if TYPE_CHECKING:
    from torch import Tensor

# The mean of n steps keeps at most n / (n + WARM_UP_STEPS) of itself.
WARM_UP_STEPS = 10


def parameter_averaging(keep: float) -> WeightAveraging:
    """A callback that keeps an exponential mean, and puts it in place when training ends.

    Args:
        keep: Share of the mean that each step keeps. In the first steps it is less, so that
            their mean is one of few, not of the untrained network.
    """

    def update(means: list[Tensor], parameters: list[Tensor], steps: Tensor | int) -> None:
        kept = min(keep, int(steps) / (int(steps) + WARM_UP_STEPS))
        torch._foreach_lerp_(means, parameters, 1 - kept)

    return WeightAveraging(use_buffers=False, multi_avg_fn=update)
