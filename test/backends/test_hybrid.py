# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import tracemalloc

import numpy as np
import onnx
import pytest
from onnxruntime import get_available_providers

import tolerances
from fusion_ros import FramePair, load_backend
from fusion_ros.artifacts.tensor_file import read_tensors, write_tensors
from fusion_ros.backends import registry
from fusion_ros.backends.block_grid import block_features, enlarge
from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.graphs.graph_runner import GraphRunner
from fusion_ros.backends.graphs.parity import probe_pair
from fusion_ros.backends.hybrid.cpu import HybridCpu
from fusion_ros.backends.hybrid.cuda import HybridCuda
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS, NETWORK
from fusion_ros.backends.hybrid.guidance import guidance_map
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.backends.hybrid.reference import HybridReference
from fusion_ros.backends.registry import usable_engines
from fusion_ros.core.luma import luma
from fusion_ros.engines import onnx_session
from fusion_ros.errors import DeviceError, EngineUnavailableError, ModelArtifactError
from sample_images import noise_pair, smooth_pair
from sample_models import constant_hybrid, random_hybrid

ENGINES = ("cpu", "onnxruntime", "reference")
MODELS = [(4, (5, 6, 7)), (4, (8,)), (2, (4, 8)), (2, (3, 5, 7, 9))]


@pytest.fixture
def save(tmp_path):
    def saved(model):
        model.save(tmp_path / "model.safetensors")
        return tmp_path / "model.safetensors"

    return saved


def sources(pair):
    return luma(pair.visible).astype(int), pair.thermal.astype(int)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("weight", [0.25, 0.75])
def test_a_network_that_says_the_same_everywhere_is_a_plain_blend(engine, weight, save):
    pair = smooth_pair(61, 83)
    visible, thermal = sources(pair)
    fused = load_backend("hybrid", engine, save(constant_hybrid(weight))).fuse(pair)
    expected = np.floor(visible + weight * (thermal - visible) + 0.5)
    change = np.clip(pair.visible + (expected - visible)[..., None], 0, 255)
    np.testing.assert_allclose(fused.guidance, weight, atol=1e-6)
    assert np.abs(fused.image - change).max() <= 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("make", [noise_pair, smooth_pair])
