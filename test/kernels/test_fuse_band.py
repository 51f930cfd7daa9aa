# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The CPU's pass over bands and strips, against the float64 definition and against itself."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.mm_lut.cpu import MmLutCpu
from fusion_ros.backends.mm_lut.kernel_model import kernel_model
from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel
from fusion_ros.backends.mm_lut.reference import MmLutReference
from fusion_ros.core.frames import PreparedPair
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX, GRADIENT_FULL_SCALE
from fusion_ros.kernels.band_space import STRIP_ROWS
from fusion_ros.kernels.bands import BandRunner
from fusion_ros.kernels.pixel_arithmetic import level_coordinate
from sample_images import noise_pair, smooth_pair

MEAN_LEVELS, MOST_LEVELS = 0.5, 1
# What a frame may allocate beside its results: bookkeeping of threads and views. [bytes]
SMALL = 20_000


def prepared(pair):
    return PreparedPair(pair.visible, pair.thermal)


@pytest.fixture(scope="module")
def path():
    return resolve_model("mm_lut", None).path


@pytest.mark.parametrize("make", [noise_pair, smooth_pair])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (131, 650), (2 * STRIP_ROWS * 4 + 46, 37)])
def test_every_size_is_within_a_level_of_the_definition(path, make, shape):
    pair = prepared(make(*shape))
    found, expected = MmLutCpu(path).fuse(pair, True), MmLutReference(path).fuse(pair, True)
    apart = np.abs(found[0].astype(int) - expected[0])
    assert apart.mean() <= MEAN_LEVELS
    assert apart.max() <= MOST_LEVELS


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_bands_and_strips_leave_no_seams(path, threads):
    pair = prepared(noise_pair(STRIP_ROWS * CONTEXT_STRIDE_PX * 2 + 3, 90))
    several = MmLutCpu(path, threads=threads)
    expected, found = MmLutCpu(path, threads=1).fuse(pair, True), several.fuse(pair, True)
    several.close()
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("want_guidance", [False, True])
def test_a_frame_allocates_its_results_and_nothing_else_of_its_size(path, threads, want_guidance):
    engine = MmLutCpu(path, threads=threads)
    pair = prepared(smooth_pair(480, 640))
    for _ in range(3):
        results = engine.fuse(pair, want_guidance)
    # Other threads of the test run may allocate meanwhile, but not during every frame.
    peak = min(peak_of_a_frame(engine, pair, want_guidance) for _ in range(5))
    engine.close()
    assert peak <= sum(result.nbytes for result in results if result is not None) + SMALL


def peak_of_a_frame(engine, pair, want_guidance):
    tracemalloc.start()
    try:
        engine.fuse(pair, want_guidance)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_very_certain_networks_do_not_overflow(tmp_path):
    """Logits of thousands, of both signs, where the exponential of the sigmoid is infinite."""
    for sign, node in ((1.0, 1), (-1.0, 0)):
        table = np.zeros((2, 2, 2, 2), np.uint8)
        table[:, :, 1] = 255
        weight = np.full((1, 4, 3, 3), sign * 1e4, np.float32)
        layer = ContextLayer(weight, np.full(1, sign * 1e4, np.float32), 1)
        MmLutModel(table, (layer,)).save(tmp_path / "model.npz")
        _, guidance = MmLutCpu(tmp_path / "model.npz").fuse(prepared(noise_pair(9, 9)), True)
        assert (guidance == node).all()


@pytest.mark.parametrize("nodes", range(2, 18))
def test_integer_coordinates_are_the_rounded_real_ones(nodes):
    layer = ContextLayer(np.zeros((1, 4, 3, 3), np.float32), np.zeros(1, np.float32), 1)
    model = kernel_model(MmLutModel(np.zeros((nodes,) * 4, np.uint8), (layer,)))
    found = [level_coordinate(level, model.axes[0, 0]) for level in range(256)]
    np.testing.assert_array_equal(found, np.rint(np.arange(256) / 255 * (nodes - 1) * 256))
    edges = np.sqrt(np.arange(GRADIENT_FULL_SCALE + 1) / GRADIENT_FULL_SCALE)
    np.testing.assert_array_equal(model.ramp, np.rint(edges * (nodes - 1) * 256))


@pytest.mark.parametrize("rows", [1, 2, 7, 100])
@pytest.mark.parametrize("threads", [1, 3])
def test_bands_cover_all_rows_once_each_with_its_own_workspace(rows, threads):
    runner, seen = BandRunner(threads), []
    runner.run(lambda *band: seen.append(band), rows, list(range(threads)), "argument")
    runner.close()
    assert sorted(row for first, end, *_ in seen for row in range(first, end)) == list(range(rows))
    assert len({space for _, _, space, _ in seen}) == len(seen) == runner.count(rows)


def test_an_error_in_a_band_reaches_the_caller():
    def fail(first, end, space):
        if first == 0:
            raise ZeroDivisionError

    runner = BandRunner(2)
    with pytest.raises(ZeroDivisionError):
        runner.run(fail, 10, [None, None])
    runner.close()
