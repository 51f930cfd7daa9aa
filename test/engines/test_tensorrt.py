# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The engine `tensorrt` on a machine that is made up; see `fake_tensorrt.py`."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import tolerances
from fusion_ros import load_backend
from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.registry import usable_engines
from fusion_ros.errors import DeviceError, EngineUnavailableError, ImageFormatError
from sample_images import noise_pair, smooth_pair

VERSIONS = ("8.6.1", "10.3.0", "11.4.0.106")
VERSION = VERSIONS[1]


def fuse_once():
    with load_backend("mm_lut", "tensorrt") as pipeline:
        return pipeline.fuse(smooth_pair(37, 53)).image


def plans(cache):
    return sorted(path.name for path in cache.glob("*.plan"))


def rejected(cache):
    return sorted(path.name for path in cache.glob("*.rejected"))


@pytest.mark.parametrize("backend", ["mm_lut", "hybrid"])
@pytest.mark.parametrize("version", VERSIONS)
def test_results_are_those_of_the_reference(machine_with, version, backend):
    machine_with(version)
    reference = load_backend(backend, "reference")
    with load_backend(backend, "tensorrt") as pipeline:
        assert pipeline.engine == "tensorrt"
        for pair in (noise_pair(1, 1), smooth_pair(61, 83), noise_pair(37, 53)):
            fused, expected = pipeline.fuse(pair), reference.fuse(pair)
            apart = np.abs(fused.image.astype(int) - expected.image)
            assert apart.max() <= tolerances.IMAGE_LEVELS
            assert apart.mean() <= tolerances.IMAGE_MEAN_LEVELS
            np.testing.assert_allclose(fused.guidance, expected.guidance, atol=tolerances.GUIDANCE)
            without = pipeline.fuse(pair, guidance=False)
            np.testing.assert_array_equal(without.image, fused.image)
            assert without.guidance is None


@pytest.mark.parametrize(
    ("version", "precision"), [("8.6.1", "fp32"), ("10.3.0", "fp16"), ("11.4.0.106", "fp16")]
)
def test_half_precision_is_built_where_types_come_from_the_file(machine_with, version, precision):
    machine = machine_with(version)
    fuse_once()
    assert machine.precisions == [precision]


def test_a_plan_is_built_once_and_then_loaded(machine_with, cache):
    machine = machine_with(VERSION)
    first, second = fuse_once(), fuse_once()
    np.testing.assert_array_equal(first, second)
    assert machine.builds == 1
    assert len(plans(cache)) == 1
    assert not list(cache.glob("*.part"))


def test_another_tensorrt_and_another_gpu_get_plans_of_their_own(machine_with, cache, cuda):
    machine_with("10.3.0")
    fuse_once()
    machine_with("11.4.0.106")
    fuse_once()
    cuda.name = b"NVIDIA Thor"
    fuse_once()
    assert len(plans(cache)) == 3
    assert machine_with("10.3.0").builds == 0
    assert not rejected(cache)


def test_another_model_gets_a_plan_of_its_own(machine_with, cache, tmp_path):
    machine_with(VERSION)
    fuse_once()
    from fusion_ros.backends.mm_lut.model import MmLutModel

    model = MmLutModel.load(resolve_model("mm_lut", None).path)
    MmLutModel(255 - model.table, model.layers).save(tmp_path / "other.npz")
    load_backend("mm_lut", "tensorrt", tmp_path / "other.npz").close()
    assert len(plans(cache)) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1000],
        lambda content: content[:5000] + b"?" + content[5001:],
        lambda content: b"",
        lambda content: content.replace(b"Orin", b"Nano", 1),
    ],
    ids=["cut short", "one byte changed", "empty", "of another GPU"],
)
def test_a_damaged_or_foreign_plan_is_set_aside_and_never_reaches_tensorrt(
    machine_with, cache, monkeypatch, damage
):
    machine = machine_with(VERSION)
    expected = fuse_once()
    (path,) = cache.glob("*.plan")
    path.write_bytes(damage(path.read_bytes()))
    monkeypatch.setattr(
        "engines.fake_tensorrt.Runtime.deserialize_cuda_engine",
        once_built(machine, "deserialize_cuda_engine"),
    )
    np.testing.assert_array_equal(fuse_once(), expected)
    assert machine.builds == 2
    assert rejected(cache) == [f"{path.name}.rejected"]
    assert plans(cache) == [path.name]


