# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a step makes smaller."""

import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.training.data.batches import Batch  # noqa: E402
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork  # noqa: E402
from fusion_ros.training.objective import Objective, total  # noqa: E402


class CopyOfLuma(torch.nn.Module):
    def forward(self, luma, _thermal):
        return luma


def test_the_network_sees_noise_and_the_loss_compares_with_what_is_behind_it(config):
    only = dataclasses.replace(config, loss={"intensity": 1.0}, penalties={})
    clean = torch.full((2, 1, 48, 48), 51.0)
    parts = Objective(only, CopyOfLuma()).parts(Batch(seen=clean + 25.5, clean=clean))
    assert parts["intensity"].item() == pytest.approx(0.1)


def test_the_parts_of_all_sections_add_up(config):
    network = MmLutNetwork(config.network)
    crops = torch.randint(256, (2, 1, 48, 48)).float()
    taught = dataclasses.replace(config, distillation={"intensity": 2.0})
    with torch.no_grad():
        parts = Objective(taught, network, [torch.maximum]).parts(Batch(crops, crops))
    assert set(parts) == {*config.loss, *config.penalties, "taught intensity"}
    assert total(parts).item() == pytest.approx(sum(part.item() for part in parts.values()))


def test_the_best_of_two_teachers_teaches(config):
    network = CopyOfLuma()
    only = dataclasses.replace(config, loss={}, penalties={}, distillation={"intensity": 1.0})
    luma = 100 + 50 * torch.rand(1, 48, 48)
    crops = torch.stack((luma, torch.full_like(luma, 90.0)))
    teachers = [lambda _luma, thermal: thermal, lambda luma, _thermal: luma]
    parts = Objective(only, network, teachers).parts(Batch(crops, crops))
    assert parts["taught intensity"].item() == pytest.approx(0, abs=1e-6)


def test_flicker_is_how_much_a_copy_changes_with_its_source(config):
    only = dataclasses.replace(config, loss={"intensity": 0.0}, penalties={}, steadiness=255.0)
    batch = Batch(*torch.full((2, 2, 3, 96, 96), 51.0))
    parts = Objective(only, CopyOfLuma()).parts(batch)
    # A third of the pixels stays, the others change by one level.
    assert parts["steadiness"].item() == pytest.approx(2 / 3, abs=0.02)
    assert (batch.next_frame(2) - 51).abs().max() == 1
    assert torch.equal(batch.next_frame(2), batch.next_frame(2))