def test_whatever_the_network_says_no_pixel_leaves_its_sources_nearby(engine, make, save):
    pair = make(96, 128)
    fused = luma(load_backend("hybrid", engine, save(random_hybrid())).fuse(pair).image)
    padded = np.pad(np.stack(sources(pair)), ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    lowest, highest = around.min(axis=(0, 3, 4)), around.max(axis=(0, 3, 4))
    assert (fused >= lowest - 1).all()
    assert (fused <= highest + 1).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_sources_pass_through_unchanged(engine, save):
    ramp = np.tile(np.arange(256, dtype=np.uint8), (32, 1))
    visible = np.repeat(ramp[..., None], 3, axis=-1)
    fused = load_backend("hybrid", engine, save(random_hybrid())).fuse(FramePair(visible, ramp))
    np.testing.assert_array_equal(fused.image, visible)


@pytest.mark.parametrize("engine", ENGINES)
def test_colours_are_kept(engine, save):
    """The change is the same in all channels, so their differences stay."""
    pair = smooth_pair(48, 64)
    visible = 64 + pair.visible // 2
    pair = FramePair(visible, np.full((48, 64), 120, np.uint8))
    fused = load_backend("hybrid", engine, save(random_hybrid())).fuse(pair).image.astype(int)
    inside = ((fused > 0) & (fused < 255)).all(axis=-1)
    assert inside.mean() > 0.9
    before, after = np.diff(visible.astype(int)), np.diff(fused)
    np.testing.assert_array_equal(after[inside], before[inside])


@pytest.mark.parametrize(("stride_px", "widths"), MODELS)
@pytest.mark.parametrize("size", [(1, 1), (2, 5), (3, 3), (16, 32), (61, 83)])
def test_networks_of_all_sizes_run_alike_on_all_engines(stride_px, widths, size, save):
    path = save(random_hybrid(1, stride_px, widths))
    pair = probe_pair(*size)
    expected = HybridReference(path).fuse(pair, True)
    for engine in (HybridCpu(path), GraphRunner(HYBRID_GRAPHS.graph(path, "fp32"))):
        image, guidance = engine.fuse(pair, True)
        engine.close()
        apart = np.abs(image.astype(int) - expected[0])
        assert apart.max() <= tolerances.IMAGE_LEVELS
        assert apart.mean() <= tolerances.FLOAT32_MEAN_LEVELS
        np.testing.assert_allclose(guidance, expected[1], atol=tolerances.FLOAT32_GUIDANCE)


@pytest.mark.parametrize("threads", [2, 5])
def test_the_number_of_threads_does_not_change_the_result(threads, save):
    path, pair = save(random_hybrid()), probe_pair(123, 77)
    single, several = HybridCpu(path, threads=1), HybridCpu(path, threads=threads)
    expected, found = single.fuse(pair, True), several.fuse(pair, True)
    single.close()
    several.close()
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


def test_a_frame_allocates_its_result_and_nothing_else_of_its_size(save):
    backend, pair = HybridCpu(save(random_hybrid()), threads=1), probe_pair(480, 640)
    backend.fuse(pair, False)
    tracemalloc.start()
    backend.fuse(pair, False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    outputs_of_blocks = 2 * 4 * 120 * 160
    assert peak < pair.visible.nbytes + outputs_of_blocks + 100_000


@pytest.mark.parametrize("engine", ENGINES)
def test_the_result_for_a_crop_is_the_crop_of_the_result(engine, save):
    """No statistic of the frame enters, so far from the border nothing changes."""
    pipeline = load_backend("hybrid", engine, save(random_hybrid()))
    pair = smooth_pair(320, 320)
    crop = np.s_[32:288, 48:304]
    whole = pipeline.fuse(pair).image[crop].astype(int)
    cropped = pipeline.fuse(FramePair(pair.visible[crop], pair.thermal[crop])).image
    inside = np.s_[96:-96, 96:-96]
    assert np.abs(cropped[inside] - whole[inside]).max() <= 1


@pytest.mark.skipif("CUDAExecutionProvider" in get_available_providers(), reason="CUDA is there")
def test_the_engine_for_a_gpu_does_not_quietly_run_on_the_cpu(save):
    with pytest.raises(DeviceError, match="runs on the CPU"):
        HybridCuda(save(random_hybrid()))


def test_guidance_is_interpolated_between_centres_of_blocks():
    row = enlarge(np.array([[[0.0, 1.0]]]), 4, (4, 8))[0, 0]
    np.testing.assert_allclose(row, [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1])


def test_blocks_beyond_the_border_repeat_the_last_pixels():
    image = np.arange(20, dtype=np.uint8).reshape(4, 5)
    features = block_features(image, image, 4, 8)
    assert features.shape == (4, 2, 2)
    np.testing.assert_allclose(features[0, 0, 1], image[:, 4].mean() / 255)
    np.testing.assert_allclose(features[1, 1, 1], image[3, 4] / 255)


def test_thermal_light_over_darkness_raises_the_guidance():
    """The gain is in logits for each level of contrast."""
    model = constant_hybrid(0.5)
    model.head.bias[1] = 0.1
    dark, light = np.full((8, 8), 10, np.uint8), np.full((8, 8), 40, np.uint8)
    np.testing.assert_allclose(guidance_map(model, dark, light), 1 / (1 + np.exp(-3)))
    np.testing.assert_allclose(guidance_map(model, light, dark), 1 / (1 + np.exp(3)))


def test_the_head_sees_the_features_themselves():
    model = constant_hybrid(0.5)
    model.head.weight[0, -4:, 0, 0] = -30, 0, 30, 0
    dark, light = np.full((8, 8), 51, np.uint8), np.full((8, 8), 102, np.uint8)
    np.testing.assert_allclose(guidance_map(model, dark, light), 1 / (1 + np.exp(-6)))
    np.testing.assert_allclose(guidance_map(model, light, dark), 1 / (1 + np.exp(6)))


@pytest.mark.parametrize("name", [*PRECISIONS, NETWORK])
def test_an_export_is_the_same_to_the_byte_every_time(name, save):
    path = save(random_hybrid())
    graph = HYBRID_GRAPHS.export(path, name)
    assert graph == HYBRID_GRAPHS.export(path, name)
    onnx.checker.check_model(onnx.load_from_string(graph), full_check=True)


@pytest.mark.parametrize("name", PRECISIONS)
def test_graphs_are_what_the_reference_computes(name, save):
    path, pair = save(random_hybrid()), probe_pair(61, 83)
    image, _ = GraphRunner(HYBRID_GRAPHS.export(path, name)).fuse(pair, False)
    apart = np.abs(image.astype(int) - HybridReference(path).fuse(pair, False)[0])
    assert apart.max() <= tolerances.IMAGE_LEVELS
    assert apart.mean() <= {"fp32": tolerances.FLOAT32_MEAN_LEVELS}.get(
        name, tolerances.FLOAT16_MEAN_LEVELS
    )


def test_a_model_is_the_same_after_it_was_kept(save):
    model = random_hybrid(3, 2, (4, 6))
    again = HybridModel.load(save(model))
    assert again.stride_px == 2
    for kept, made in zip(again.down + again.up, model.down + model.up, strict=True):
        for one, other in zip(kept, made, strict=True):
            np.testing.assert_array_equal(one.weight, other.weight)
            np.testing.assert_array_equal(one.bias, other.bias)


def test_files_that_are_no_model_are_refused_with_what_to_do(tmp_path):
    path = tmp_path / "other.safetensors"
    with pytest.raises(ModelArtifactError, match="safetensors file"):
        HybridModel.load(path)
    path.write_bytes(b"not a model")
    with pytest.raises(ModelArtifactError, match="safetensors file"):
        HybridModel.load(path)
    write_tensors(path, {"x": np.zeros(3, np.float32)}, {})
    with pytest.raises(ModelArtifactError, match="fusion_ros train hybrid"):
        HybridModel.load(path)


def test_a_file_that_lacks_a_tensor_says_which_and_what_to_do(save, tmp_path):
    tensors, facts = read_tensors(save(random_hybrid()))
    del tensors["up.0.1.bias"]
    write_tensors(tmp_path / "cut.safetensors", tensors, facts)
    with pytest.raises(ModelArtifactError, match=r"'up\.0\.1\.bias' is missing; .*train hybrid"):
        HybridModel.load(tmp_path / "cut.safetensors")


def test_a_broken_onnx_runtime_leaves_the_engines_that_need_none(monkeypatch):
    def broken():
        raise ImportError("built for another NumPy")

    monkeypatch.setattr(registry, "missing_device", lambda: "")
    monkeypatch.setattr(onnx_session, "missing_cuda", broken)
    assert "cuda" not in usable_engines("hybrid")
    with pytest.raises(EngineUnavailableError, match="built for another NumPy"):
        load_backend("hybrid", "cuda")
    with load_backend("hybrid", "reference") as pipeline:
        assert pipeline.engine == "reference"


def test_models_of_wrong_shapes_or_values_are_refused(save):
    model = random_hybrid()
    with pytest.raises(ModelArtifactError, match="one level less"):
        HybridModel(4, model.down, model.up[:-1], model.head)
    with pytest.raises(ModelArtifactError, match="blocks of"):
        HybridModel(3, model.down, model.up, model.head)
    with pytest.raises(ModelArtifactError, match=r"up\.0\.0 of shape"):
        HybridModel(4, model.down, model.up[::-1], model.head)
    model.head.bias[0] = np.nan
    with pytest.raises(ModelArtifactError, match="not finite"):
        HybridModel(4, model.down, model.up, model.head)
