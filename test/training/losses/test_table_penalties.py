# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Penalties on tables that are made for them."""

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.training.losses.table_penalties import (  # noqa: E402
    faint_edge_response,
    roughness,
    thermal_decrease,
)


def test_roughness_counts_only_differences_between_nodes():
    flat, ramp = torch.full((3, 3, 3, 3), 5.0), torch.arange(3.0)[:, None, None, None]
    assert float(roughness(flat, flat)) == 0
    assert float(roughness(ramp.expand(3, 3, 3, 3), flat)) == pytest.approx(1)


def test_a_grey_without_gradient_has_no_response_to_faint_edges():
    grey = torch.full((5, 3, 2, 5), 0.5)
    assert float(faint_edge_response(grey, grey)) == 0
    grey[:, 1] = 0.75
    assert float(faint_edge_response(grey, grey)) == pytest.approx(0.0625)


def test_only_a_grey_that_falls_as_it_gets_warmer_is_penalized():
    rising = torch.linspace(0, 1, 5).expand(2, 2, 2, 5)
    assert float(thermal_decrease(rising, rising)) == 0
    assert float(thermal_decrease(rising, rising.flip(3))) == pytest.approx(1 / 16)
    # There is no order on the other axes.
    falling = torch.tensor([1.0, 0.0])[:, None].expand(2, 2, 2, 5)
    assert float(thermal_decrease(rising, falling)) == 0
