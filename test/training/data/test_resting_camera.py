# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The simulated next frame of cameras at rest."""

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.training.data.resting_camera import TREMBLE_PX, _shifted, a_frame_later  # noqa: E402


def later_frame(crops, seed=1):
    return a_frame_later(crops, torch.Generator().manual_seed(seed))


def test_a_flat_scene_stays_within_a_few_levels_and_mostly_holds_still():
    flat = torch.full((2, 20, 44, 52), 80.0)
    change = later_frame(flat) - flat
    assert 0.2 < float((change != 0).float().mean()) < 0.8
    assert float((change.abs() < 2).float().mean()) > 0.98
    assert change.abs().max() <= 4


def test_an_edge_moves_by_a_fraction_of_its_height():
    edge = torch.zeros(2, 30, 16, 16)
    edge[..., 8:] = 200
    beside = later_frame(edge)[..., 4, 7:9] - torch.tensor([0.0, 200.0])
    assert 10 < float(beside.abs().max()) <= 200 * TREMBLE_PX + 3


def test_each_source_and_crop_moves_by_itself_and_the_seed_decides():
    random = torch.randint(256, (2, 1, 32, 32)).float().expand(2, 2, 32, 32).contiguous()
    random[1] = random[0]
    first = later_frame(random)
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first[:, 0], first[:, 1])
    assert torch.equal(first, later_frame(random))
    assert not torch.equal(first, later_frame(random, seed=2))


def test_results_are_whole_levels_in_range():
    later = later_frame(torch.randint(256, (2, 3, 24, 24)).float())
    assert torch.equal(later, later.round())
    assert float(later.min()) >= 0
    assert float(later.max()) <= 255


def test_a_shift_by_whole_pixels_is_exact():
    images = torch.rand(1, 6, 8)
    moved = _shifted(images, torch.tensor([[1.0, 0.0]]))
    assert torch.allclose(moved[..., :-1], images[..., 1:], atol=1e-5)
