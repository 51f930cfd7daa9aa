# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Views that cannot be written: kernels are compiled for one kind of array only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_only(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image, contiguous, as a view that cannot be written; a message's buffer may be either."""
    view = np.ascontiguousarray(image).view()
    view.flags.writeable = False
    return view
