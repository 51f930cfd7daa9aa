# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from fusion_ros.demo import child_process
from fusion_ros.demo.child_process import running_process
from fusion_ros.demo.orderly_end import not_ended_meanwhile, unwinding_when_ended


def test_a_request_to_end_waits_for_what_must_be_whole():
    done = []
    with pytest.raises(SystemExit) as ended, unwinding_when_ended():
        with not_ended_meanwhile():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("the rest of it")
        done.append("what follows")
    assert ended.value.code == 128 + signal.SIGTERM
    assert done == ["the rest of it"]


def test_ctrl_c_waits_for_what_must_be_whole():
    before, done = signal.getsignal(signal.SIGINT), []
    with pytest.raises(KeyboardInterrupt):
        with not_ended_meanwhile(), not_ended_meanwhile():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("the rest of it")
        done.append("what follows")
    assert done == ["the rest of it"]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_request_to_end_counts_more_than_ctrl_c():
    with pytest.raises(SystemExit), unwinding_when_ended(), not_ended_meanwhile():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)


def test_ctrl_c_that_is_ignored_stays_so_and_other_threads_may_hold():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with not_ended_meanwhile():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)

    def hold():
        with not_ended_meanwhile():
            return "held"

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(hold).result() == "held"


@pytest.mark.parametrize(
    ("number", "expected"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)]
)
def test_a_process_that_is_started_just_when_the_end_is_asked_for_does_not_stay(
    monkeypatch, tmp_path, number, expected
):
    started = []
    popen = subprocess.Popen

    def start_and_be_told_to_end(*arguments, **options):
        process = popen(*arguments, **options)
        started.append(process)
        os.kill(os.getpid(), number)
        return process

    monkeypatch.setattr(child_process.subprocess, "Popen", start_and_be_told_to_end)
    with pytest.raises(expected) as ended, unwinding_when_ended():
        with running_process("http.server", ["0"], os.environ, tmp_path / "log"):
            pytest.fail("the request to end was forgotten")
    if number == signal.SIGTERM:
        assert ended.value.code == 128 + signal.SIGTERM
    assert len(started) == 1
    assert started[0].returncode is not None
