# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs a kernel over bands of rows on several threads.

Plain threads and kernels that release the interpreter's lock do here what a parallel runtime
would: no second pool beside the application's, no spinning between frames, quick compilation.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# More threads than this wait for memory, not for each other.
MAX_THREADS = 8


def default_threads() -> int:
    """Threads to use on this machine: the cores this process may run on, at most 8."""
    return min(len(os.sched_getaffinity(0)), MAX_THREADS)


class BandRunner:
    """Splits rows evenly among threads; the calling thread takes the last band itself."""

    def __init__(self, threads: int | None = None) -> None:
        """Start the threads.

        Args:
            threads: How many bands run at once, the caller's included; None for one per core.
        """
        self.threads = default_threads() if threads is None else max(1, threads)
        self._pool = (
            ThreadPoolExecutor(self.threads - 1, thread_name_prefix="fusion_band")
            if self.threads > 1
            else None
        )

    def run(
        self, kernel: Callable[..., None], rows: int, spaces: Sequence[object], *arguments: object
    ) -> None:
        """Call ``kernel(first_row, end_row, space, *arguments)`` for bands that cover all rows.

        Args:
            kernel: Works on the rows from the first to before the end.
            rows: How many there are.
            spaces: A workspace for each band, at least `count` of them.
            arguments: Further arguments, the same for all bands.
        """
        bands = self.count(rows)
        edges = [rows * band // bands for band in range(bands + 1)]
        waiting = [
            self._pool.submit(kernel, edges[band], edges[band + 1], spaces[band], *arguments)
            for band in range(bands - 1)
            if self._pool is not None
        ]
        kernel(edges[-2], rows, spaces[bands - 1], *arguments)
        for band in waiting:
            band.result()

    def count(self, rows: int) -> int:
        """How many bands `rows` rows are split into."""
        return min(self.threads, rows)

    def close(self) -> None:
        """End the threads. Calling it again does nothing."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
