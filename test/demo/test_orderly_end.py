# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import signal
import subprocess

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


def test_a_process_that_is_started_just_when_the_end_is_asked_for_does_not_stay(
    monkeypatch, tmp_path
):
    started = []
    popen = subprocess.Popen

    def start_and_be_told_to_end(*arguments, **options):
        process = popen(*arguments, **options)
        started.append(process)
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    monkeypatch.setattr(child_process.subprocess, "Popen", start_and_be_told_to_end)
    with pytest.raises(SystemExit) as ended, unwinding_when_ended():
        with running_process("http.server", ["0"], os.environ, tmp_path / "log"):
            pytest.fail("the request to end was forgotten")
    assert ended.value.code == 128 + signal.SIGTERM
    assert len(started) == 1
    assert started[0].returncode is not None
