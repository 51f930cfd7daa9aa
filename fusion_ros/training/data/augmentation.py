# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Variation of crops, so that what is learned does not depend on one pair of cameras.

Convention:
    Crops are (2, B, H, W) float, luma and thermal, 0..255. Every variation takes an amount for
    each crop, (B,); an amount of 0 changes nothing, and its sign matters where it has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MIDDLE_GREY = 127.5
WHITE = 255.0


def expose(crops: Tensor, stops: Tensor, _generator: torch.Generator) -> Tensor:
    """Expose the visible camera longer or shorter by some stops."""
    return torch.stack((crops[0] * torch.exp2(_spread(stops)), crops[1]))


def bend(crops: Tensor, amount: Tensor, _generator: torch.Generator) -> Tensor:
    """Raise luma to the power ``2**amount``, as another camera's tone curve does."""
    luma = (crops[0].clamp(0, WHITE) / WHITE) ** torch.exp2(_spread(amount)) * WHITE
    return torch.stack((luma, crops[1]))


def amplify_thermal(crops: Tensor, amount: Tensor, _generator: torch.Generator) -> Tensor:
    """Stretch thermal levels about the middle grey by the factor ``2**amount``."""
    thermal = MIDDLE_GREY + (crops[1] - MIDDLE_GREY) * torch.exp2(_spread(amount))
    return torch.stack((crops[0], thermal))


def lift_thermal(crops: Tensor, levels: Tensor, _generator: torch.Generator) -> Tensor:
    """Add some grey levels to the thermal image."""
    return torch.stack((crops[0], crops[1] + _spread(levels)))


def invert_thermal(crops: Tensor, amount: Tensor, _generator: torch.Generator) -> Tensor:
    """Show warm things dark, wherever the amount is not 0."""
    return torch.stack((crops[0], torch.where(_spread(amount) != 0, WHITE - crops[1], crops[1])))


def misregister(crops: Tensor, pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Move the thermal image by whole pixels in a random direction, its border replicated."""
    angle = 2 * torch.pi * torch.rand(pixels.shape, generator=generator, device=pixels.device)
    down, across = (pixels * angle.sin()).round().long(), (pixels * angle.cos()).round().long()
    thermal = crops[1]
    _, height, width = thermal.shape
    rows = (torch.arange(height, device=down.device) + down[:, None]).clamp(0, height - 1)
    columns = (torch.arange(width, device=down.device) + across[:, None]).clamp(0, width - 1)
    thermal = thermal.gather(1, rows[:, :, None].expand_as(thermal))
    thermal = thermal.gather(2, columns[:, None, :].expand_as(thermal))
    return torch.stack((crops[0], thermal))


def add_visible_noise(crops: Tensor, sigma: Tensor, generator: torch.Generator) -> Tensor:
    """Add Gaussian noise of so many grey levels to luma."""
    return torch.stack((crops[0] + _noise(crops[0], sigma, generator), crops[1]))


def add_thermal_noise(crops: Tensor, sigma: Tensor, generator: torch.Generator) -> Tensor:
    """Add Gaussian noise of so many grey levels to the thermal image."""
    return torch.stack((crops[0], crops[1] + _noise(crops[1], sigma, generator)))


def _noise(image: Tensor, sigma: Tensor, generator: torch.Generator) -> Tensor:
    return _spread(sigma.abs()) * torch.randn(
        image.shape, generator=generator, device=image.device, dtype=image.dtype
    )


def _spread(amount: Tensor) -> Tensor:
    return amount[:, None, None]


@dataclass(frozen=True, slots=True)
class Variation:
    """One way to vary crops.

    Attributes:
        apply: Crops, amounts and a source of random numbers to crops.
        unit: Of the strength.
        of_scene: Whether it changes what there is to be shown. What it does not (noise) is
            only seen by the network; the loss compares with the crops without it.
    """

    apply: Callable[[Tensor, Tensor, torch.Generator], Tensor]
    unit: str
    of_scene: bool = True


# In the order in which they are applied.
VARIATIONS: Mapping[str, Variation] = {
    "exposure": Variation(expose, "stops"),
    "tone": Variation(bend, "octaves of the exponent"),
    "thermal_gain": Variation(amplify_thermal, "octaves"),
    "thermal_offset": Variation(lift_thermal, "grey levels"),
    "thermal_polarity": Variation(invert_thermal, "any"),
    "misregistration": Variation(misregister, "pixels"),
    "visible_noise": Variation(add_visible_noise, "grey levels", of_scene=False),
    "thermal_noise": Variation(add_thermal_noise, "grey levels", of_scene=False),
}
