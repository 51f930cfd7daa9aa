# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Compiled loops on as many threads as PyTorch uses."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable

_POOLS: dict[int, ThreadPoolExecutor] = {}


def use_threads(count: int | None) -> None:
    """Let PyTorch and the loops use so many threads; None leaves it as it is."""
    if count is not None:
        torch.set_num_threads(count)


def run_in_bands(loop: Callable[..., None], count: int, *arguments: object) -> None:
    """Call ``loop(first, end, *arguments)`` for bands that cover ``range(count)``.

    Args:
        loop: Compiled, releases the interpreter's lock.
        count: Of what the bands are made of.
        *arguments: Handed on.
    """
    threads = min(torch.get_num_threads(), count)
    if threads < 2:
        loop(0, count, *arguments)
        return
    if threads not in _POOLS:
        _POOLS[threads] = ThreadPoolExecutor(threads - 1, thread_name_prefix="fusion_training")
    edges = [count * band // threads for band in range(threads + 1)]
    waiting = [
        _POOLS[threads].submit(loop, first, end, *arguments)
        for first, end in itertools.pairwise(edges[:-1])
    ]
    loop(edges[-2], count, *arguments)
    for band in waiting:
        band.result()
