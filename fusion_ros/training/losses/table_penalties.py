# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a table should be like, whatever the images are.

Convention:
    Tables are (luma, gradient, context, thermal). ``change`` is what was added to the logits of
    the initial table, ``grey`` the fused grey at the nodes, in [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

THERMAL_AXIS = 3


def roughness(change: Tensor, _grey: Tensor) -> Tensor:
    """Mean squared difference of neighbouring nodes, summed over the axes."""
    terms = [torch.diff(change, dim=axis).square().mean() for axis in range(change.ndim)]
    return torch.stack(terms).sum()


def faint_edge_response(_change: Tensor, grey: Tensor) -> Tensor:
    """Mean squared change of the fused grey as a flat pixel gets a faint edge.

    The steps of a slow gradient in the sky are edges of one level. A table that treats them
    unlike flat pixels draws contour lines there.
    """
    return (grey[:, 1] - grey[:, 0]).square().mean()


def thermal_decrease(_change: Tensor, grey: Tensor) -> Tensor:
    """Mean squared fall of the fused grey from node to node as the thermal grey rises.

    Without it a warmer pixel may end up darker than a cooler one of the same luma, context
    and edge. There is no such order on the context axis, and none is asked for.
    """
    return torch.relu(-torch.diff(grey, dim=THERMAL_AXIS)).square().mean()


PENALTIES: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = {
    "smoothness": roughness,
    "calmness": faint_edge_response,
    "monotonicity": thermal_decrease,
}
