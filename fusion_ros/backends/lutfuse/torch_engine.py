# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""LUT-Fuse in eager torch float32, operation by operation as its authors run it.

The yardstick for speed: nothing is fused or precomputed that their code does not.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from fusion_ros.backends.lutfuse.model import HIDDEN_LAYERS, NODES, OUTPUT_LAYER, LutFuseModel
from fusion_ros.backends.lutfuse.reference import (
    COORDINATE_SCALE,
    GRADIENT_EPSILON,
    LEAKY_SLOPE,
    LUMA_RGB,
    NORM_EPSILON,
)
from fusion_ros.backends.weight_estimate import explain_by_weight

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair

SOBEL = ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))


class LutFuseTorch:
    """The authors' formulation on torch's CPU threads, or on the GPU where torch has one."""

    def __init__(self, model_path: Path) -> None:
        """Load the model; raises `ModelArtifactError`."""
        model = LutFuseModel.load(model_path)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._table = torch.from_numpy(model.table).to(self._device)
        self._generator = {
            name: torch.from_numpy(value).to(self._device)
            for name, value in model.generator.items()
        }
        sobel = torch.tensor(SOBEL, device=self._device)
        self._sobel = torch.stack([sobel, sobel.T])[:, None]

    @torch.inference_mode()
    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair; see `fusion_ros.backends.contract.Backend`."""
        rgb = self._to_tensor(pair.visible[..., ::-1])  # (1, 3, H, W)
        thermal = self._to_tensor(pair.thermal[..., None])  # (1, 1, H, W)
        weights = torch.tensor(LUMA_RGB, device=self._device)
        grey = (rgb * weights[:, None, None]).sum(dim=1, keepdim=True)
        context = self._context(torch.cat([rgb, thermal], dim=1) * 255.0)
        signals = (grey, self._gradient(grey), context, thermal)
        fused = rgb + (self._interpolate([s[0, 0] * COORDINATE_SCALE for s in signals]) - grey)
        levels = (fused.clamp(0.0, 1.0) * 255.0).round().to(torch.uint8)
        image = np.ascontiguousarray(levels[0].permute(1, 2, 0).cpu().numpy()[..., ::-1])
        return image, explain_by_weight(image, pair) if want_guidance else None

    def close(self) -> None:
        """Release the tensors."""
        self._generator = {}

    def _to_tensor(self, image: NDArray[np.uint8]) -> torch.Tensor:
        planes = image.transpose(2, 0, 1).copy()
        return torch.from_numpy(planes).to(self._device).float()[None] / 255.0

    def _gradient(self, grey: torch.Tensor) -> torch.Tensor:
        magnitude = functional.conv2d(grey, self._sobel, padding=1).square().sum(1, True).sqrt()
        low, high = magnitude.min(), magnitude.max()
        return (magnitude - low) / (high - low + GRADIENT_EPSILON)

    def _context(self, hidden: torch.Tensor) -> torch.Tensor:
        outputs = []
        for convolution, norm in HIDDEN_LAYERS:
            hidden = functional.leaky_relu(self._convolve(hidden, convolution), LEAKY_SLOPE)
            scale, shift = self._generator[f"{norm}.weight"], self._generator[f"{norm}.bias"]
            # The operation behind functional.instance_norm, which refuses images of one pixel.
            hidden = torch.instance_norm(
                hidden, scale, shift, None, None, True, 0.0, NORM_EPSILON, True
            )
            outputs.append(hidden)
        return torch.sigmoid(self._convolve(hidden + outputs[0], OUTPUT_LAYER))

    def _convolve(self, hidden: torch.Tensor, name: str) -> torch.Tensor:
        weight, bias = self._generator[f"{name}.weight"], self._generator[f"{name}.bias"]
        return functional.conv2d(hidden, weight, bias, padding=1)

    def _interpolate(self, coordinates: list[torch.Tensor]) -> torch.Tensor:
        lower = [coordinate.floor().long() for coordinate in coordinates]
        upper = [(index + 1).clamp(max=NODES - 1) for index in lower]
        fractions = [c - index for c, index in zip(coordinates, lower, strict=True)]
        corners = [
            self._table[
                tuple(
                    up if high else low for low, up, high in zip(lower, upper, which, strict=True)
                )
            ]
            for which in itertools.product((False, True), repeat=4)
        ]
        for fraction in reversed(fractions):
            corners = [
                low * (1 - fraction) + high * fraction
                for low, high in zip(corners[::2], corners[1::2], strict=True)
            ]
        return corners[0]
