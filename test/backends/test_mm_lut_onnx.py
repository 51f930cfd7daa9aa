# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The ONNX graph of MM-LUT: what it computes, and what it is made of."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

import tolerances
from fusion_ros import FramePair, load_backend
from fusion_ros.artifacts.model_store import resolve_model, shipped_graph
from fusion_ros.backends.graphs import graph_family
from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.mm_lut.graphs import MM_LUT_GRAPHS
from fusion_ros.backends.mm_lut.model import ContextLayer, MmLutModel
from fusion_ros.backends.mm_lut.reference import MmLutReference
from fusion_ros.core.frames import PreparedPair
from fusion_ros.errors import ModelArtifactError
from sample_images import DATA, needs_data, noise_pair, smooth_pair

DOCUMENT = Path(__file__).parents[2] / "docs" / "engines.md"
MEAN_LEVELS = {"fp32": tolerances.FLOAT32_MEAN_LEVELS, "fp16": tolerances.FLOAT16_MEAN_LEVELS}
# The graph as it is written, and as ONNX Runtime rewrites it.
LEVELS = (
    onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
    onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
)


def shipped_model():
    return resolve_model("mm_lut", None).path


def random_model(path, nodes=(17, 9, 5, 3)):
    random = np.random.default_rng(0)
    layers = (
        ContextLayer(
            random.normal(0, 0.3, (5, 4, 3, 3)).astype(np.float32), np.zeros(5, np.float32), 3
        ),
        ContextLayer(
            random.normal(0, 0.3, (1, 5, 3, 3)).astype(np.float32), np.zeros(1, np.float32), 1
        ),
    )
    MmLutModel(random.integers(0, 256, nodes, dtype=np.uint8), layers).save(path)
    return path


def run_graph(graph, pair, level=LEVELS[-1]):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return session.run(["fused", "weight"], {"visible": pair.visible, "thermal": pair.thermal})


def distances(model_path, graph, pair, level=LEVELS[-1]):
    """Differences of the image [grey levels] and of the weight from the reference."""
    prepared = PreparedPair(pair.visible, pair.thermal)
    image, weight = MmLutReference(model_path).fuse(prepared, True)
    fused, found = run_graph(graph, pair, level)
    return np.abs(fused.astype(int) - image), np.abs(found - weight)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_shipped_graph_is_the_export_of_the_shipped_model(precision):
    shipped = shipped_graph(shipped_model(), precision)
    assert shipped is not None, "models/manifest.yaml names no graph of this model"
    exported = MM_LUT_GRAPHS.export(shipped_model(), precision)
    same = onnx.load_model_from_string(shipped) == onnx.load_model_from_string(exported)
    assert same, (
        f"run: fusion_ros export -o models/mm_lut.{precision}.onnx --precision {precision}, "
        f"and write its checksum into models/manifest.yaml"
    )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize(
    ("height", "width"), [(1, 1), (1, 9), (7, 1), (2, 3), (5, 6), (37, 53), (61, 128), (480, 640)]
)
def test_any_size_agrees_with_the_reference(precision, level, height, width):
    graph = MM_LUT_GRAPHS.graph(shipped_model(), precision)
    for pair in (smooth_pair(height, width), noise_pair(height, width)):
        levels, weights = distances(shipped_model(), graph, pair, level)
        assert levels.max() <= tolerances.IMAGE_LEVELS
        assert levels.mean() <= MEAN_LEVELS[precision]
        assert weights.max() <= tolerances.GUIDANCE


