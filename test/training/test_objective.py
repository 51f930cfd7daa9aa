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


class Threshold(torch.nn.Module):
    """Chooses the thermal image where luma lies above a level."""

    def __init__(self, level):
        super().__init__()
        self.level = level

    def forward(self, luma, thermal):
        return torch.where(luma > self.level, thermal, luma)


@pytest.mark.parametrize(("network", "change"), [(CopyOfLuma(), 0.0), (Threshold(51), 100 / 3)])
def test_what_flickers_is_the_choice_of_source_not_the_source(config, network, change):
    only = dataclasses.replace(config, loss={"intensity": 0.0}, penalties={}, steadiness=255.0)
    luma = torch.full((3, 96, 96), 51.0)
    batch = Batch(*2 * [torch.stack((luma, luma + 100))])
    # A third of the pixels becomes a level brighter, and is taken from the other source.
    assert Objective(only, network).parts(batch)["steadiness"].item() == pytest.approx(
        change, abs=1
    )


def test_what_moves_may_flicker(config):
    only = dataclasses.replace(config, loss={"intensity": 0.0}, penalties={}, steadiness=255.0)
    earlier = torch.full((2, 1, 48, 48), 50.0)
    earlier[1] = 150
    later = earlier.clone()
    later[0, :, :24] += 2  # moved: the choice may change
    later[0, :, 24:36] += 1  # still, and now taken from the other source
    network = Threshold(50.5)
    batch = Batch(earlier, earlier, video=torch.stack((earlier, later)))
    # Of the pixels that are still, half change by the contrast of both sources.
    expected = 99 / 2
    assert Objective(only, network).parts(batch)["steadiness"].item() == pytest.approx(expected)


def test_without_video_the_later_frame_differs_by_a_level_and_is_the_same_each_time():
    batch = Batch(*torch.full((2, 2, 3, 96, 96), 51.0), seed=3)
    earlier, later = batch.successive_frames()
    assert torch.equal(earlier, batch.seen)
    assert (later - earlier).abs().max() == 1
    assert torch.equal(later, batch.successive_frames()[1])
