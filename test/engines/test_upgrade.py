# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""How `auto` fuses while a faster engine is being built."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from fusion_ros import load_backend
from fusion_ros.engines import starting
from fusion_ros.errors import DeviceError
from sample_images import smooth_pair

VERSION = "10.3.0"
FAKE_MACHINE = Path(__file__).parent / "fake_machine.py"
PAIR = smooth_pair(37, 53)
DEADLINE_S = 60.0


def build_on_fake_machine(monkeypatch, faults=""):
    """Let the build run in a process that has the same GPU and TensorRT as this one."""
    real = starting.build_command

    def command(name, model):
        arguments = real(name, model)[3:]
        return [sys.executable, str(FAKE_MACHINE), VERSION, faults, *arguments]

    monkeypatch.setattr(starting, "build_command", command)


def fuse_until(pipeline, condition):
    end = time.monotonic() + DEADLINE_S
    images = []
    while not condition():
        assert time.monotonic() < end
        images.append(pipeline.fuse(PAIR).image)
    return images


@pytest.mark.parametrize("backend", ["mm_lut", "hybrid"])
def test_auto_fuses_on_the_next_engine_until_the_plan_is_built(
    machine_with, monkeypatch, caplog, backend
):
    machine_with(VERSION)
    build_on_fake_machine(monkeypatch)
    expected = load_backend(backend, "reference").fuse(PAIR).image.astype(int)
    with load_backend(backend) as pipeline:
        assert pipeline.engine == "cpu"
        assert "'tensorrt' is being built in the background; until then 'cpu' fuses" in caplog.text
        images = fuse_until(pipeline, lambda: pipeline.engine == "tensorrt")
        images.append(pipeline.fuse(PAIR).image)
        names = [thread.name for thread in threading.enumerate()]
        assert not [name for name in names if name.startswith("fusion_")], "the first is closed"
    assert all(np.abs(image - expected).max() <= 1 for image in images)
    assert "'tensorrt' fuses from now on" in caplog.text


def test_auto_starts_on_a_plan_that_is_there(machine_with):
    machine = machine_with(VERSION)
    load_backend("mm_lut", "tensorrt").close()
    with load_backend("mm_lut") as pipeline:
        assert pipeline.engine == "tensorrt"
    assert machine.builds == 1


def test_a_build_that_fails_leaves_the_next_engine_and_its_reason(
    machine_with, monkeypatch, caplog
):
    machine_with(VERSION)
    build_on_fake_machine(monkeypatch, faults="build")
    with load_backend("mm_lut") as pipeline:
        fuse_until(pipeline, lambda: "could not be built" in caplog.text)
        pipeline.fuse(PAIR)
        assert pipeline.engine == "cpu"
    assert "could not find any implementation" in caplog.text


def test_closing_ends_a_build_that_has_not_ended(machine_with, monkeypatch):
    machine_with(VERSION)
    endless = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    monkeypatch.setattr(starting, "build_command", lambda name, model: endless)
    pipeline = load_backend("mm_lut")
    process = pipeline._upgrade._process
    assert process.poll() is None
    begin = time.monotonic()
    pipeline.close()
    pipeline.close()
    assert process.poll() is not None
    assert time.monotonic() - begin < 4.0


def test_a_build_that_nobody_took_is_released(machine_with, monkeypatch):
    machine_with(VERSION)
    build_on_fake_machine(monkeypatch)
    pipeline = load_backend("mm_lut")
    assert pipeline._upgrade.join(DEADLINE_S)
    pipeline.close()


def test_the_build_command_is_one_that_exists():
    command = starting.build_command("hybrid", Path("model.npz"))
    assert command[1:3] == ["-m", "fusion_ros.cli.main"]
    from fusion_ros.cli.main import app

    assert command[3] in {entry.name for entry in app.registered_commands}
    assert command[4:] == ["model.npz", "--backend", "hybrid"]


@pytest.mark.parametrize("broken", [ImportError("libnvinfer.so.10"), OSError("libnvinfer.so.10")])
def test_auto_goes_on_where_tensorrt_is_installed_but_broken(machine_with, monkeypatch, broken):
    machine_with(VERSION)

    def fail(*arguments):
        raise broken

    monkeypatch.setattr(starting, "load_built_backend", fail)
    with load_backend("mm_lut") as pipeline:
        assert pipeline.engine == "cpu"


def test_auto_goes_on_where_the_engine_that_needs_no_build_fails(monkeypatch, caplog):
    first = load_backend("mm_lut").engine
    create = starting.create_backend

    def fail_first(name, engine, path):
        if engine == first:
            raise DeviceError("out of memory")
        return create(name, engine, path)

    monkeypatch.setattr(starting, "create_backend", fail_first)
    assert load_backend("mm_lut").engine != first
    assert f"engine '{first}' cannot run here: out of memory" in caplog.text
