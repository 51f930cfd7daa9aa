# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Bidirectional self-warp error (BiSWE): does the fused video move as one piece?

- [0]: A unified solution to video fusion: from multi-frame learning to benchmarking (UniVF,
  VF-Bench), NeurIPS 2025, https://arxiv.org/abs/2505.19858.

A frame is rebuilt from its neighbour by the fused video's own optical flow; what differs is the
error. It is averaged over the pixels that both sources can follow there and back within 1 pixel,
and the errors against the frame before and the frame after are added up.

Convention:
    Grey levels 0..255 as in [0]; it differs from [0] by using DIS instead of SEA-RAFT and grey
    instead of RGB frames, and by leaving out a frame of which no pixel can be followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fusion_ros.metrics.temporal.optical_flow import fetch, has_partner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion_ros.metrics.temporal.optical_flow import Motion


def warp_errors(
    first: NDArray[np.uint8], second: NDArray[np.uint8], fused: Motion, sources: Sequence[Motion]
) -> tuple[float | None, float | None]:
    """Errors of two successive frames, each rebuilt from the other.

    Args:
        first: (H, W) fused frame.
        second: The next one.
        fused: Motion between them.
        sources: Motion of each source between the same moments.

    Returns:
        Mean error [levels] of the first frame and of the second; None where no pixel of all
        sources can be followed.
    """
    images = first.astype(np.float32), second.astype(np.float32)
    seen_later = [has_partner(motion.forward, motion.backward) for motion in sources]
    seen_before = [has_partner(motion.backward, motion.forward) for motion in sources]
    return (
        _mean_error(images[0], fetch(images[1], fused.forward), seen_later),
        _mean_error(images[1], fetch(images[0], fused.backward), seen_before),
    )


def _mean_error(
    frame: NDArray[np.float32], rebuilt: NDArray[np.float32], seen: Sequence[NDArray[np.bool_]]
) -> float | None:
    errors = np.abs(frame - rebuilt)[np.logical_and.reduce(seen)]
    return float(np.mean(errors, dtype=np.float64)) if errors.size else None
