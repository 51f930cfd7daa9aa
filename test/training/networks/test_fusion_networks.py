# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What all networks that can be trained have in common, and how they are kept."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.artifacts.array_file import read_arrays, write_arrays  # noqa: E402
from fusion_ros.errors import ConfigError, ModelArtifactError  # noqa: E402
from fusion_ros.training.network_shapes import (  # noqa: E402
    HybridShape,
    MmLutShape,
    MmNetShape,
    PaperUnetShape,
    TinyCnnShape,
)
from fusion_ros.training.network_validation import fuse_pair  # noqa: E402
from fusion_ros.training.networks.network_file import load_network, save_network  # noqa: E402
from fusion_ros.training.networks.registry import NETWORKS, parameter_groups  # noqa: E402
from fusion_ros.training.networks.tiny_cnn import TinyCnn  # noqa: E402
from fusion_ros.training.training_config import read_config  # noqa: E402

REPOSITORY = Path(__file__).resolve().parents[3]
SMALL = {
    "hybrid": HybridShape(4, (4, 5, 6), 8.0, normalized=True),
    "hybrid-unet": PaperUnetShape((4, 6, 6)),
    "mm-lut": MmLutShape((5, 3, 4, 6), 8.0, 3, (1, 2, 1)),
    "mm-net": MmNetShape((4, 6), 3, 8.0),
    "rival": TinyCnnShape(4, "weight", 8.0),
}


@pytest.fixture(params=NETWORKS)
def kind(request):
    return request.param


@pytest.fixture
def network(kind):
    torch.manual_seed(0)
    network = NETWORKS[kind].build(SMALL[kind])
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return network


def crops(side=32):
    torch.manual_seed(1)
    return torch.randint(256, (2, 2, side, side)).float()


def test_the_fused_grey_has_the_shape_of_the_sources_and_lies_between_them(network, kind):
    luma, thermal = crops()
    with torch.no_grad():
        fused = network(luma, thermal)
    assert fused.shape == luma.shape
    # A pyramid's result lies in the range of the 3x3 pixels around, the others' in each pixel's.
    side = 3 if kind.startswith("hybrid") else 1
    around = torch.nn.MaxPool2d(side, stride=1, padding=side // 2)
    assert bool((fused >= -around(-torch.minimum(luma, thermal)) - 1e-3).all())
    assert bool((fused <= around(torch.maximum(luma, thermal)) + 1e-3).all())


def test_every_parameter_takes_part(network):
    network(*crops()).square().mean().backward()
    for name, parameter in network.named_parameters():
        assert float(parameter.grad.abs().max()) > 0, name


@pytest.mark.parametrize("kind", sorted(set(NETWORKS) - {"hybrid-unet"}))
def test_untrained_it_prefers_the_brighter_source(kind):
    network = NETWORKS[kind].build(SMALL[kind])
    dark, bright = torch.full((1, 32, 32), 30.0), torch.full((1, 32, 32), 200.0)
    with torch.no_grad():
        for luma, thermal in ((dark, bright), (bright, dark)):
            assert float(network(luma, thermal).mean()) > 150


def cut(pair, height, width):
    visible, luma, thermal = (
        image[:height, :width] for image in (pair.visible, pair.luma, pair.thermal)
    )
    return dataclasses.replace(pair, visible=visible, luma=luma, thermal=thermal)


def test_images_of_any_size_are_fused(network, pairs):
    assert fuse_pair(network, cut(pairs[0], 61, 77)).shape == (61, 77, 3)


def test_images_that_are_lower_than_the_levels_are_deep_are_fused(pairs):
    network = NETWORKS["hybrid-unet"].build(PaperUnetShape((2, 2, 2, 2, 2))).eval()
    assert network.multiple_px == 16
    for size in ((12, 40), (1, 1)):
        assert fuse_pair(network, cut(pairs[0], *size)).shape == (*size, 3)


def test_the_published_configuration_can_be_built(kind):
    path = REPOSITORY / NETWORKS[kind].config
    config = read_config(path, NETWORKS[kind].shape)
    network = NETWORKS[kind].build(config.network)
    groups = parameter_groups(network, config.optimization.rates)
    assert sum(len(group["params"]) for group in groups) == len(list(network.parameters()))


def test_the_teacher_has_the_size_of_a_small_network():
    config = read_config(REPOSITORY / NETWORKS["mm-net"].config, MmNetShape)
    count = sum(p.numel() for p in NETWORKS["mm-net"].build(config.network).parameters())
    assert 200_000 < count < 500_000


def test_the_network_of_the_hybrid_paper_has_its_size():
    """The paper's second output, which its loss does not use, has 65 parameters."""
    config = read_config(REPOSITORY / NETWORKS["hybrid-unet"].config, PaperUnetShape)
    count = sum(p.numel() for p in NETWORKS["hybrid-unet"].build(config.network).parameters())
    assert count + 65 == 17_262_466


def test_the_rival_has_113_parameters():
    assert sum(p.numel() for p in TinyCnn(TinyCnnShape(4, "value", 8.0)).parameters()) == 113


def test_a_value_that_was_clipped_can_come_back():
    network = TinyCnn(TinyCnnShape(4, "value", 8.0))
    torch.nn.init.constant_(network.second.bias, 3.0)
    fused = network(*crops())
    assert fused.max().item() <= 255
    fused.mean().backward()
    assert float(network.second.bias.grad) > 0


def test_a_rate_is_needed_for_each_group(network):
    with pytest.raises(ConfigError, match=r"optimization\.rates"):
        parameter_groups(network, {"tables": 0.1})


def test_a_saved_network_fuses_alike(network, kind, tmp_path):
    network.eval()
    save_network(tmp_path / "network.npz", kind, SMALL[kind], network)
    again = load_network(tmp_path / "network.npz", kind)
    with torch.no_grad():
        assert torch.equal(again(*crops()), network(*crops()))


def test_a_file_of_another_kind_and_a_damaged_one_are_errors(tmp_path):
    path = tmp_path / "network.npz"
    rival = SMALL["rival"]
    save_network(path, "rival", rival, NETWORKS["rival"].build(rival))
    with pytest.raises(ModelArtifactError, match=r"train mm-net.*got rival"):
        load_network(path, "mm-net")
    arrays = read_arrays(path)
    del arrays["parameter.first.bias"]
    write_arrays(path, arrays)
    with pytest.raises(ModelArtifactError, match="damaged"):
        load_network(path, "rival")
    write_arrays(path, {"table": np.zeros(3)})
    with pytest.raises(ModelArtifactError, match="got no network"):
        load_network(path, "rival")
