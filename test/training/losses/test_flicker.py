# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What counts as flicker of the choice of source."""

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch (pip install torch)")

from fusion_ros.training.losses.flicker import flicker  # noqa: E402


def frame(luma, thermal, above):
    """Luma, thermal, and the thermal image wherever luma lies above a level."""
    return luma, thermal, torch.where(luma > above, thermal, luma)


@pytest.mark.parametrize(("above", "change"), [(90, 0.0), (0, 0.0), (51, 101.0)])
def test_what_flickers_is_the_choice_of_source_not_the_source(above, change):
    luma, thermal = torch.full((1, 8, 8), 51.0), torch.full((1, 8, 8), 153.0)
    found = flicker(frame(luma, thermal, above), frame(luma + 1, thermal, above))
    assert float(found) == pytest.approx(change)


def test_what_moves_may_flicker():
    luma, thermal = torch.full((1, 48, 48), 50.0), torch.full((1, 48, 48), 150.0)
    later = luma.clone()
    later[:, :24] += 2  # moved: the choice may change
    later[:, 24:36] += 1  # still, and now taken from the other source
    found = flicker(frame(luma, thermal, 50.5), frame(later, thermal, 50.5))
    # Of the pixels that are still, half change by the contrast of both sources.
    assert float(found) == pytest.approx(99 / 2)


def test_a_scene_in_which_all_moves_does_not_flicker():
    luma = torch.zeros(1, 4, 4)
    found = flicker((luma, luma, luma), (luma + 9, luma + 9, luma + 4))
    assert float(found) == 0
