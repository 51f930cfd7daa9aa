# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How good a trained network is on images that it was not trained on, on 8-bit results."""

from __future__ import annotations

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
from fusion_ros.metrics.temporal.flicker import change_at_rest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def fused_change(network: nn.Module, frames: Sequence[ImagePair]) -> float:
    """How much a fused video changes at pixels that hold still [levels, summed].

    Over `maximum_change` it is the flicker as a multiple of that of the brighter source.
    """
    fused = (luma(fuse_pair(network, frame)) for frame in frames)
    return change_at_rest(fused, map(_sources, frames))


def maximum_change(source: str, frames: Sequence[ImagePair]) -> float:
    """How much the maximum of both sources changes at pixels that hold still [levels, summed].

    Raises:
        ConfigError: Frames differ in size, no pixel holds still, or those that do never change.
    """
    if len({frame.luma.shape for frame in frames}) > 1:
        raise ConfigError(
            f"{source}: expected the frames of one video, got images of several sizes"
        )
    found = change_at_rest((np.maximum(f.luma, f.thermal) for f in frames), map(_sources, frames))
    if not found:
        raise ConfigError(
            f"{source}: expected a video with pixels that hold still but for noise; in these "
            f"{len(frames)} frames there are none"
        )
    return found


def _sources(frame: ImagePair) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return frame.luma, frame.thermal


@torch.no_grad()
def fuse_pair(network: nn.Module, pair: ImagePair) -> NDArray[np.uint8]:
    """Fuse a whole pair.

    Args:
        network: Of `networks.registry`.
        pair: Of any size; borders are replicated up to the next multiple that the network needs.

    Returns:
        (H, W, 3) uint8 BGR.
    """
    height, width = pair.luma.shape
    fused = network(*_network_input(network, pair))[0, :height, :width].cpu().numpy()
    change = np.floor(fused.clip(0, 255) + 0.5) - pair.luma
    return replace_luma_by(pair.visible, change)


@torch.no_grad()
def weight_picture(network: nn.Module, pair: ImagePair) -> NDArray[np.uint8] | None:
    """Weight of the thermal image at each pixel of a pair, 255 for all of it.

    Returns:
        (H, W) uint8; None where the network blends by no weight.
    """
    weight: Any = getattr(network, "weight", None)
    if weight is None:
        return None
    height, width = pair.luma.shape
    found = weight(*_network_input(network, pair))[0, :height, :width].float().cpu().numpy()
    return np.rint(found.clip(0, 1) * 255).astype(np.uint8)


def _network_input(network: nn.Module, pair: ImagePair) -> list[Tensor]:
    device = next(network.parameters()).device
    multiple: Any = network.multiple_px
    return [
        _widened(torch.from_numpy(image).to(device).float(), multiple)[None]
        for image in (pair.luma, pair.thermal)
    ]


def _widened(image: Tensor, multiple: int) -> Tensor:
    height, width = image.shape
    border = (0, -width % multiple, 0, -height % multiple)
    return functional.pad(image[None, None], border, mode="replicate")[0, 0]
