# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What every backend must do on every engine that can run here."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import tolerances
from fusion_ros import FramePair, load_backend
from fusion_ros.backends.registry import AUTO_ORDER, BACKENDS, usable_engines
from fusion_ros.errors import ConfigError, EngineUnavailableError, ImageFormatError
from sample_images import noise_pair, smooth_pair

COMBINATIONS = [(backend, engine) for backend in BACKENDS for engine in usable_engines(backend)]
SIZES = [(1, 1), (1, 9), (7, 1), (2, 3), (16, 16), (37, 53), (61, 128)]


@pytest.fixture
def model_of(lutfuse_model):
    return lambda backend: lutfuse_model if backend == "lutfuse" else None


@pytest.fixture(params=COMBINATIONS, ids="-".join)
def pipeline(request, model_of):
    backend, engine = request.param
    with load_backend(backend, engine, model_of(backend)) as loaded:
        yield loaded


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_any_size_gives_an_image_and_guidance_of_that_size(pipeline, height, width):
    fused = pipeline.fuse(noise_pair(height, width))
    assert fused.image.shape == (height, width, 3)
    assert fused.image.dtype == np.uint8
    assert fused.guidance.shape == (height, width)
    assert fused.guidance.dtype == np.float32
    assert 0.0 <= fused.guidance.min() <= fused.guidance.max() <= 1.0
    assert list(fused.timings_ms) == ["prepare", "fuse"]


def test_the_same_pair_gives_the_same_bytes(pipeline):
    pair = smooth_pair(48, 64)
    first, second = pipeline.fuse(pair), pipeline.fuse(pair)
    assert first.image.tobytes() == second.image.tobytes()
    assert first.guidance.tobytes() == second.guidance.tobytes()


def test_inputs_are_not_modified_and_results_are_not_overwritten(pipeline):
    pair, other = smooth_pair(48, 64), noise_pair(48, 64)
    visible, thermal = pair.visible.copy(), pair.thermal.copy()
    first = pipeline.fuse(pair)
    kept = first.image.copy(), first.guidance.copy()
    pipeline.fuse(other)
    np.testing.assert_array_equal(pair.visible, visible)
    np.testing.assert_array_equal(pair.thermal, thermal)
    np.testing.assert_array_equal(first.image, kept[0])
    np.testing.assert_array_equal(first.guidance, kept[1])


def test_the_image_does_not_depend_on_whether_guidance_is_wanted(pipeline):
    pair = smooth_pair(48, 64)
    without = pipeline.fuse(pair, guidance=False)
    assert without.guidance is None
    np.testing.assert_array_equal(without.image, pipeline.fuse(pair).image)


def test_sizes_may_change_from_frame_to_frame(pipeline):
    small, large = smooth_pair(24, 32), smooth_pair(61, 47)
    expected = pipeline.fuse(small).image
    pipeline.fuse(large)
    np.testing.assert_array_equal(pipeline.fuse(small).image, expected)


def test_engines_agree_with_the_reference(pipeline, model_of):
    with load_backend(pipeline.name, "reference", model_of(pipeline.name)) as reference:
        for pair in (smooth_pair(61, 83), noise_pair(61, 83)):
            fused, expected = pipeline.fuse(pair), reference.fuse(pair)
            apart = np.abs(fused.image.astype(int) - expected.image)
            assert apart.max() <= tolerances.IMAGE_LEVELS
            assert apart.mean() <= tolerances.IMAGE_MEAN_LEVELS or pipeline.name == "average"
            if pipeline.name in ("mm_lut", "hybrid", "average"):
                np.testing.assert_allclose(
                    fused.guidance, expected.guidance, atol=tolerances.GUIDANCE
                )


def test_padded_rows_and_read_only_images_are_accepted(pipeline):
    pair = smooth_pair(48, 64)
    padded = np.zeros((48, 80, 3), np.uint8)
    padded[:, :64] = pair.visible
    thermal = pair.thermal.copy()
    thermal.flags.writeable = False
    fused = pipeline.fuse(FramePair(padded[:, :64], thermal))
    np.testing.assert_array_equal(fused.image, pipeline.fuse(pair).image)


def test_sixteen_bit_thermal_is_accepted(pipeline):
    pair = smooth_pair(48, 64)
    counts = pair.thermal.astype(np.uint16) * 16 + 28_000
    assert pipeline.fuse(FramePair(pair.visible, counts)).image.shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("visible", "thermal", "complaint"),
    [
        (np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.uint8), "visible image: expected"),
        (np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8), "float32"),
        (np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4), np.uint8), "non-empty"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4, 3), np.uint8), "lost its temperatures"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 4), np.float64), "float64"),
        (None, np.zeros((4, 4), np.uint8), "NoneType"),
    ],
)
def test_unusable_images_are_refused_by_name(pipeline, visible, thermal, complaint):
    with pytest.raises(ImageFormatError, match=complaint):
        pipeline.fuse(FramePair(visible, thermal))


def test_closing_twice_is_harmless_and_ends_the_threads(model_of, pipeline):
    pipeline.close()
    pipeline.close()
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("fusion_band")]


def test_an_engine_that_cannot_run_is_refused_and_the_usable_ones_are_named():
    with pytest.raises(EngineUnavailableError, match="cpu") as caught:
        load_backend("mm_lut", "torch")
    assert "cpu" in caught.value.usable


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="mm_lut"):
        load_backend("nonsense")
    with pytest.raises(ConfigError, match="auto"):
        load_backend("mm_lut", "nonsense")


def test_auto_never_chooses_torch_and_says_what_it_chose(lutfuse_model):
    assert load_backend("mm_lut").engine in AUTO_ORDER
    assert load_backend("lutfuse", model=lutfuse_model).engine == "reference"
