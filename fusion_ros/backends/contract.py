# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a backend on an engine must offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.core.frames import PreparedPair


class Backend(Protocol):
    """A way to fuse, ready to run on one engine. Used by one thread at a time."""

    def fuse(
        self, pair: PreparedPair, want_guidance: bool
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
        """Fuse one pair.

        Args:
            pair: Checked and prepared images; not modified and not kept.
            want_guidance: Whether the second result is needed.

        Returns:
            The fused (H, W, 3) uint8 BGR image, newly allocated, and, if it was asked for,
            the (H, W) float32 weight of the thermal source in [0, 1].
        """

    def close(self) -> None:
        """Release threads and device memory. Calling it again does nothing."""
