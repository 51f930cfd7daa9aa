# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Terms on edges: have the stronger gradient, and keep the edges of both sources.

- [0]: Objective image fusion performance measure, Electronics Letters 36(4), 2000.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from fusion_ros.training.losses.fused_batch import FusedBatch

# Ceiling, slope and centre of the sigmoids of strength and orientation.
STRENGTH_CEILING, STRENGTH_SLOPE, STRENGTH_CENTRE = 0.9994, 15.0, 0.5
ORIENTATION_CEILING, ORIENTATION_SLOPE, ORIENTATION_CENTRE = 0.9879, 22.0, 0.8
# Half a grey level: weaker edges have no strength and no direction worth a gradient.
FAINT_EDGE = 0.5 / 255


def gradient(batch: FusedBatch) -> Tensor:
    """Mean distance of the Sobel magnitudes from the stronger source's, summed over directions."""
    target = batch.source_edges.abs().amax(dim=1)
    return 2 * (batch.fused_edges.abs() - target).abs().mean()


def edge_loss(batch: FusedBatch) -> Tensor:
    """Share of the sources' edges that the fused image loses: one less edge transfer (Qabf).

    Deviates from the metric where that has no useful derivative: orientations are compared as
    lines, so an angle of 89 degrees is next to one of -89, and edges below half a grey level
    count as that strong. Edges are weighed by their strength over the whole batch.
    """
    (fused_x, fused_y), (source_x, source_y) = batch.fused_edges, batch.source_edges
    strength_f = (fused_x.square() + fused_y.square() + FAINT_EDGE**2).sqrt()
    strength_s = (source_x.square() + source_y.square() + FAINT_EDGE**2).sqrt()
    ratio = torch.minimum(strength_f, strength_s) / torch.maximum(strength_f, strength_s)
    along = (fused_x * source_x + fused_y * source_y).abs() + FAINT_EDGE**2
    across = (fused_x * source_y - fused_y * source_x).abs()
    orientation = 1 - torch.atan2(across, along) / (math.pi / 2)
    kept = (
        STRENGTH_CEILING
        * ORIENTATION_CEILING
        * torch.sigmoid(STRENGTH_SLOPE * (ratio - STRENGTH_CENTRE))
        * torch.sigmoid(ORIENTATION_SLOPE * (orientation - ORIENTATION_CENTRE))
    )
    return 1 - (kept * strength_s).sum() / strength_s.sum()
