# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The hybrid in PyTorch is the one that is deployed."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.backends.graphs.parity import probe_pair  # noqa: E402
from fusion_ros.backends.hybrid.guidance import guidance_map  # noqa: E402
from fusion_ros.backends.hybrid.pyramid import fuse_by_guidance  # noqa: E402
from fusion_ros.core.luma import luma  # noqa: E402
from fusion_ros.training.network_shapes import HybridShape  # noqa: E402
from fusion_ros.training.networks import pyramid  # noqa: E402
from fusion_ros.training.networks.guidance_network import HybridNetwork  # noqa: E402
from sample_models import random_hybrid  # noqa: E402

SIZES = [(1, 1), (2, 5), (16, 32), (61, 83)]


def batch(image):
    return torch.from_numpy(image.astype(np.float32))[None]


@pytest.mark.parametrize("size", SIZES)
def test_the_pyramid_is_the_reference(size):
    random = np.random.default_rng(0)
    first, second = random.integers(0, 256, (2, *size), dtype=np.uint8)
    guidance = random.random(size)
    found = pyramid.fuse_by_guidance(
        *(torch.from_numpy(image.astype(np.float64))[None] for image in (first, second, guidance))
    )
    expected = fuse_by_guidance(first, second, guidance)
    np.testing.assert_allclose(found[0].numpy(), expected, atol=1e-10)


def test_what_was_fused_without_gradients_can_be_trained_on():
    luma, thermal, guidance = torch.rand(3, 1, 38, 46)
    with torch.inference_mode():
        pyramid.fuse_by_guidance(luma, thermal, guidance)
    guidance.requires_grad_()
    pyramid.fuse_by_guidance(luma, thermal, guidance).sum().backward()
    assert float(guidance.grad.abs().max()) > 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stride_px", [2, 4])
def test_normalization_is_folded_into_what_is_deployed(size, stride_px):
    torch.manual_seed(0)
    network = HybridNetwork(HybridShape(stride_px, (4, 5, 6), 8.0, normalized=True))
    torch.nn.init.normal_(network.head.weight, 0, 0.5)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.3, 2.0)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
    network.eval()
    pair = probe_pair(*size)
    grey = luma(pair.visible)
    with torch.no_grad():
        found = network.weight(batch(grey), batch(pair.thermal))[0].numpy()
    expected = guidance_map(network.to_model(), grey, pair.thermal)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert size == (1, 1) or np.ptp(found) > 0.01


def test_a_deployed_model_becomes_a_network_again():
    model = random_hybrid(2, 2, (4, 6))
    network = HybridNetwork.from_model(model).eval()
    pair = probe_pair(40, 44)
    grey = luma(pair.visible)
    with torch.no_grad():
        found = network.weight(batch(grey), batch(pair.thermal))[0].numpy()
    np.testing.assert_allclose(found, guidance_map(model, grey, pair.thermal), atol=1e-5)
