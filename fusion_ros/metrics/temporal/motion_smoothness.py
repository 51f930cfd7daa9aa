# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Motion smoothness with two reference videos (MS2R): does the fused video add motion?

- [0]: A unified solution to video fusion: from multi-frame learning to benchmarking (UniVF,
  VF-Bench), NeurIPS 2025, https://arxiv.org/abs/2505.19858.

The second difference of three frames' optical flow is compared with that of each source.

Convention:
    Mean absolute difference over pixels and both components, averaged over the sources, in
    pixels per frame and frame, as in [0]; it differs from [0] by using DIS on grey frames instead
    of SEA-RAFT on RGB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.metrics.temporal.optical_flow import Motion


def smoothness_gap(fused: tuple[Motion, Motion], sources: Sequence[tuple[Motion, Motion]]) -> float:
    """How far the fused video's change of motion is from that of its sources [px].

    Args:
        fused: Motion between three successive frames.
        sources: The same of each source.
    """
    wanted = _change_of_motion(*fused)
    gaps = [np.abs(wanted - _change_of_motion(*motions)) for motions in sources]
    return float(np.mean([np.mean(gap, dtype=np.float64) for gap in gaps]))


def _change_of_motion(earlier: Motion, later: Motion) -> NDArray[np.float32]:
    return later.forward - earlier.forward
