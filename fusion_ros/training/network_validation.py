# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How good a trained network is on images that it was not trained on, on 8-bit results."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fusion_ros.core.luma import luma, replace_luma_by
from fusion_ros.errors import ConfigError
from fusion_ros.metrics.means import mean_scores
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.metrics.temporal.flicker import change, still_pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from fusion_ros.training.data.image_pairs import ImagePair


def validate_network(
    network: nn.Module, pairs: Sequence[ImagePair], on_image: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """Mean of each metric over some pairs; `on_image` is called after each."""
    scores = {}
    for pair in pairs:
        sample = fusion_sample(fuse_pair(network, pair), pair.visible, pair.thermal)
        scores[pair.name] = score(sample)
        on_image()
    return mean_scores(scores)


def flicker_against_maximum(source: str, network: nn.Module, frames: Sequence[ImagePair]) -> float:
    """Flicker of the fused video, as a multiple of that of the maximum of both sources.

    Args:
        source: Name of the video, for messages.
        network: Of `networks.registry`.
        frames: Of one video, in order.

    Returns:
        Ratio of the changes of luma over all pixels that hold still; 1 is as steady as the maximum.

    Raises:
        ConfigError: Frames differ in size, no pixel holds still, or those that do never change.
    """
    fused = (luma(fuse_pair(network, frame)) for frame in frames)
    return _change_at_rest(fused, frames) / maximum_change(source, frames)


def maximum_change(source: str, frames: Sequence[ImagePair]) -> float:
    """How much the maximum of both sources changes at pixels that hold still [levels, summed].

    Raises:
        ConfigError: As `flicker_against_maximum`.
    """
    if len({frame.luma.shape for frame in frames}) > 1:
        raise ConfigError(
            f"{source}: expected the frames of one video, got images of several sizes"
        )
    found = _change_at_rest((np.maximum(f.luma, f.thermal) for f in frames), frames)
    if not found:
        raise ConfigError(
            f"{source}: expected a video with pixels that hold still but for noise; in these "
            f"{len(frames)} frames there are none"
        )
    return found


def _change_at_rest(images: Iterable[NDArray[np.uint8]], frames: Sequence[ImagePair]) -> float:
    total = 0.0
    pairs = zip(images, frames, strict=True)
    for (before, earlier), (after, later) in pairwise(pairs):
        still = still_pixels((earlier.luma, earlier.thermal), (later.luma, later.thermal))
        total += float(change(before, after)[still].sum())
    return total


@torch.no_grad()
def fuse_pair(network: nn.Module, pair: ImagePair) -> NDArray[np.uint8]:
    """Fuse a whole pair.

    Args:
        network: Of `networks.registry`.
        pair: Of any size; borders are replicated up to the next multiple that the network needs.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    device = next(network.parameters()).device
    multiple: Any = network.multiple_px
    sources = (
        _widened(torch.from_numpy(image).to(device).float(), multiple)[None]
        for image in (pair.luma, pair.thermal)
    )
    height, width = pair.luma.shape
    fused = network(*sources)[0, :height, :width].cpu().numpy()
    change = np.floor(fused.clip(0, 255) + 0.5) - pair.luma
    return replace_luma_by(pair.visible, change)


def _widened(image: Tensor, multiple: int) -> Tensor:
    height, width = image.shape
    border = (0, -width % multiple, 0, -height % multiple)
    return functional.pad(image[None, None], border, mode="replicate")[0, 0]
