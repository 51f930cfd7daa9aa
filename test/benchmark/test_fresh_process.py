# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import os
import time

import pytest

from fusion_ros.benchmark.fresh_process import measure_fresh, write_pair
from fusion_ros.errors import FusionError
from fusion_ros.process_status import peak_memory_mb, processor_seconds, resident_memory_mb

NOBODY = 2**22 + 1


@pytest.fixture
def pair_folder(tmp_path):
    write_pair(tmp_path, (64, 48))
    return tmp_path


def test_a_fresh_process_tells_memory_first_frame_and_cores(pair_folder):
    small = measure_fresh("average on cpu", pair_folder, pair_folder / "none.npz")
    assert 20 < small.peak_memory_mb < 1000
    assert 0 <= small.memory_growth_mb < small.peak_memory_mb
    assert small.first_frame_ms > 0
    assert 0 < small.cores_busy < os.cpu_count() + 0.5


def test_memory_of_compiled_kernels_counts_as_growth(pair_folder):
    small, compiled = (
        measure_fresh(name, pair_folder, pair_folder / "none.npz")
        for name in ("average on cpu", "mm_lut on cpu")
    )
    assert compiled.memory_growth_mb > small.memory_growth_mb + 20


def test_a_contender_that_fails_is_named_with_its_reason(pair_folder):
    with pytest.raises(
        FusionError, match=r"magic on cpu: a process .* ended with code 1(.|\n)*KeyError"
    ):
        measure_fresh("magic on cpu", pair_folder, pair_folder / "none.npz")


def test_memory_that_was_given_back_stays_in_the_peak():
    before_mb = peak_memory_mb(os.getpid())
    block = bytearray(os.urandom(1) * 300_000_000)
    with_block_mb = resident_memory_mb(os.getpid())
    del block
    assert resident_memory_mb(os.getpid()) < with_block_mb - 200
    assert peak_memory_mb(os.getpid()) >= max(before_mb, with_block_mb)


def test_processor_time_counts_work_and_not_waiting():
    start_s, before_s = time.process_time(), processor_seconds(os.getpid())
    while time.process_time() - start_s < 0.1:
        pass
    assert processor_seconds(os.getpid()) - before_s >= 0.08


def test_a_process_that_is_gone_has_no_figures():
    assert peak_memory_mb(NOBODY) is None
    assert resident_memory_mb(NOBODY) is None
    assert processor_seconds(NOBODY) is None
