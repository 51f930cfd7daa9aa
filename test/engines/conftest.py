# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import sys

import pytest

from engines.fake_cuda import FakeCuda
from engines.fake_machine import forget_tensorrt_modules, install
from fusion_ros.engines import cuda_driver


@pytest.fixture
def cuda():
    """A GPU; whatever a test does with it must be proper and be undone."""
    machine = FakeCuda()
    yield machine
    machine.check()
    assert machine.clean


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Folder of plans."""
    monkeypatch.setenv("FUSION_ROS_CACHE", str(tmp_path))
    return tmp_path / "tensorrt"


@pytest.fixture
def machine_with(cuda, cache, monkeypatch):
    """Puts a version of TensorRT on this machine, instead of the one before."""
    before, driver = sys.modules.get("tensorrt"), cuda_driver._driver
    yield lambda version: install(version, cuda)
    cuda_driver._driver = driver
    sys.modules.pop("tensorrt", None)
    if before is not None:
        sys.modules["tensorrt"] = before
    forget_tensorrt_modules()
