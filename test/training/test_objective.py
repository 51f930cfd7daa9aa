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
    taught = dataclasses.replace(config, distillation={"intensity": 2.0}, steadiness=0.5)
    with torch.no_grad():
        parts = Objective(taught, network, [torch.maximum]).parts(Batch(crops, crops))
    named = {*config.loss, *config.penalties, "taught intensity", "steadiness"}
    assert set(parts) == named
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


def test_steadiness_is_the_weighted_change_of_choice_between_successive_frames(config):
    asked = dataclasses.replace(config, loss={"intensity": 0.0}, penalties={}, steadiness=25.5)
    seen = torch.full((2, 3, 48, 48), 10.0)  # too dark for the threshold, noise or not
    seen[1] = 200
    earlier = torch.full((2, 3, 48, 48), 51.0)
    earlier[1] = 151
    later = earlier + torch.tensor([1.0, 0.0])[:, None, None, None]
    batch = Batch(seen, seen, video=torch.stack((earlier, later)))
    # Half of the crops are of the video; there, a level more takes the thermal image: 99 levels.
    expected = 0.5 * 25.5 * 99 / 255
    found = Objective(asked, Threshold(51)).parts(batch)["steadiness"]
    assert found.item() == pytest.approx(expected, rel=1e-4)
    calm = Objective(asked, CopyOfLuma()).parts(batch)["steadiness"]
    assert calm.item() == 0


def test_successive_frames_are_simulated_and_of_video_and_the_same_each_time():
    seen = torch.full((2, 4, 64, 64), 51.0)
    video = torch.zeros(2, 2, 2, 64, 64)
    frames = Batch(seen, seen, seed=3, video=video).successive_frames()
    assert frames.shape == (2, 2, 5, 64, 64)
    assert torch.equal(frames[0, :, :3], seen[:, :3])
    assert (frames[1, :, :3] - seen[:, :3]).abs().max() == 1
    assert torch.equal(frames[:, :, 3:], video)
    assert torch.equal(frames, Batch(seen, seen, seed=3, video=video).successive_frames())
    assert Batch(seen, seen, seed=3).successive_frames().shape[2] == 3
