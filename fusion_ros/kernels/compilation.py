# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How the hot loops are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., object]")


def kernel(function: F) -> F:
    """Compile `function`: without the interpreter's lock, and kept on disk for the next start.

    Where no folder for the compiled code can be written, it is compiled anew at each start.
    """
    try:
        return cast("F", numba.njit(nogil=True, fastmath=True, cache=True)(function))
    except RuntimeError:
        return cast("F", numba.njit(nogil=True, fastmath=True)(function))
