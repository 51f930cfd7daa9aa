# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How good a trained MM-LUT is on images that it was not trained on, and what its context does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.backends.mm_lut.reference import interpolate_simplex
from fusion_ros.backends.mm_lut.signals import (
    block_features,
    context_signal,
    gradient_signal,
    upsample_context,
)
from fusion_ros.core.luma import blend_luma
from fusion_ros.metrics.means import mean_scores
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from fusion_ros.backends.mm_lut.model import MmLutModel
    from fusion_ros.training.data.image_pairs import ImagePair


@dataclass(frozen=True, slots=True)
class Validation:
    """Means over one set of images.

    Attributes:
        images: Number of images.
        scores: Metric to mean.
        scores_frozen: The same with the context held at its median everywhere: what the
            context network is worth.
        context_percentiles: 5th, 50th and 95th percentile of the context signal.
    """

    images: int
    scores: dict[str, float]
    scores_frozen: dict[str, float]
    context_percentiles: tuple[float, float, float]


def validate(
    model: MmLutModel, pairs: Sequence[ImagePair], on_image: Callable[[], None] = lambda: None
) -> Validation:
    """Score a model in plain NumPy on 8-bit results; `on_image` is called after each pair."""
    contexts = [context_signal(block_features(p.luma, p.thermal), model.layers) for p in pairs]
    cells = np.concatenate([context.ravel() for context in contexts])
    low, median, high = (float(value) for value in np.percentile(cells, (5, 50, 95)))
    alive, frozen = {}, {}
    for pair, context in zip(pairs, contexts, strict=True):
        alive[pair.name] = _score(model, pair, context)
        frozen[pair.name] = _score(model, pair, np.full_like(context, median))
        on_image()
    return Validation(len(pairs), mean_scores(alive), mean_scores(frozen), (low, median, high))


def fuse(model: MmLutModel, pair: ImagePair, context: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Fuse a pair under a given context, (H/4, W/4) in [0, 1]; the image is BGR."""
    signals = (
        pair.luma / 255.0,
        gradient_signal(pair.luma),
        upsample_context(context, *pair.luma.shape),
        pair.thermal / 255.0,
    )
    weight = interpolate_simplex(model.table, signals) / 255.0
    return blend_luma(pair.visible, pair.thermal, weight)


def _score(model: MmLutModel, pair: ImagePair, context: NDArray[np.float64]) -> dict[str, float]:
    return score(fusion_sample(fuse(model, pair, context), pair.visible, pair.thermal))
