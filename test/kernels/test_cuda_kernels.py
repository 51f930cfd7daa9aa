# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The CUDA engine: under Numba's simulator anywhere, and on a GPU with ``pytest -m gpu``."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.registry import usable_engines
from fusion_ros.core.frames import PreparedPair
from fusion_ros.errors import DeviceError
from sample_images import noise_pair, smooth_pair

LEVELS = 1
SIMULATED = """
import numpy as np
from numba import config
from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.mm_lut import cuda
from fusion_ros.backends.mm_lut.cpu import MmLutCpu
from fusion_ros.core.frames import PreparedPair

assert config.ENABLE_CUDASIM
# The trial of every start is on images that take the simulator long.
cuda.parity_with_reference = lambda *_: type("Parity", (), {"sound": True})
path = resolve_model("mm_lut", None).path
simulated, cpu = cuda.MmLutCuda(path, use_graph=False), MmLutCpu(path, threads=1)
random = np.random.default_rng(1)
for height, width in ((1, 1), (5, 7), (14, 33), (5, 7)):
    visible = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    pair = PreparedPair(visible, random.integers(0, 256, (height, width), dtype=np.uint8))
    found, expected = simulated.fuse(pair, True), cpu.fuse(pair, True)
    print(np.abs(found[0].astype(int) - expected[0]).max(), np.abs(found[1] - expected[1]).max())
    assert simulated.fuse(pair, False)[1] is None
simulated.close()
simulated.close()
"""
needs_gpu = pytest.mark.skipif("cuda" not in usable_engines("mm_lut"), reason="needs a CUDA GPU")
GPU_SIZES = [(1, 1), (3, 2), (61, 83), (480, 640), (720, 1280), (2160, 3840)]
GPU_ROUNDS = 200
# Aimed at on a data-centre GPU at 640x480, without the copies between NumPy and pinned memory.
AIM_MS = 0.2


def test_simulated_kernels_give_the_cpu_kernels_image_at_odd_sizes():
    result = subprocess.run(
        [sys.executable, "-c", SIMULATED],
        env={**os.environ, "NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    apart = np.array([line.split() for line in result.stdout.splitlines()], dtype=float)
    assert len(apart) == 4
    assert apart[:, 0].max() <= LEVELS
    assert apart[:, 1].max() <= 1 / 256


def test_a_graph_that_cannot_be_captured_is_a_device_error(monkeypatch):
    from fusion_ros.engines import cuda_driver
    from fusion_ros.kernels.cuda_graph import CudaGraph

    calls = []

    class Refusing:
        def __getattr__(self, name):
            return lambda *_: calls.append(name) or (900 if name == "cuStreamEndCapture" else 0)

    monkeypatch.setattr(cuda_driver, "_driver", Refusing)
    with pytest.raises(DeviceError, match=r"cuStreamEndCapture failed .*\(error 900\)"):
        CudaGraph(1, lambda: None)
    assert calls[:2] == ["cuStreamBeginCapture_v2", "cuStreamEndCapture"]


@pytest.fixture(scope="module")
def engines():
    from fusion_ros.backends.mm_lut.cpu import MmLutCpu
    from fusion_ros.backends.mm_lut.cuda import MmLutCuda

    path = resolve_model("mm_lut", None).path
    found = MmLutCuda(path), MmLutCuda(path, use_graph=False), MmLutCpu(path)
    yield found
    for engine in found:
        engine.close()


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("make", [noise_pair, smooth_pair])
@pytest.mark.parametrize("shape", GPU_SIZES)
def test_gpu_and_cpu_give_the_same_image(engines, make, shape):
    pair = make(*shape)
    pair = PreparedPair(pair.visible, pair.thermal)
    expected = engines[2].fuse(pair, True)
    for engine in engines[:2]:
        found = engine.fuse(pair, True)
        assert np.abs(found[0].astype(int) - expected[0]).max() <= LEVELS
        np.testing.assert_allclose(found[1], expected[1], atol=4e-3)


@pytest.mark.gpu
@needs_gpu
@pytest.mark.parametrize("shape", [(480, 640), (720, 1280), (2160, 3840)])
def test_times_on_the_gpu(engines, shape, capsys):
    """Prints medians: of `fuse` with and without graph, and of the replay by events."""
    pair = smooth_pair(*shape)
    pair = PreparedPair(pair.visible, pair.thermal)
    graph_ms, launches_ms = (_median_fuse_ms(engine, pair) for engine in engines[:2])
    replay_ms = _median_replay_ms(engines[0])
    with capsys.disabled():
        print(
            f"\n{shape[1]}x{shape[0]}: replay {replay_ms:.3f} ms (copies, kernels), "
            f"fuse {graph_ms:.3f} ms, launch by launch {launches_ms:.3f} ms"
        )
    assert graph_ms < launches_ms
    assert replay_ms < AIM_MS or shape != (480, 640)


def _median_fuse_ms(engine, pair):
    times = []
    for _ in range(GPU_ROUNDS):
        start_ns = time.perf_counter_ns()
        engine.fuse(pair, False)
        times.append((time.perf_counter_ns() - start_ns) / 1e6)
    return float(np.median(times[10:]))


def _median_replay_ms(engine):
    from numba import cuda

    times = []
    for _ in range(GPU_ROUNDS):
        start, end = cuda.event(), cuda.event()
        start.record(engine._stream)
        engine._graphs[False].replay()
        end.record(engine._stream)
        end.synchronize()
        times.append(cuda.event_elapsed_time(start, end))
    return float(np.median(times))
