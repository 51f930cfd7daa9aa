# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The pyramid that fuses by a guidance map: its definition, and the compiled one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fusion_ros.backends.hybrid.pyramid import (
    blend_difference,
    expand,
    extreme_around,
    fuse_by_guidance,
    shrink,
)

SIZES = [(1, 1), (1, 9), (8, 1), (2, 2), (3, 2), (4, 7), (16, 16), (31, 33), (123, 157)]


def sources(height, width, seed=0):
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (2, height, width), dtype=np.uint8)
    return images[0], images[1], random.random((height, width))


@pytest.mark.parametrize(("height", "width"), [*SIZES, (2160, 3840)])
@pytest.mark.parametrize("weight", [0.0, 0.3, 1.0])
def test_a_constant_guidance_is_a_plain_blend_to_float_rounding(height, width, weight):
    luma, thermal, _ = sources(height, width)
    difference = thermal.astype(float) - luma
    blended = blend_difference(difference, np.full(difference.shape, weight))
    np.testing.assert_allclose(blended, weight * difference, atol=1e-11)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_no_guidance_gives_the_visible_image_back(height, width):
    luma, thermal, _ = sources(height, width)
    np.testing.assert_array_equal(fuse_by_guidance(luma, thermal, np.zeros(luma.shape)), luma)


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_flat_pair_shows_no_ripple(height, width):
    """Of equal sources nothing can be seen, whatever the guidance does."""
    _, _, guidance = sources(height, width)
    flat = np.full((height, width), 90, np.uint8)
    np.testing.assert_array_equal(fuse_by_guidance(flat, flat, guidance), flat)


def test_a_step_of_guidance_between_flat_sources_does_not_overshoot():
    luma, thermal = np.full((96, 96), 60, np.uint8), np.full((96, 96), 200, np.uint8)
    guidance = np.zeros((96, 96))
    guidance[:, 40:] = 1
    row = fuse_by_guidance(luma, thermal, guidance)[48]
    assert (np.diff(row) >= -1e-9).all()
    assert abs(row[0] - 60) < 0.5
    assert abs(row[-1] - 200) < 0.5


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_every_pixel_lies_in_the_range_of_its_sources_nearby(height, width):
    luma, thermal, guidance = sources(height, width)
    fused = fuse_by_guidance(luma, thermal, guidance)
    assert (fused >= extreme_around(np.minimum(luma, thermal), np.minimum)).all()
    assert (fused <= extreme_around(np.maximum(luma, thermal), np.maximum)).all()


def disc(height, width, x):
    rows, columns = np.mgrid[:height, :width]
    return (np.hypot(rows - height / 2, columns - x) < 20).astype(float)


def unsteadiness(fuse):
    """Largest change, in levels, of a fused disc that moves by a pixel over flat sources."""
    luma, thermal = np.full((128, 128), 50, np.uint8), np.full((128, 128), 200, np.uint8)
    before, after = (fuse(luma, thermal, disc(128, 128, x)) for x in (60, 61))
    return np.abs(after[16:-16, 17:-16] - before[16:-16, 16:-17]).max()


def test_a_mask_that_moves_by_a_pixel_does_not_shimmer(monkeypatch):
    """Each level sees the mask smoothed. One that is only sampled jumps by whole steps."""
    from fusion_ros.backends.hybrid import pyramid

    assert unsteadiness(fuse_by_guidance) < 6
    smoothed = pyramid.shrink
    monkeypatch.setattr(
        pyramid, "shrink", lambda level: level[::2, ::2] if level.max() <= 1 else smoothed(level)
    )
    assert unsteadiness(fuse_by_guidance) > 12


def test_levels_are_those_of_opencv():
    image = np.random.default_rng(0).random((37, 64))
    smaller = shrink(image)
    np.testing.assert_allclose(smaller, cv2.pyrDown(image), atol=1e-12)
    # OpenCV does not reflect behind the last row of an odd height.
    enlarged = cv2.pyrUp(smaller, dstsize=(64, 37))
    np.testing.assert_allclose(expand(smaller, 37, 64)[:-2], enlarged[:-2], atol=1e-12)
