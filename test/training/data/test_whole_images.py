# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Whole images of mixed sizes, in batches of one size."""

import numpy as np
import pytest

from fusion_ros.errors import ConfigError
from fusion_ros.training.data.image_pairs import ImagePair
from fusion_ros.training.data.whole_images import WholeImageSource


def pair(height, width, level=None):
    random = np.random.default_rng(height * width)
    luma = random.integers(255, size=(height, width), dtype=np.uint8)
    if level is not None:
        luma[:] = level
    return ImagePair("one", np.repeat(luma[..., None], 3, axis=2), luma, 255 - luma)


def test_a_batch_has_one_size_that_is_a_multiple_of_16_and_stays_registered():
    source = WholeImageSource([pair(70, 100), pair(64, 97), pair(200, 320)], (), 2, 1)
    shapes = set()
    for step in range(20):
        (luma, thermal), video = source.draw(step)
        assert np.array_equal(luma, 255 - thermal)
        assert video is None
        shapes.add(luma.shape)
    # 2 x 160 x 160 pixels hold both small pairs, and less than the large one.
    assert shapes == {(2, 64, 96), (1, 192, 320)}


def levels(source, steps):
    """Of each step, the grey levels of its images, which are flat."""
    return [source.draw(step)[0][0, :, 0, 0].tolist() for step in range(steps)]


def test_every_pair_makes_up_as_much_of_all_batches_as_any_other():
    pairs = [pair(160, 160, level) for level in (0, 1, 2)]
    pairs += [pair(320, 320, level) for level in (100, 101, 102)]
    drawn = levels(WholeImageSource(pairs, (), 8, 5), 600)
    # Eight small crops have the pixels of three small pairs, which are all there are, or two large.
    assert {len(batch) for batch in drawn} == {3, 2}
    assert all(len(set(batch)) == len(batch) for batch in drawn)
    for one in pairs:
        level = int(one.luma[0, 0])
        share = np.mean([batch.count(level) / len(batch) for batch in drawn])
        assert share == pytest.approx(1 / 6, abs=0.03)


def test_what_is_drawn_depends_on_the_seed_and_the_step_alone():
    pairs = [pair(48, 48 + 16 * wide) for wide in range(6)]
    draws = [WholeImageSource(pairs, (), 1, seed).draw(3)[0] for seed in (1, 1)]
    assert np.array_equal(*draws)
    several = {WholeImageSource(pairs, (), 1, seed).draw(3)[0].tobytes() for seed in range(9)}
    assert len(several) > 3


def test_successive_frames_have_the_size_of_the_batch_or_are_left_out():
    small, large = pair(64, 64), pair(96, 96)
    later = ImagePair("two", small.visible, small.luma // 2, small.thermal)
    source = WholeImageSource([small, large], [(small, later), (small, large)], 1, 0)
    found = {}
    for step in range(20):
        pairs, video = source.draw(step)
        found[pairs.shape[2]] = video
    assert found[96] is None
    assert found[64].shape == (2, 2, 1, 64, 64)
    assert np.array_equal(found[64][1, 0], found[64][0, 0] // 2)


@pytest.mark.parametrize("night_share", [0.2, 0.5, 1.0])
def test_night_has_its_share_of_whole_images(night_share):
    pairs = [pair(160, 160, 20), *(pair(160, 160, 150 + extra) for extra in range(4))]
    pairs += [pair(160, 320, 21), pair(160, 320, 160)]
    drawn = levels(WholeImageSource(pairs, (), 8, 0, night_share), 400)
    assert {len(batch) for batch in drawn} == {8, 4}
    dark = [np.mean([level < 70 for level in batch]) for batch in drawn]
    assert np.mean(dark) == pytest.approx(night_share, abs=0.05)


def test_video_that_never_has_the_size_of_a_batch_is_an_error():
    small, large, tiny = pair(64, 64, 20), pair(96, 96, 150), pair(32, 64)
    for pairs, step, night_share in (
        ([small], (tiny, tiny), None), ([small], (large, large), None),
        ([small, large], (large, large), 1.0),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match="none of the 1 steps from frame to frame"):
            WholeImageSource(pairs, [step], 8, 0, night_share)


def test_images_that_are_too_small_are_an_error():
    with pytest.raises(ConfigError, match="none of the 1 pairs"):
        WholeImageSource([pair(47, 100)], (), 1, 0)
