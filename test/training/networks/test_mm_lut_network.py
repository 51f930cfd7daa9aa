# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The differentiable model against the reference that defines it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.backends.mm_lut import reference, signals  # noqa: E402
from fusion_ros.core.signal_scales import CONTEXT_STRIDE_PX  # noqa: E402
from fusion_ros.training.networks import mm_lut_network  # noqa: E402
from fusion_ros.training.networks.block_features import block_features  # noqa: E402

FLOAT32 = 2e-5
# A weight is stored in steps of 1/255; interpolation cannot add to the rounding error.
QUANTIZATION = 0.5 / 255 + FLOAT32


@pytest.fixture
def images():
    random = np.random.default_rng(0)
    smooth = np.kron(random.uniform(0, 255, size=(2, 2, 8, 11)), np.ones((1, 1, 4, 4)))
    noisy = smooth + random.normal(0, 10, size=smooth.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


@pytest.fixture
def network(config):
    torch.manual_seed(0)
    network = mm_lut_network.MmLutNetwork(config.network)
    with torch.no_grad():
        network.change.normal_(0, 2)
        for layer in network.layers:
            layer.weight.mul_(3)
    return network


def tensors(images):
    return torch.from_numpy(images.astype(np.float32))


def test_weights_equal_the_reference_within_the_quantization_of_the_table(network, images):
    luma, thermal = images
    with torch.no_grad():
        weights = network.weight(*tensors(images)).numpy()
    for index, weight in enumerate(weights):
        expected = reference.fusion_weight(network.to_model(), luma[index], thermal[index])
        assert np.ptp(expected) > 0.5
        assert np.abs(weight - expected).max() < QUANTIZATION


def test_signals_equal_the_reference(images):
    luma, thermal = images
    features = block_features(*tensors(images), CONTEXT_STRIDE_PX).numpy()
    gradient = mm_lut_network.gradient_signal(tensors(luma)).numpy()
    for index in range(2):
        expected = signals.block_features(luma[index], thermal[index])
        assert np.abs(features[index] - expected).max() < FLOAT32
        assert np.abs(gradient[index] - signals.gradient_signal(luma[index])).max() < FLOAT32


def test_an_untrained_network_prefers_the_brighter_source(config):
    network = mm_lut_network.MmLutNetwork(config.network)
    dark, bright = torch.full((1, 16, 16), 30.0), torch.full((1, 16, 16), 200.0)
    with torch.no_grad():
        assert float(network.weight(dark, bright).min()) > 0.9
        assert float(network.weight(bright, dark).max()) < 0.1


def test_the_fused_grey_lies_between_both_sources(network, images):
    luma, thermal = tensors(images)
    with torch.no_grad():
        fused = network(luma, thermal)
    assert bool((fused >= torch.minimum(luma, thermal) - 1e-3).all())
    assert bool((fused <= torch.maximum(luma, thermal) + 1e-3).all())


def test_the_fused_grey_at_the_nodes_is_what_a_pixel_there_gets(network):
    with torch.no_grad():
        grey = network.grey_at_nodes()
        table = network.table()
    assert float(grey[0, 0, 0, -1]) == pytest.approx(float(table[0, 0, 0, -1]))
    assert float(grey[2, 0, 0, 0]) == pytest.approx(0.5 - 0.5 * float(table[2, 0, 0, 0]))
