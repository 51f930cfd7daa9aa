# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Each variation of crops has the property that it is named for."""

import itertools

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.errors import ConfigError  # noqa: E402
from fusion_ros.training.data import augmentation  # noqa: E402
from fusion_ros.training.data.augmentation import VARIATIONS  # noqa: E402
from fusion_ros.training.data.batches import Augmentation, CropSource, CropStream  # noqa: E402
from fusion_ros.training.data.crop_sampler import CropSampler  # noqa: E402


@pytest.fixture
def crops():
    torch.manual_seed(0)
    return torch.randint(60, 190, (2, 3, 32, 32)).float()


@pytest.fixture
def chance():
    return torch.Generator().manual_seed(1)


def amounts(value):
    return torch.full((3,), float(value))


@pytest.mark.parametrize("name", VARIATIONS)
def test_an_amount_of_nothing_changes_nothing(name, crops, chance):
    assert torch.allclose(VARIATIONS[name].apply(crops, amounts(0), chance), crops, atol=1e-3)


@pytest.mark.parametrize("name", VARIATIONS)
def test_an_amount_changes_one_of_both_images(name, crops, chance):
    varied = VARIATIONS[name].apply(crops, amounts(2), chance)
    changed = [not torch.equal(varied[image], crops[image]) for image in (0, 1)]
    assert sorted(changed) == [False, True]


@pytest.mark.parametrize("name", VARIATIONS)
def test_every_crop_has_an_amount_of_its_own(name, crops, chance):
    varied = VARIATIONS[name].apply(crops, torch.tensor([2.0, 0.0, 2.0]), chance)
    assert torch.allclose(varied[:, 1], crops[:, 1], atol=1e-3)
    assert not torch.allclose(varied[:, 0], crops[:, 0], atol=1e-3)


def test_a_stop_doubles_the_light(crops, chance):
    assert torch.equal(augmentation.expose(crops, amounts(1), chance)[0], 2 * crops[0])


def test_a_tone_curve_keeps_black_white_and_the_order(chance):
    ramp = torch.arange(256.0).reshape(1, 1, 16, 16).expand(2, 3, 16, 16)
    bent = augmentation.bend(ramp, amounts(0.7), chance)[0, 0].flatten()
    assert float(bent[0]) == 0
    assert float(bent[-1]) == 255
    assert bool((bent.diff() > 0).all())
    assert float(bent[128]) < 100


def test_thermal_gain_stretches_about_the_middle(chance):
    crops = torch.tensor([100.0, 127.5, 137.5]).reshape(1, 1, 1, 3).expand(2, 3, 1, 3)
    stretched = augmentation.amplify_thermal(crops, amounts(1), chance)[1, 0, 0]
    assert stretched.tolist() == [72.5, 127.5, 147.5]


def test_inverting_twice_gives_the_thermal_image_back(crops, chance):
    once = augmentation.invert_thermal(crops, amounts(-0.3), chance)
    assert torch.equal(once[1], 255 - crops[1])
    assert torch.equal(augmentation.invert_thermal(once, amounts(1), chance), crops)


def test_misregistration_moves_the_thermal_image_by_no_more_than_asked(crops, chance):
    moved = augmentation.misregister(crops, amounts(2), chance)[1]
    for before, after in zip(crops[1], moved, strict=True):
        shifts = [
            (down, across)
            for down in range(-2, 3)
            for across in range(-2, 3)
            if torch.equal(before.roll((down, across), (0, 1))[4:-4, 4:-4], after[4:-4, 4:-4])
        ]
        assert len(shifts) == 1
        assert shifts != [(0, 0)]


def test_noise_has_the_strength_that_is_asked_for(crops, chance):
    for index, add in enumerate((augmentation.add_visible_noise, augmentation.add_thermal_noise)):
        noise = (add(crops, amounts(-5), chance) - crops)[index]
        assert float(noise.std()) == pytest.approx(5, rel=0.1)
        assert abs(float(noise.mean())) < 0.5


def test_noise_is_seen_but_not_asked_to_be_kept(crops):
    batch = Augmentation({"thermal_noise": {"share": 1.0, "strength": 9.0}}, 0)(crops, 0)
    assert torch.equal(batch.clean, crops)
    assert not torch.equal(batch.seen[1], crops[1])
    assert torch.equal(batch.seen[0], crops[0])


def test_equal_crops_are_varied_otherwise_in_another_step(crops):
    augmentation = Augmentation({"thermal_noise": {"share": 1.0, "strength": 9.0}}, 0)
    assert torch.equal(augmentation(crops, 4).seen, augmentation(crops, 4).seen)
    assert not torch.equal(augmentation(crops, 4).seen, augmentation(crops, 5).seen)


def test_varied_crops_are_whole_grey_levels(crops):
    all_of_them = {name: {"share": 1.0, "strength": 3.0} for name in VARIATIONS}
    batch = Augmentation(all_of_them, 0)(crops, 0)
    for varied in (batch.seen, batch.clean):
        assert torch.equal(varied, varied.round())
        assert float(varied.min()) >= 0
        assert float(varied.max()) <= 255


def test_a_share_of_the_crops_is_varied():
    crops = torch.full((2, 400, 4, 4), 100.0)
    batch = Augmentation({"exposure": {"share": 0.3, "strength": 1.0}}, 0)(crops, 0)
    varied = (batch.seen[0] != 100).all(dim=2).all(dim=1).float().mean()
    assert float(varied) == pytest.approx(0.3, abs=0.07)


def test_what_is_drawn_depends_on_the_seed_and_the_step_alone(pairs):
    varied = {"exposure": {"share": 1.0, "strength": 1.0}}

    def draw(seed, first):
        source = CropSource(CropSampler(pairs, 32, seed), 2)
        augmentation, stream = Augmentation(varied, seed), CropStream(source, first)
        return [augmentation(c.pairs, c.number).seen for c in itertools.islice(stream, 3)]

    first, later, other = draw(3, 0), draw(3, 2), draw(4, 0)
    assert torch.equal(first[2], later[0])
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(first[0], other[0])


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ({"exposition": {"share": 1, "strength": 1}}, "unknown 'exposition'"),
        ({"exposure": {"share": 2, "strength": 1}}, r"share of 0 to 1.*\[stops\]"),
        ({"exposure": {"share": 1}}, "share and strength"),
        ({"exposure": 1}, "share and strength"),
    ],
)
def test_wrong_amounts_are_refused_by_name(amounts, words):
    with pytest.raises(ConfigError, match=words):
        Augmentation(amounts, 0)
