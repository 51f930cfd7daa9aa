# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How the hot loops are compiled, and where the compiled code is kept.

Numba notices a change of the file that holds a kernel, but not of the files whose functions and
constants went into it. So the kept code lies in a folder named after all of them.
"""

from __future__ import annotations

import functools
import hashlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

F = TypeVar("F", bound="Callable[..., object]")

HERE = Path(__file__).parent
# Files outside this folder whose constants are compiled into kernels.
SHARED_CONSTANTS = ("luma.py", "pyramid_borders.py", "signal_scales.py")


def kernel(function: F) -> F:
    """Compile a function that works without the interpreter's lock.

    The code is kept on disk for the next start, in ``NUMBA_CACHE_DIR`` where that is set. Where
    no folder for it can be written, it is compiled anew at each start.
    """
    return _compiled(numba.njit, function, nogil=True, error_model="numpy")


def device_kernel(function: Callable[..., object]) -> Any:
    """Compile a function for a GPU, kept in the same way; ``[grid, block, stream]`` launches it."""
    from numba import cuda

    return _compiled(cuda.jit, function)


def _compiled(compiler: Callable[..., object], function: F, **options: object) -> F:
    with _cache_folder():
        try:
            decorate = compiler(cache=True, fastmath=True, **options)
            return decorate(function)  # type: ignore[operator]
        except RuntimeError:  # no folder can be written
            decorate = compiler(fastmath=True, **options)
            return decorate(function)  # type: ignore[operator]


@contextmanager
def _cache_folder() -> Iterator[None]:
    chosen = numba.config.CACHE_DIR
    root = Path(chosen) if chosen else HERE / "__pycache__"
    numba.config.CACHE_DIR = str(root / f"kernels-{_sources_digest()}")
    try:
        yield
    finally:
        numba.config.CACHE_DIR = chosen


@functools.cache
def _sources_digest() -> str:
    files = [
        *sorted(HERE.glob("*.py")),
        *(HERE.parent / "core" / name for name in SHARED_CONSTANTS),
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
