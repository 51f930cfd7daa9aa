# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Tasks in this process, in others, and on a real Dask cluster of one worker."""

import os

import pytest

from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.parallel.task_runner import run_tasks

# Workers import the function: it must be one of a module that they can import, so not of this one.
TASKS = ["3", "11", "-7"]


def test_results_are_numbered_like_their_tasks_in_this_process():
    assert dict(run_tasks(int, TASKS, jobs=1)) == {0: 3, 1: 11, 2: -7}


def test_results_are_the_same_in_processes_of_their_own():
    assert dict(run_tasks(int, TASKS, jobs=2)) == {0: 3, 1: 11, 2: -7}


def test_the_work_is_done_by_other_processes():
    folders = {folder for _, folder in run_tasks(os.path.realpath, ["/proc/self"] * 2, jobs=2)}
    assert folders and f"/proc/{os.getpid()}" not in folders


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_a_task_is_raised_as_it_is(jobs):
    with pytest.raises(ValueError, match="nonsense"):
        list(run_tasks(int, ["1", "nonsense", "2"], jobs=jobs))


def test_a_worker_that_dies_is_reported():
    with pytest.raises(FusionError, match="a worker process died"):
        list(run_tasks(os._exit, [3, 3], jobs=2))


def test_no_task_gives_no_result():
    assert list(run_tasks(int, [], jobs=2)) == []


def test_a_cluster_gives_the_same_results(dask_scheduler):
    assert dict(run_tasks(int, TASKS, scheduler=dask_scheduler)) == {0: 3, 1: 11, 2: -7}


def test_an_error_on_the_cluster_is_raised_here(dask_scheduler):
    with pytest.raises(ValueError, match="nonsense"):
        list(run_tasks(int, ["nonsense"], scheduler=dask_scheduler))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_does_not_answer_is_named(address, monkeypatch):
    monkeypatch.setattr("fusion_ros.parallel.task_runner.CONNECT_DEADLINE_S", 0.5)
    with pytest.raises(ConfigError, match="expected the address of a running Dask scheduler"):
        list(run_tasks(int, TASKS, scheduler=address))
