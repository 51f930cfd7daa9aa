# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The loss on images whose values are known, and against the metrics."""

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.errors import ConfigError  # noqa: E402
from fusion_ros.metrics.registry import score  # noqa: E402
from fusion_ros.metrics.sources import fusion_sample  # noqa: E402
from fusion_ros.training.losses import edges, information, similarity  # noqa: E402
from fusion_ros.training.losses.fused_batch import FusedBatch  # noqa: E402
from fusion_ros.training.losses.fusion_loss import TERMS, FusionLoss  # noqa: E402


@pytest.fixture
def images():
    torch.manual_seed(0)
    return torch.rand(3, 2, 48, 56)


@pytest.fixture
def scene():
    """Smooth scenes of 8 bit: (fused, luma, thermal), each (H, W)."""
    random = np.random.default_rng(3)
    blocks = np.kron(random.uniform(0, 255, size=(2, 12, 14)), np.ones((1, 8, 8)))
    luma, thermal = np.clip(blocks + random.normal(0, 4, size=blocks.shape), 0, 255)
    fused = np.where(np.arange(112) < 60, luma, 0.6 * luma + 0.4 * thermal)
    return [np.rint(image).astype(np.uint8) for image in (fused, luma, thermal)]


def batch_of(scene):
    return FusedBatch(*(torch.from_numpy(image / np.float32(255))[None] for image in scene))


def parts(weights, *images):
    return {name: float(v) for name, v in FusionLoss(weights).parts(*images).items()}


@pytest.mark.parametrize("term", sorted(set(TERMS) - {"balance"}))
def test_a_copy_of_equal_sources_costs_nothing(images, term):
    found = parts({term: 1.0}, images[0], images[0], images[0])
    assert found[term] == pytest.approx(0, abs=0.03)  # a sigmoid never reaches 1


@pytest.mark.parametrize("term", sorted(TERMS))
def test_noise_costs_more_than_the_mean_of_both_sources(images, term):
    mean = (images[0] + images[1]) / 2
    assert (
        parts({term: 1.0}, images[2], *images[:2])[term]
        > parts({term: 1.0}, mean, *images[:2])[term]
    )


@pytest.mark.parametrize("term", sorted(TERMS))
def test_constant_and_equal_images_have_finite_gradients(term):
    flat = torch.full((1, 48, 48), 0.5, requires_grad=True)
    (part,) = FusionLoss({term: 1.0}).parts(flat, flat.detach(), flat.detach()).values()
    part.backward()
    assert torch.isfinite(flat.grad).all()


def test_parts_are_weighted_and_only_those_named_are_computed(images):
    once = parts({"intensity": 1.0}, *images)
    thrice = parts({"intensity": 3.0, "balance": 0.0}, *images)
    assert thrice == {"intensity": pytest.approx(3 * once["intensity"]), "balance": 0.0}


@pytest.mark.parametrize("weights", [{"intensities": 1.0}, {"intensity": -1.0}])
def test_unknown_terms_and_negative_weights_are_refused(weights):
    with pytest.raises(ConfigError, match="loss"):
        FusionLoss(weights)


def test_the_brighter_source_costs_less_than_the_darker_one(images):
    dark, bright = images[0] * 0.3, images[1] * 0.3 + 0.6
    assert parts({"intensity": 1.0}, bright, dark, bright)["intensity"] == 0
    assert parts({"intensity": 1.0}, dark, dark, bright)["intensity"] > 0.3


def test_the_sum_of_both_sources_is_perfectly_balanced_and_a_copy_is_not(images):
    both = images[0] + images[1]
    assert parts({"balance": 1.0}, both, *images[:2])["balance"] == pytest.approx(0, abs=5e-3)
    assert parts({"balance": 1.0}, images[0], *images[:2])["balance"] > 1


def test_similarity_equals_the_metric(scene):
    found = float(2 - similarity.dissimilarity(batch_of(scene)))
    assert found == pytest.approx(score(fusion_sample(*scene))["SSIM"], abs=1e-4)


def test_fidelity_over_all_scales_equals_the_metric(scene):
    found = information.fidelities(batch_of(scene), scales=4)[:, 0]
    metrics = score(fusion_sample(*scene))
    assert float(found[0]) == pytest.approx(metrics["VIF_vis"], abs=5e-3)
    assert float(found[1]) == pytest.approx(metrics["VIF_ir"], abs=5e-3)


def test_coarse_scales_keep_what_a_blur_takes_from_the_finest(scene):
    _fused, luma, thermal = scene
    blurred = [cv2.GaussianBlur(luma, (0, 0), 2), luma, thermal]
    found = information.fidelities(batch_of(blurred), scales=4)[0, 0].item()
    assert found == pytest.approx(score(fusion_sample(*blurred))["VIF_vis"], abs=5e-3)
    finest = information.fidelities(batch_of(blurred), scales=1)[0, 0].item()
    assert found > finest + 0.01


def test_the_poorer_source_is_the_one_that_the_minimum_counts(scene):
    found = float(information.lost_information_of_the_poorer(batch_of(scene)))
    assert found == pytest.approx(1 - score(fusion_sample(*scene))["minVIF"], abs=5e-3)


def test_kept_edges_are_near_the_metric(scene):
    found = 1 - float(edges.edge_loss(batch_of(scene)))
    assert found == pytest.approx(score(fusion_sample(*scene))["Qabf"], abs=0.05)


def test_kept_edges_rank_fusions_like_the_metric(scene):
    _fused, luma, thermal = scene
    mean = ((luma.astype(int) + thermal) // 2).astype(np.uint8)
    fusions = [luma, mean, np.maximum(luma, thermal), np.zeros_like(luma) + 100]
    lost = [float(edges.edge_loss(batch_of([fused, luma, thermal]))) for fused in fusions]
    kept = [score(fusion_sample(fused, luma, thermal))["Qabf"] for fused in fusions]
    assert np.array_equal(np.argsort(lost), np.argsort([-value for value in kept]))


def test_information_of_noise_and_of_blur_is_lost(images):
    source = images[0]
    noisy = source + 0.1 * torch.randn_like(source)
    blurred = (source + source.roll(1, -1) + source.roll(1, -2)) / 3

    def kept(fused):
        return information.fidelities(FusedBatch(fused, source, source), scales=1)

    assert kept(source).min() > 0.99
    assert kept(noisy).max() < 0.9
    assert kept(blurred).max() < 0.9
    assert kept(torch.zeros_like(source)).max() < 0.01
