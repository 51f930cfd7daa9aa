# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What the published hybrid must be: small, what its graphs are, and better than other fusions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import pytest

from fusion_ros import FramePair, load_backend
from fusion_ros.artifacts.model_store import resolve_model, shipped_graph
from fusion_ros.backends.graphs.graph_family import PRECISIONS
from fusion_ros.backends.hybrid.graphs import HYBRID_GRAPHS, NETWORK
from fusion_ros.backends.hybrid.guidance import guidance_map
from fusion_ros.backends.hybrid.model import HybridModel
from fusion_ros.core.luma import luma
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.means import mean_scores
from fusion_ros.metrics.registry import score
from fusion_ros.metrics.sources import fusion_sample
from fusion_ros.metrics.temporal.flicker import change_at_rest
from sample_images import DATA, needs_data

DOCUMENTS = Path(__file__).parents[2] / "docs"
LARGEST_BYTES = 2 * 2**20
VIDEO = "m3svd/val/0111_1753"


def shipped_model():
    return resolve_model("hybrid", None).path


def pairs(folder, every):
    from fusion_ros.core.image_folders import read_colour, read_grey

    names = sorted((DATA / folder / "vi").iterdir())[::every]
    found = [(read_colour(v), read_grey(DATA / folder / "ir" / f"{v.stem}.png")) for v in names]
    assert found
    return found


def scores(fuse, images):
    return mean_scores({
        str(number): score(fusion_sample(fuse(visible, thermal), visible, thermal))
        for number, (visible, thermal) in enumerate(images)
    })  # fmt: skip


def by_backend(name):
    pipeline = load_backend(name, "cpu")
    return lambda visible, thermal: pipeline.fuse(FramePair(visible, thermal), False).image


def by_baseline(name):
    return lambda visible, thermal: BASELINES[name](luma(visible), thermal)


@pytest.mark.parametrize("name", ["fp32", "fp16", NETWORK])
def test_model_and_graphs_are_small(name):
    assert shipped_model().stat().st_size < LARGEST_BYTES
    assert len(shipped_graph(shipped_model(), name)) < LARGEST_BYTES


def test_what_lies_far_away_hardly_matters_as_the_document_says():
    model, random = HybridModel.load(shipped_model()), np.random.default_rng(0)
    changes = []
    for grey, warm in ((40, 200), (120, 20), (60, 180), (200, 90)):
        flat = [np.full((64, 320), level, np.uint8) for level in (grey, warm)]
        other = [image.copy() for image in flat]
        for image in other:
            image[:, 160:] = random.integers(0, 256, (64, 160))
        changes.append(np.abs(guidance_map(model, *flat) - guidance_map(model, *other)).max(axis=0))
    by_distance = np.max(changes, axis=0)[159::-1]
    assert by_distance[0] > 0.1
    assert by_distance[60:].max() < 0.01
    assert by_distance[110:].max() == 0


@pytest.mark.parametrize("name", [*PRECISIONS, NETWORK])
def test_the_shipped_graph_is_the_export_of_the_shipped_model(name):
    assert shipped_graph(shipped_model(), name) == HYBRID_GRAPHS.export(shipped_model(), name)


def test_only_operators_that_were_looked_up_are_in_the_graph():
    """Each is in the list of TensorRT's parser, since 8.6."""
    graph = onnx.load_model_from_string(shipped_graph(shipped_model(), "fp16"))
    operators = {node.op_type for node in graph.graph.node}
    documented = set()
    for name in ("engines.md", "hybrid.md"):
        text = (DOCUMENTS / name).read_text(encoding="utf-8")
        documented |= set(re.findall(r"^\| `([A-Z]\w+)` \|", text, re.MULTILINE))
    assert operators <= documented
    assert [entry.version for entry in graph.opset_import] == [17]


@pytest.mark.parametrize(
    "folder", [pytest.param(name, marks=needs_data(name)) for name in ("roadscene/val", VIDEO)]
)
def test_its_reward_is_above_those_of_the_table_and_of_trivial_fusions(folder):
    images = pairs(folder, every=5)
    ours = scores(by_backend("hybrid"), images)["reward"]
    assert ours > scores(by_backend("mm_lut"), images)["reward"]
    for name in ("max", "lap", "avg"):
        assert ours > scores(by_baseline(name), images)["reward"]


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(name, marks=needs_data(f"medical/val/{name}"))
        for name in ("ct_mri", "pet_mri", "spect_mri")
    ],
)
def test_medical_images_keep_as_many_edges_as_in_the_maximum(folder):
    images = pairs(f"medical/val/{folder}", every=1)
    ours, maximum = scores(by_backend("hybrid"), images), scores(by_baseline("max"), images)
    assert ours["Qabf"] >= maximum["Qabf"]


@needs_data(VIDEO)
def test_what_is_still_flickers_less_than_by_a_pyramid_without_guidance():
    images = pairs(VIDEO, every=1)[:8]
    sources = [(luma(visible), thermal) for visible, thermal in images]
    changes = {}
    for name in ("hybrid", "laplacian"):
        fuse = by_backend(name)
        changes[name] = change_at_rest((luma(fuse(*pair)) for pair in images), iter(sources))
    assert changes["hybrid"] < changes["laplacian"]


@needs_data("roadscene/val")
def test_guidance_takes_low_and_high_values_in_every_picture():
    pipeline = load_backend("hybrid", "cpu")
    for visible, thermal in pairs("roadscene/val", every=6):
        guidance = pipeline.fuse(FramePair(visible, thermal)).guidance
        low, high = np.percentile(guidance, (5, 95))
        assert high - low > 0.5