@needs_data("roadscene/val")
@pytest.mark.parametrize("precision", PRECISIONS)
def test_photographs_agree_with_the_reference(precision):
    graph = MM_LUT_GRAPHS.graph(shipped_model(), precision)
    folder = DATA / "roadscene" / "val"
    for path in sorted((folder / "ir").iterdir())[:5]:
        visible = cv2.imread(str(folder / "vi" / f"{path.stem}.jpg"))
        pair = FramePair(visible, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
        levels, _ = distances(shipped_model(), graph, pair)
        assert levels.max() <= tolerances.IMAGE_LEVELS
        assert levels.mean() <= MEAN_LEVELS[precision]


@pytest.mark.parametrize("nodes", [(2, 2, 2, 2), (17, 17, 17, 17), (17, 9, 5, 3)])
def test_tables_of_other_sizes_agree_with_the_reference(tmp_path, nodes):
    model = random_model(tmp_path / "model.npz", nodes)
    for pair in (smooth_pair(61, 83), noise_pair(61, 83)):
        levels, weights = distances(model, MM_LUT_GRAPHS.export(model, "fp32"), pair)
        # A random table is as steep as can be.
        assert levels.max() <= tolerances.IMAGE_LEVELS
        assert weights.max() <= 1e-3


def test_values_on_nodes_and_equal_fractions_agree_with_the_reference(tmp_path):
    """Luma and thermal on the same and on all nodes, where corners coincide."""
    model = random_model(tmp_path / "model.npz", (6, 2, 2, 6))
    grey, thermal = np.meshgrid(np.arange(0, 256, 3, np.uint8), np.arange(0, 256, 3, np.uint8))
    pair = FramePair(np.repeat(grey[..., None], 3, axis=-1), np.ascontiguousarray(thermal))
    levels, weights = distances(model, MM_LUT_GRAPHS.export(model, "fp32"), pair)
    assert levels.max() <= tolerances.IMAGE_LEVELS
    assert weights.max() <= 1e-5


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("heat", [0, 255])
def test_the_ends_of_the_scales_stay_inside_the_table(level, heat):
    pair = FramePair(np.full((9, 9, 3), level, np.uint8), np.full((9, 9), heat, np.uint8))
    levels, _ = distances(shipped_model(), MM_LUT_GRAPHS.graph(shipped_model(), "fp32"), pair)
    assert levels.max() == 0


def test_no_pixel_leaves_the_range_of_its_sources():
    pair = noise_pair(96, 128)
    fused, _ = run_graph(MM_LUT_GRAPHS.graph(shipped_model(), "fp16"), pair)
    change = fused.astype(int) - pair.visible
    towards = pair.thermal.astype(int)[..., None] - pair.visible
    unclipped = (fused > 0).all(-1) & (fused < 255).all(-1)
    assert np.ptp(change[unclipped], axis=-1).max() == 0, "chroma is kept"
    assert (np.abs(change).max(-1) <= np.abs(towards).max(-1) + 1).all()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_interface_is_two_images_in_and_image_and_weight_out_of_any_size(precision):
    model = onnx.load_model_from_string(MM_LUT_GRAPHS.graph(shipped_model(), precision))
    values = {
        value.name: (
            onnx.helper.tensor_dtype_to_np_dtype(value.type.tensor_type.elem_type).name,
            [axis.dim_param or axis.dim_value for axis in value.type.tensor_type.shape.dim],
        )
        for value in (*model.graph.input, *model.graph.output)
    }
    assert values == {
        "visible": ("uint8", ["height", "width", 3]),
        "thermal": ("uint8", ["height", "width"]),
        "fused": ("uint8", ["height", "width", 3]),
        "weight": ("float32", ["height", "width"]),
    }
    properties = {entry.key: entry.value for entry in model.metadata_props}
    assert properties["precision"] == precision
    assert resolve_model("mm_lut", None).model_id.endswith(properties["model_sha256"][:12])


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_graph_holds_what_every_tensorrt_since_8_6_reads(precision):
    model = onnx.load_model_from_string(MM_LUT_GRAPHS.graph(shipped_model(), precision))
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    assert model.ir_version == 8
    assert not model.functions
    operators = {node.op_type for node in model.graph.node}
    documented = re.findall(
        r"^\| `([A-Z]\w+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert operators == set(documented), "docs/engines.md lists the operators that were looked up"
    # Bytes are for the border of the graph only: whatever reads or makes one is a conversion.
    for node in model.graph.node:
        if {"visible", "thermal"} & set(node.input):
            assert node.op_type == "Cast"


def test_half_precision_is_in_the_context_network_only():
    model = onnx.load_model_from_string(MM_LUT_GRAPHS.graph(shipped_model(), "fp16"))
    shapes = onnx.shape_inference.infer_shapes(model)
    half = {
        value.name
        for value in shapes.graph.value_info
        if value.type.tensor_type.elem_type == onnx.TensorProto.FLOAT16
    }
    makers = {node.op_type for node in model.graph.node if half & set(node.output)}
    assert makers == {"Cast", "Pad", "Conv", "LeakyRelu", "Sigmoid"}


def test_an_export_is_the_same_to_the_byte_every_time():
    assert MM_LUT_GRAPHS.export(shipped_model(), "fp16") == MM_LUT_GRAPHS.export(
        shipped_model(), "fp16"
    )


def test_a_users_own_model_runs_on_onnx_runtime(tmp_path):
    path = random_model(tmp_path / "own.npz")
    pair = smooth_pair(40, 50)
    with (
        load_backend("mm_lut", "onnxruntime", path) as pipeline,
        load_backend("mm_lut", "reference", path) as reference,
    ):
        apart = np.abs(pipeline.fuse(pair).image.astype(int) - reference.fuse(pair).image)
    assert apart.max() <= tolerances.IMAGE_LEVELS


def test_a_users_own_model_says_what_is_missing_to_export_it(tmp_path, monkeypatch):
    path = random_model(tmp_path / "own.npz")
    monkeypatch.setattr(graph_family.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelArtifactError, match=r"\.\[export\]"):
        MM_LUT_GRAPHS.graph(path, "fp32")
    assert MM_LUT_GRAPHS.graph(shipped_model(), "fp32"), "the shipped model needs no export"
