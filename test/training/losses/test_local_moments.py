# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Filters and moments against plain sums."""

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.training.losses.local_moments import (  # noqa: E402
    Window,
    local_moments,
    smooth,
)

WINDOW = Window(5, 1.2)


@pytest.fixture
def images():
    torch.manual_seed(0)
    return torch.rand(3, 2, 20, 23)


@pytest.mark.parametrize("step", [1, 2])
def test_compiled_filters_equal_products_with_matrices(images, step):
    # Other types than float32 take the way of matrices.
    compiled, products = smooth(images, WINDOW, step), smooth(images.double(), WINDOW, step)
    assert compiled.shape == products.shape
    assert float((compiled - products).abs().max()) < 1e-6


@pytest.mark.parametrize("step", [1, 2])
def test_derivatives_of_compiled_filters_equal_those_of_products(images, step):
    gradients = []
    for typed in (images.clone(), images.double()):
        typed.requires_grad_()
        (smooth(typed, WINDOW, step) ** 2).sum().backward()
        gradients.append(typed.grad)
    assert float((gradients[0] - gradients[1]).abs().max()) < 1e-5


def test_the_window_keeps_a_constant_and_loses_the_border():
    smoothed = smooth(torch.full((1, 20, 23), 0.25), WINDOW)
    assert smoothed.shape == (1, 16, 19)
    assert float((smoothed - 0.25).abs().max()) < 1e-6


def test_moments_of_a_copy_are_those_of_the_source(images):
    local = local_moments(images[0], images[:2], WINDOW)
    assert float((local.mean_f - local.mean_s[0]).abs().max()) < 1e-6
    assert float((local.covariance[0] - local.variance_s[0]).abs().max()) < 1e-6
    assert float((local.variance_f - local.variance_s[0]).abs().max()) < 1e-6
    assert float(local.variance_s[0].mean()) > 0.05
