# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Runs independent tasks: here, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, TypeVar

from fusion_ros.errors import ConfigError, FusionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")
CONNECT_DEADLINE_S = 10.0


def run_tasks(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    jobs: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[int, Result]]:
    """Apply a function to every task; what comes out does not depend on where it ran.

    Args:
        function: Of a module that every worker can import.
        tasks: Its arguments; they travel to the workers.
        jobs: Processes of this machine; None for one a core, 1 for this very process.
        scheduler: Address of a Dask scheduler, e.g. ``tcp://10.0.0.5:8786``; its workers then do
            all the work and must see the same files under the same paths.

    Yields:
        Number of a task and its result, as they end: in any order.

    Raises:
        ConfigError: Dask is not installed, or the scheduler does not answer.
        FusionError: A worker died.
        Exception: The first error of a task; the others are not waited for.
    """
    if scheduler is not None:
        return _on_cluster(function, tasks, scheduler)
    processes = min(jobs or len(os.sched_getaffinity(0)), len(tasks))
    if processes <= 1:
        return ((number, function(task)) for number, task in enumerate(tasks))
    return _in_processes(function, tasks, processes)


def _in_processes(
    function: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[tuple[int, Result]]:
    # A fresh interpreter each: threads of OpenCV and Numba do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _share_the_cores) as pool:
        numbers = {pool.submit(function, task): number for number, task in enumerate(tasks)}
        try:
            for future in as_completed(numbers):
                yield numbers.pop(future), future.result()
        except BrokenProcessPool as err:
            raise FusionError(
                "a worker process died; was memory short? Try fewer of them with --jobs"
            ) from err
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _share_the_cores() -> None:
    """One thread a process: the processes already use all cores."""
    import cv2

    cv2.setNumThreads(1)


def _on_cluster(
    function: Callable[[Task], Result], tasks: Sequence[Task], scheduler: str
) -> Iterator[tuple[int, Result]]:
    with _client(scheduler) as client:
        from distributed import as_completed as dask_as_completed

        # Not pure: a task may write files, so an equal task of before is no result of this one.
        futures = client.map(function, tasks, pure=False)
        numbers = {future.key: number for number, future in enumerate(futures)}
        try:
            for future in dask_as_completed(futures, loop=client.loop):
                yield numbers[future.key], future.result()
                future.release()
        finally:
            client.cancel(futures)


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as err:
        raise ConfigError(
            "--scheduler needs Dask, here and on every worker: pip install '.[cluster]' in a clone"
        ) from err
    try:
        return Client(scheduler, timeout=CONNECT_DEADLINE_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as err:
        raise ConfigError(
            f"--scheduler {scheduler}: expected the address of a running Dask scheduler, e.g. "
            f"tcp://10.0.0.5:8786, got no answer ({err}); start one with 'dask scheduler'"
        ) from err