def once_built(machine, name):
    """A method of the fake runtime that insists on a second build having come before."""
    from engines.fake_tensorrt import Runtime

    original = getattr(Runtime, name)

    def checked(self, plan):
        assert machine.builds == 2, "the damaged plan reached TensorRT"
        return original(self, plan)

    return checked


def test_a_plan_that_tensorrt_refuses_is_set_aside_and_rebuilt(machine_with, cache):
    machine = machine_with(VERSION)
    fuse_once()
    machine.faults.add("deserialize")
    machine.on_build = machine.faults.clear
    fuse_once()
    assert machine.builds == 2
    assert len(rejected(cache)) == len(plans(cache)) == 1


def test_a_plan_whose_results_are_wrong_is_set_aside_and_rebuilt(machine_with, cache):
    machine = machine_with(VERSION)
    expected = fuse_once()
    machine.faults.add("results")
    machine.on_build = machine.faults.clear
    np.testing.assert_array_equal(fuse_once(), expected)
    assert len(rejected(cache)) == len(plans(cache)) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("parse", "In node 3: unsupported; In node 4"),
        ("profile", "use the profile"),
        ("build", "could not find any implementation"),
        ("deserialize", "not compatible"),
        ("context", "out of memory"),
        ("execute", "not all is set"),
        ("results", "not those of the reference"),
    ],
)
def test_what_tensorrt_cannot_do_is_an_error_with_its_reason(machine_with, cache, fault, reason):
    machine_with(VERSION).faults.add(fault)
    with pytest.raises(EngineUnavailableError, match=reason) as caught:
        load_backend("mm_lut", "tensorrt")
    assert "cpu" in caught.value.usable
    assert "tensorrt" not in caught.value.usable
    assert not plans(cache)


def test_objects_that_exist_without_a_working_cuda_are_not_touched(machine_with, cuda):
    machine_with(VERSION)
    from fusion_ros.engines.tensorrt_build import build_plan

    cuda.devices = 0
    with pytest.raises(DeviceError, match="CUDA initialization failure"):
        build_plan(b"", {})


def test_without_a_gpu_the_engine_is_refused_and_auto_takes_the_next(machine_with, cuda):
    machine_with(VERSION)
    cuda.devices = 0
    assert "tensorrt" not in usable_engines("mm_lut")
    with pytest.raises(EngineUnavailableError, match="no CUDA-capable device"):
        load_backend("mm_lut", "tensorrt")
    assert load_backend("mm_lut").engine == "cpu"


def test_two_that_start_at_once_build_once(machine_with):
    machine = machine_with(VERSION)
    both_started = threading.Barrier(2, timeout=20)
    images = []

    def start():
        both_started.wait()
        images.append(fuse_once())

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(images) == 2
    assert machine.builds == 1


def test_a_cache_that_cannot_be_written_is_no_failure(machine_with, tmp_path, monkeypatch, caplog):
    machine = machine_with(VERSION)
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FUSION_ROS_CACHE", str(tmp_path / "file"))
    fuse_once()
    assert machine.builds == 1
    assert "no cache for TensorRT plans" in caplog.text


def test_a_thread_other_than_the_one_that_loaded_may_fuse_and_close(machine_with):
    machine_with(VERSION)
    pipeline, images = load_backend("mm_lut", "tensorrt"), []

    def work():
        images.append(pipeline.fuse(smooth_pair(20, 30)).image)
        pipeline.close()
        pipeline.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    assert images[0].shape == (20, 30, 3)


def test_an_image_larger_than_the_plan_is_refused(machine_with):
    machine_with(VERSION)
    with (
        load_backend("mm_lut", "tensorrt") as pipeline,
        pytest.raises(ImageFormatError, match="3840x2160"),
    ):
        pipeline.fuse(noise_pair(1, 3841))


def test_a_frame_that_fails_does_not_spoil_the_next(machine_with):
    machine = machine_with(VERSION)
    pair = smooth_pair(20, 30)
    with load_backend("mm_lut", "tensorrt") as pipeline:
        expected = pipeline.fuse(pair).image
        machine.faults.add("execute")
        with pytest.raises(DeviceError, match="could not run the plan"):
            pipeline.fuse(pair)
        machine.faults.clear()
        np.testing.assert_array_equal(pipeline.fuse(pair).image, expected)
