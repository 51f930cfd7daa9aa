# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Training on made-up scenes."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.backends.mm_lut.model import MmLutModel  # noqa: E402
from fusion_ros.backends.mm_lut.reference import fusion_weight  # noqa: E402
from fusion_ros.training.fit_mm_lut import fit_mm_lut, train_step  # noqa: E402
from fusion_ros.training.fusion_loss import FusionLoss  # noqa: E402
from fusion_ros.training.image_pairs import CropSampler, read_pairs  # noqa: E402
from fusion_ros.training.mm_lut_network import MmLutNetwork  # noqa: E402
from fusion_ros.training.mm_lut_validation import validate  # noqa: E402


def test_the_loss_falls_and_the_result_can_be_saved_and_used(data_folder, config, tmp_path):
    pairs = read_pairs(data_folder)
    shares = []
    fit = fit_mm_lut(config, pairs, on_step=lambda share, _loss: shares.append(share))
    assert np.mean(fit.losses[-5:]) < 0.95 * np.mean(fit.losses[:5])
    assert shares[-1] == 1.0
    fit.model.save(tmp_path / "model.npz")
    model = MmLutModel.load(tmp_path / "model.npz")
    weight = fusion_weight(model, pairs[0].luma, pairs[0].thermal)
    # Warm discs come from the thermal image, the grating from the visible one.
    assert weight[pairs[0].thermal > 180].mean() > 0.7
    assert weight[pairs[0].thermal < 60].mean() < 0.3


def test_the_same_seed_gives_the_same_model_and_another_seed_another_one(data_folder, config):
    pairs = read_pairs(data_folder)
    short = dataclasses.replace(config, steps=5)
    first, again = fit_mm_lut(short, pairs), fit_mm_lut(short, pairs)
    other = fit_mm_lut(dataclasses.replace(short, seed=short.seed + 1), pairs)
    assert first.losses == again.losses
    assert np.array_equal(first.model.table, again.model.table)
    assert not np.array_equal(first.model.layers[0].weight, other.model.layers[0].weight)


def test_gradients_do_not_pile_up_from_step_to_step(data_folder, config):
    torch.manual_seed(0)
    network = MmLutNetwork(config)
    # At first the table is flat along the context, which then has no gradient.
    torch.nn.init.normal_(network.change)
    still = torch.optim.SGD(network.parameters(), lr=0.0)
    batch = torch.from_numpy(CropSampler(read_pairs(data_folder), config.crop_px, 0).draw(2))
    gradients = []
    for _ in range(2):
        train_step(network, still, FusionLoss(4, 3, 1, 1, 1), config, batch)
        gradients.append([parameter.grad.clone() for parameter in network.parameters()])
    for first, second in zip(*gradients, strict=True):
        assert float(first.abs().max()) > 0
        assert torch.equal(first, second)


def test_a_time_limit_replaces_the_number_of_steps(data_folder, config):
    fit = fit_mm_lut(
        dataclasses.replace(config, steps=10**6), read_pairs(data_folder), minutes=0.01
    )
    assert 1 <= len(fit.losses) < 10**4


def test_validation_reports_scores_and_the_spread_of_the_context(data_folder, config):
    pairs = read_pairs(data_folder)
    result = validate(fit_mm_lut(config, pairs).model, pairs)
    assert result.images == 4
    assert result.scores["out_of_band"] == 0
    low, median, high = result.context_percentiles
    assert 0 <= low <= median <= high <= 1
    assert set(result.scores_frozen) == set(result.scores)
