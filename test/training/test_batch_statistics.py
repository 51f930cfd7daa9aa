# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Running statistics of batch normalization belong to the parameters that are published."""

import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from torch import nn  # noqa: E402

from fusion_ros.training.batch_statistics import (  # noqa: E402
    estimate_batch_statistics,
    has_batch_statistics,
)
from fusion_ros.training.training_run import train  # noqa: E402


class Normalizing(nn.Module):
    """Blends by a weight from normalized sources."""

    multiple_px = 1

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(2, 3, 1)
        self.norm = nn.BatchNorm2d(3)
        self.second = nn.Conv2d(3, 1, 1)

    def forward(self, luma, thermal):
        hidden = self.norm(self.first(torch.stack((luma, thermal), dim=1) / 255))
        weight = torch.sigmoid(self.second(hidden))[:, 0]
        return luma + weight * (thermal - luma)


def batches(count):
    random = torch.Generator().manual_seed(0)
    return [torch.rand(2, 4, 16, 16, generator=random) * 255 for _ in range(count)]


def test_statistics_are_plain_means_over_the_batches():
    torch.manual_seed(0)
    network = Normalizing()
    network.norm.running_mean.fill_(99.0)
    seen = batches(5)
    parameters = [parameter.detach().clone() for parameter in network.parameters()]
    estimate_batch_statistics(network, seen)
    hidden = [network.first(batch.transpose(0, 1) / 255).detach() for batch in seen]
    means = torch.stack([values.mean(dim=(0, 2, 3)) for values in hidden]).mean(dim=0)
    variances = torch.stack([values.var(dim=(0, 2, 3)) for values in hidden]).mean(dim=0)
    assert torch.allclose(network.norm.running_mean, means, atol=1e-6)
    assert torch.allclose(network.norm.running_var, variances, atol=1e-6)
    assert network.norm.momentum == 0.1
    assert all(map(torch.equal, parameters, network.parameters()))


def test_only_networks_with_running_statistics_have_them():
    assert has_batch_statistics(Normalizing())
    assert not has_batch_statistics(nn.Conv2d(1, 1, 1))
    assert not has_batch_statistics(nn.BatchNorm2d(1, track_running_stats=False))


def test_a_run_ends_with_statistics_of_the_mean_of_its_parameters(pairs, config):
    torch.manual_seed(0)
    network = Normalizing()
    plan = dataclasses.replace(config.optimization, rates={"network": 0.1}, steps=12, averaging=0.9)
    train(network, dataclasses.replace(config, penalties={}, optimization=plan), pairs)
    assert int(network.norm.num_batches_tracked) == 50
    crops = torch.stack([torch.from_numpy(p.luma).float() for p in pairs])
    warm = torch.stack([torch.from_numpy(p.thermal).float() for p in pairs])
    hidden = network.first(torch.stack((crops, warm), dim=1) / 255)
    assert torch.allclose(network.norm.running_mean, hidden.mean(dim=(0, 2, 3)), atol=0.05)
