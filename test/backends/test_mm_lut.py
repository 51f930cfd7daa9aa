# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from fusion_ros import FramePair, load_backend
from fusion_ros.artifacts.model_store import resolve_model
from fusion_ros.backends.mm_lut.cpu import MmLutCpu
from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel
from fusion_ros.backends.mm_lut.reference import interpolate_simplex
from fusion_ros.backends.mm_lut.signals import context_signal, gradient_signal, upsample_context
from fusion_ros.core.frames import PreparedPair
from fusion_ros.core.luma import luma
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX
from fusion_ros.errors import ModelArtifactError
from sample_images import noise_pair, smooth_pair

ENGINES = ("cpu", "reference")


def shipped_model():
    return MmLutModel.load(resolve_model("mm_lut", None).path)


def receptive_reach_px(model):
    return CONTEXT_STRIDE_PX * (sum(layer.dilation for layer in model.layers) + 2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("make", [noise_pair, smooth_pair])
def test_no_pixel_leaves_the_range_of_its_sources(engine, make):
    pair = make(96, 128)
    fused = luma(load_backend("mm_lut", engine).fuse(pair).image).astype(int)
    visible, thermal = luma(pair.visible).astype(int), pair.thermal.astype(int)
    assert (fused >= np.minimum(visible, thermal) - 1).all()
    assert (fused <= np.maximum(visible, thermal) + 1).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_result_for_a_crop_is_the_crop_of_the_result(engine):
    reach = receptive_reach_px(shipped_model())
    pair = smooth_pair(4 * reach, 4 * reach)
    pipeline = load_backend("mm_lut", engine)
    whole = pipeline.fuse(pair).image
    crop = np.s_[40 : 40 + 3 * reach, 80 : 80 + 3 * reach]
    cropped = pipeline.fuse(FramePair(pair.visible[crop], pair.thermal[crop])).image
    inside = np.s_[reach:-reach, reach:-reach]
    np.testing.assert_array_equal(cropped[inside], whole[crop][inside])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_change_in_one_corner_leaves_the_opposite_corner_alone(engine):
    reach = receptive_reach_px(shipped_model())
    pair = smooth_pair(3 * reach, 3 * reach)
    pipeline = load_backend("mm_lut", engine)
    before = pipeline.fuse(pair).image
    thermal = pair.thermal.copy()
    thermal[:8, :8] = 255
    after = pipeline.fuse(FramePair(pair.visible, thermal)).image
    assert (after[:8, :8] != before[:8, :8]).any()
    np.testing.assert_array_equal(after[-reach:, -reach:], before[-reach:, -reach:])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_constant_scene_gives_a_constant_picture_up_to_the_border(engine):
    visible = np.full((50, 70, 3), 60, np.uint8)
    fused = load_backend("mm_lut", engine).fuse(
        FramePair(visible, np.full((50, 70), 180, np.uint8))
    )
    assert (fused.image == fused.image[0, 0]).all()
    assert np.ptp(fused.guidance) < 1e-6


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_sources_pass_through_unchanged(engine):
    ramp = np.tile(np.arange(256, dtype=np.uint8), (16, 1))
    visible = np.repeat(ramp[..., None], 3, axis=-1)
    fused = load_backend("mm_lut", engine).fuse(FramePair(visible, ramp))
    np.testing.assert_array_equal(fused.image, visible)


def test_the_last_node_is_reached_exactly_at_255():
    """A table that is 1 on its last thermal node only must give 1 there and nowhere else."""
    table = np.zeros((2, 2, 2, 17), np.uint8)
    table[..., -1] = 255
    ramp = np.arange(256) / 255
    weight = interpolate_simplex(table, (0 * ramp, 0 * ramp, 0 * ramp, ramp)) / 255
    assert weight[255] == 1.0
    assert weight[239] == 0.0
    assert (np.diff(weight[239:]) > 0).all()


def test_simplex_interpolation_is_exact_for_a_linear_table():
    nodes = [np.linspace(0, 1, count) for count in (5, 3, 4, 6)]
    grid = np.meshgrid(*nodes, indexing="ij")
    table = np.rint(20 * grid[0] + 60 * grid[1] + 90 * grid[2] + 30 * grid[3])
    signals = tuple(np.random.default_rng(0).random((4, 500)))
    expected = 20 * signals[0] + 60 * signals[1] + 90 * signals[2] + 30 * signals[3]
    found = interpolate_simplex(table.astype(np.uint8), signals)
    # The nodes were rounded to whole numbers.
    assert np.abs(found - expected).max() <= 0.5 + 1e-9


def test_a_flat_image_has_no_gradient_not_even_at_the_border():
    assert (gradient_signal(np.full((9, 9), 200, np.uint8)) == 0).all()


def test_upsampling_meets_block_centres_and_is_constant_outside():
    context = np.array([[0.0, 1.0]])
    row = upsample_context(context, 4, 8)[0]
    assert (row[:2] == 0).all()
    assert (row[6:] == 1).all()
    np.testing.assert_allclose(row[2:6], [0.125, 0.375, 0.625, 0.875])


def test_context_network_repeats_its_border_instead_of_zeros():
    layer = ContextLayer(np.ones((1, 4, 3, 3), np.float32), np.zeros(1, np.float32), 2)
    signal = context_signal(np.full((4, 6, 6), 0.01), (layer,))
    assert np.ptp(signal) < 1e-12


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_does_not_change_the_result(threads):
    path = resolve_model("mm_lut", None).path
    pair = noise_pair(123, 77)
    prepared = PreparedPair(pair.visible, pair.thermal)
    single, several = MmLutCpu(path, threads=1), MmLutCpu(path, threads=threads)
    expected, found = single.fuse(prepared, True), several.fuse(prepared, True)
    several.close()
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("nodes", [(2, 2, 2, 2), (17, 17, 17, 17), (17, 9, 5, 3)])
def test_tables_of_other_sizes_run_on_the_cpu_engine_as_on_the_reference(tmp_path, nodes):
    random = np.random.default_rng(0)
    layers = (
        ContextLayer(
            random.normal(0, 0.3, (5, 4, 3, 3)).astype(np.float32), np.zeros(5, np.float32), 3
        ),
        ContextLayer(
            random.normal(0, 0.3, (1, 5, 3, 3)).astype(np.float32), np.zeros(1, np.float32), 1
        ),
    )
    path = tmp_path / "model.npz"
    MmLutModel(random.integers(0, 256, nodes, dtype=np.uint8), layers).save(path)
    pair = smooth_pair(60, 90)
    images = [load_backend("mm_lut", engine, path).fuse(pair).image for engine in ENGINES]
    apart = np.abs(images[0].astype(int) - images[1])
    # A random table is as steep as can be; coordinates are rounded to 1/256 of a cell.
    assert apart.max() <= 4
    assert apart.mean() < 0.15


def test_saving_and_loading_gives_the_same_model(tmp_path):
    model = shipped_model()
    model.save(tmp_path / "copy.npz")
    again = MmLutModel.load(tmp_path / "copy.npz")
    np.testing.assert_array_equal(again.table, model.table)
    for ours, theirs in zip(again.layers, model.layers, strict=True):
        np.testing.assert_array_equal(ours.weight, theirs.weight)
        assert ours.dilation == theirs.dilation


def test_a_model_of_another_kind_is_refused(lutfuse_model):
    with pytest.raises(ModelArtifactError, match="MM-LUT table: expected uint8"):
        load_backend("mm_lut", model=lutfuse_model)


def test_a_network_that_does_not_fit_is_refused():
    table = np.zeros((2, 2, 2, 2), np.uint8)
    wrong = ContextLayer(np.zeros((1, 3, 3, 3), np.float32), np.zeros(1, np.float32), 1)
    with pytest.raises(ModelArtifactError, match="context layer 0"):
        MmLutModel(table, (wrong,))
    with pytest.raises(ModelArtifactError, match="end in 1 channel"):
        MmLutModel(table, ())


def test_the_shipped_table_is_small():
    model = shipped_model()
    assert max(model.table.shape) <= 17
    assert resolve_model("mm_lut", None).path.stat().st_size < 200_000
