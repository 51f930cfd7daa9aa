# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Teachers, and what it means to be near them."""

import dataclasses

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.errors import ConfigError  # noqa: E402
from fusion_ros.training.network_shapes import MmNetShape  # noqa: E402
from fusion_ros.training.networks.mm_lut_network import MmLutNetwork  # noqa: E402
from fusion_ros.training.networks.mm_net import MmNet  # noqa: E402
from fusion_ros.training.networks.network_file import save_network  # noqa: E402
from fusion_ros.training.teachers.distillation import (  # noqa: E402
    LESSONS,
    Distillation,
    Lesson,
)
from fusion_ros.training.teachers.mixture import BestTeacher  # noqa: E402
from fusion_ros.training.teachers.registry import load_teacher  # noqa: E402
from fusion_ros.training.training_run import train  # noqa: E402


@pytest.fixture
def sources():
    torch.manual_seed(0)
    return torch.rand(2, 2, 24, 28) * 0.5


def darker(luma, thermal):
    return torch.minimum(luma, thermal)


@pytest.mark.parametrize("name", LESSONS)
def test_whoever_does_as_taught_pays_nothing(name, sources):
    taught = 0.3 * sources[0] + 0.7 * sources[1]
    same = Lesson(taught, taught, *sources)
    assert float(LESSONS[name](same)) == pytest.approx(0, abs=1e-4)
    other = Lesson(sources[0], taught, *sources)
    assert float(LESSONS[name](other)) > 0.01


def test_the_distance_of_weights_is_that_of_the_blend():
    luma, thermal = torch.full((1, 4, 4), 0.2), torch.full((1, 4, 4), 0.6)
    lesson = Lesson(luma + 0.25 * 0.4, luma + 0.75 * 0.4, luma, thermal)
    assert float(LESSONS["weight"](lesson)) == pytest.approx(0.5)


def test_pixels_of_equal_sources_say_nothing_about_weights():
    luma = torch.full((1, 4, 4), 0.2, requires_grad=True)
    thermal = luma.detach().clone()
    thermal[0, 0] += 0.4
    taught = luma.detach() + 5 / 255
    taught[0, 0] = thermal[0, 0]
    distance = LESSONS["weight"](Lesson(luma * 1.0, taught, luma.detach(), thermal))
    assert distance.item() == pytest.approx(1.0)
    distance.backward()
    assert torch.isfinite(luma.grad).all()
    assert float(luma.grad[0, 1:].abs().max()) == 0


def test_a_teacher_beyond_both_sources_counts_as_the_nearer_one():
    luma, thermal = torch.full((1, 4, 4), 0.2), torch.full((1, 4, 4), 0.6)
    assert float(LESSONS["weight"](Lesson(thermal, thermal + 0.3, luma, thermal))) == 0


def test_unknown_terms_are_refused():
    with pytest.raises(ConfigError, match="distillation"):
        Distillation({"colour": 1.0})


def test_of_two_teachers_each_pixel_gets_the_one_that_keeps_more():
    torch.manual_seed(0)
    luma, thermal = torch.full((1, 40, 40), 90.0), torch.full((1, 40, 40), 90.0)
    luma[:, :, :20] += 60 * torch.rand(1, 40, 20)
    thermal[:, :, 20:] += 60 * torch.rand(1, 40, 20)
    best = BestTeacher([lambda luma, _thermal: luma, lambda _luma, thermal: thermal])
    fused = best(luma, thermal)
    assert torch.equal(fused[:, :, :12], luma[:, :, :12])
    assert torch.equal(fused[:, :, 28:], thermal[:, :, 28:])


def test_teachers_follow_the_images_to_their_device():
    """The device that holds no values stands in for the second GPU of a machine."""
    network = MmNet(MmNetShape((4, 6), 3, 8.0))
    best = BestTeacher([network, torch.maximum])
    for device in ("cpu", "meta"):
        images = torch.zeros(2, 1, 16, 16, device=device)
        assert best(*images).device == images.device
        assert {parameter.device for parameter in network.parameters()} == {images.device}


def test_the_table_is_pulled_towards_its_teacher(pairs, config):
    apart = {}
    rates = {"table": 0.5, "network": 0.002}
    plan = dataclasses.replace(config.optimization, steps=40, rates=rates)
    taught = dataclasses.replace(
        config, loss={}, penalties={}, distillation={"weight": 1.0}, optimization=plan
    )
    for name, (setting, teachers) in {
        "taught": (taught, [darker]),
        "alone": (dataclasses.replace(config, optimization=plan), []),
    }.items():
        torch.manual_seed(0)
        network = MmLutNetwork(config.network)
        train(network, setting, pairs, teachers)
        luma, thermal = (
            torch.from_numpy(image).float()[None] for image in (pairs[0].luma, pairs[0].thermal)
        )
        with torch.no_grad():
            fused = network(luma, thermal)
        apart[name] = float((fused - darker(luma, thermal)).abs().mean())
    # It starts near the brighter source, and the loss keeps it there.
    assert apart["taught"] < 0.4 * apart["alone"]


def test_a_trained_network_can_teach(tmp_path):
    torch.manual_seed(0)
    shape = MmNetShape((4, 6), 3, 8.0)
    network = MmNet(shape)
    save_network(tmp_path / "net.npz", "mm-net", shape, network)
    teacher = load_teacher(f"mm-net:{tmp_path / 'net.npz'}")
    crops = torch.rand(2, 1, 16, 16) * 255
    with torch.no_grad():
        assert torch.equal(teacher(*crops), network(*crops))


@pytest.mark.parametrize(
    ("text", "words"), [("mm-nett:x", "one of hybrid, mm-net, max"), ("mm-net", "mm-net:PATH")]
)
def test_a_teacher_that_is_not_there_is_an_error(text, words):
    with pytest.raises(ConfigError, match=words):
        load_teacher(text)
