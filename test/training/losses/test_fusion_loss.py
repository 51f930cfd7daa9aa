# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The loss on images whose values are known."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.metrics.ssim import structural_similarity  # noqa: E402
from fusion_ros.training import fusion_loss  # noqa: E402
from fusion_ros.training.fusion_loss import FusionLoss  # noqa: E402


@pytest.fixture
def images():
    torch.manual_seed(0)
    return torch.rand(3, 2, 24, 32)


def test_a_perfect_copy_of_equal_sources_costs_nothing(images):
    loss = FusionLoss(intensity=4, gradient=3, structure=1, fidelity=0, balance=0)
    assert float(loss(images[0], images[0], images[0])) == pytest.approx(0, abs=1e-5)


def test_the_brighter_source_costs_less_than_the_darker_one(images):
    dark, bright = images[0] * 0.3, images[1] * 0.3 + 0.6
    loss = FusionLoss(intensity=1, gradient=0, structure=0, fidelity=0, balance=0)
    assert float(loss(bright, dark, bright)) == 0
    assert float(loss(dark, dark, bright)) > 0.3


def test_the_sum_of_both_sources_is_perfectly_balanced_and_a_copy_is_not(images):
    loss = FusionLoss(intensity=0, gradient=0, structure=0, fidelity=0, balance=1)
    both = images[0] + images[1]
    assert float(loss(both, images[0], images[1])) == pytest.approx(0, abs=5e-3)
    assert float(loss(images[0], images[0], images[1])) > 1


def test_similarity_equals_the_metric(images):
    found = float(fusion_loss.similarity(images[0], images[1]))
    expected = np.mean([
        structural_similarity(first.numpy() * 255.0, second.numpy() * 255.0)
        for first, second in zip(images[0].double(), images[1].double(), strict=True)
    ])  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-5)


def test_information_of_noise_and_of_blur_is_lost(images):
    source = images[0]
    noisy = source + 0.1 * torch.randn_like(source)
    blurred = (source + source.roll(1, -1) + source.roll(1, -2)) / 3
    assert fusion_loss.information(source, source).min() > 0.99
    assert fusion_loss.information(noisy, source).max() < 0.9
    assert fusion_loss.information(blurred, source).max() < 0.9
    assert fusion_loss.information(torch.zeros_like(source), source).max() < 0.01


def test_roughness_counts_only_differences_between_nodes():
    assert float(fusion_loss.roughness(torch.full((3, 3, 3, 3), 5.0))) == 0
    ramp = torch.arange(3.0)[:, None, None, None].expand(3, 3, 3, 3)
    assert float(fusion_loss.roughness(ramp)) == pytest.approx(1)


def test_constant_and_equal_images_have_finite_gradients():
    flat = torch.full((1, 24, 24), 0.5, requires_grad=True)
    FusionLoss(1, 1, 1, 1, 1)(flat, flat.detach(), flat.detach()).backward()
    assert torch.isfinite(flat.grad).all()


def test_a_table_without_gradient_has_no_response_to_faint_edges():
    table = torch.full((5, 3, 2, 5), 0.5)
    assert float(fusion_loss.faint_edge_response(table)) == 0
    table[:, 1] = 1.0
    assert float(fusion_loss.faint_edge_response(table)) > 0.01
