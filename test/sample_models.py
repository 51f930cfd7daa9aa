# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Models that tests make."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from fusion_ros.backends.hybrid.model import FEATURES, OUTPUTS, Convolution, HybridModel


def random_hybrid(seed: int = 0, stride_px: int = 4, widths: tuple[int, ...] = (5, 6, 7)):
    """A guidance network of random numbers, whose guidance takes all values."""
    random = np.random.default_rng(seed)

    def convolution(inputs, outputs, side):
        scale = np.sqrt(2 / (inputs * side * side))
        weight = random.normal(0, scale, (outputs, inputs, side, side))
        return Convolution(
            weight.astype(np.float32), random.normal(0, 0.1, outputs).astype(np.float32)
        )

    def twice(inputs, outputs):
        return convolution(inputs, outputs, 3), convolution(outputs, outputs, 3)

    entries = (FEATURES, *widths[:-1])
    down = tuple(twice(entry, width) for entry, width in zip(entries, widths, strict=True))
    up = tuple(twice(width + below, width) for width, below in pairwise(widths))
    head = convolution(widths[0] + FEATURES, OUTPUTS, 1)
    head.weight[0] *= 4
    head.weight[1] /= 40
    return HybridModel(stride_px, down, up, head)


def constant_hybrid(guidance: float):
    """A guidance network that says the same everywhere."""
    model = random_hybrid(widths=(2, 2))
    model.head.weight[:] = 0
    model.head.bias[:] = np.log(guidance / (1 - guidance)), 0
    return model
