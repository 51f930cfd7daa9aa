# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Measures of video on videos whose values are known."""

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ImageFormatError
from fusion_ros.metrics.temporal.motion_smoothness import smoothness_gap
from fusion_ros.metrics.temporal.optical_flow import FlowEstimator, Motion, fetch, has_partner
from fusion_ros.metrics.temporal.self_warp_error import warp_errors
from fusion_ros.metrics.temporal.temporal_scores import TEMPORAL_METRICS, TemporalScores

HEIGHT, WIDTH = 96, 128
FRAMES = 5


def texture(seed, margin=32):
    """Smooth random texture with room to move in."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=(HEIGHT + 2 * margin, WIDTH + 2 * margin))
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.clip(128 + smooth * 400, 10, 245).astype(np.uint8)


VISIBLE, THERMAL, FUSED = texture(1), texture(2), texture(3)


def view(image, right=0, down=0):
    """Part of a texture; a larger `right` shows what is further right."""
    return image[32 + down : 32 + down + HEIGHT, 32 + right : 32 + right + WIDTH].copy()


def scores(video):
    temporal = TemporalScores()
    for frames in video:
        temporal.add(*frames)
    return temporal.result()


def uniform_flow(right, down=0.0):
    return np.full((HEIGHT, WIDTH, 2), (right, down), np.float32)


def uniform_motion(right, down=0.0):
    return Motion(uniform_flow(right, down), uniform_flow(-right, -down))


def test_a_still_video_is_perfectly_steady():
    still = [(view(FUSED), view(VISIBLE), view(THERMAL))] * FRAMES
    assert scores(still) == dict.fromkeys(TEMPORAL_METRICS, 0)


def test_flicker_is_the_change_where_both_sources_hold_still():
    flat = np.full((HEIGHT, WIDTH), 100, np.uint8)
    moved = flat.copy()
    moved[: HEIGHT // 2] += 2
    barely = flat + np.uint8(1)
    fused = flat.copy()
    fused[: HEIGHT // 2] += 50
    fused[HEIGHT // 2 :] -= 3
    # The upper half does not count: there one source changed by two levels.
    assert scores([(flat, flat, flat), (fused, moved, barely)]) == {"flicker": 3}
    assert scores([(flat, flat, flat), (fused, barely, moved)]) == {"flicker": 3}


def test_flicker_counts_every_still_pixel_alike():
    flat = np.full((HEIGHT, WIDTH), 100, np.uint8)
    moved = flat + np.uint8(9)
    moved[: HEIGHT // 4] = 100
    video = [(flat, flat, flat), (flat + np.uint8(8), moved, flat), (flat, moved, flat)]
    # A quarter of the first step and all of the second change by eight.
    assert scores(video)["flicker"] == 8
    video = [
        (flat, flat, flat),
        (flat + np.uint8(8), moved, flat),
        (flat + np.uint8(8), moved, flat),
    ]
    assert scores(video)["flicker"] == pytest.approx(8 * 0.25 / 1.25)


def test_without_still_pixels_there_is_no_flicker_value():
    flat = np.full((HEIGHT, WIDTH), 100, np.uint8)
    assert scores([(flat, flat, flat), (flat, flat + np.uint8(2), flat)]) == {}


@pytest.mark.parametrize(("frames", "known"), [(0, set()), (1, set()), (2, {"flicker"})])
def test_short_videos_lack_what_needs_more_frames(frames, known):
    still = [(view(FUSED), view(VISIBLE), view(THERMAL))] * frames
    assert set(scores(still)) == known


def test_a_video_that_moves_as_one_piece_has_hardly_any_warp_error():
    def moving(step):
        return [
            tuple(view(image, step * index) for image in (FUSED, VISIBLE, THERMAL))
            for index in range(FRAMES)
        ]

    unwarped = np.abs(view(FUSED).astype(float) - view(FUSED, 3)).mean()
    found = scores(moving(3))
    assert found["BiSWE"] < 0.1 * unwarped
    assert found["MS2R"] < 0.1


def test_flashing_frames_have_the_flash_as_warp_error_on_either_side():
    video = [
        (view(FUSED) + np.uint8(6 * (index % 2)), view(VISIBLE), view(THERMAL))
        for index in range(FRAMES)
    ]
    assert scores(video)["BiSWE"] == pytest.approx(12, abs=0.5)


def test_warp_errors_skip_what_a_source_cannot_follow_there_and_back():
    first, second = view(FUSED), view(FUSED)
    second[: HEIGHT // 2] += 4
    still, lost = uniform_motion(0), uniform_flow(0)
    assert warp_errors(first, second, still, (still, still)) == pytest.approx((2, 2))
    lost[: HEIGHT // 2, :, 0] = 2
    halves = Motion(lost, uniform_flow(0))
    for sources in ((still, halves), (halves, still)):
        assert warp_errors(first, second, still, sources) == (0, 0)


def test_warp_errors_have_no_value_where_nothing_can_be_followed():
    image, still = view(FUSED), uniform_motion(0)
    nowhere = Motion(uniform_flow(2), uniform_flow(0))
    assert warp_errors(image, image, still, (still, nowhere)) == (None, None)


@pytest.mark.parametrize(("error_px", "known"), [(0.0, True), (0.96875, True), (1.0, False)])
def test_a_partner_is_less_than_a_pixel_off_after_there_and_back(error_px, known):
    assert has_partner(uniform_flow(3), uniform_flow(-3 + error_px)).all() == known
    assert has_partner(uniform_flow(0, 3), uniform_flow(0, -3 + error_px)).all() == known
    assert has_partner(uniform_flow(3), uniform_flow(-3 + error_px)).any() == known


def test_fetching_follows_the_flow_right_and_down_and_stops_at_the_border():
    ramp = np.add.outer(np.arange(HEIGHT) * 1000, np.arange(WIDTH)).astype(np.float32)
    fetched = fetch(ramp, uniform_flow(2, 3))
    np.testing.assert_allclose(fetched[:-3, :-2], ramp[3:, 2:])
    np.testing.assert_allclose(fetched[:, -1], fetched[:, -3])
    np.testing.assert_allclose(fetch(ramp, uniform_flow(0.5))[:, :-1], ramp[:, :-1] + 0.5)


def test_motion_is_found_in_pixels_to_the_right_and_down():
    motion = FlowEstimator().motion(view(FUSED, 4, 3), view(FUSED))
    inner = np.s_[16:-16, 16:-16]
    assert np.median(motion.forward[inner], axis=(0, 1)) == pytest.approx([4, 3], abs=0.2)
    assert np.median(motion.backward[inner], axis=(0, 1)) == pytest.approx([-4, -3], abs=0.2)


def test_smoothness_compares_changes_of_motion_and_averages_components_and_sources():
    fused = uniform_motion(1), uniform_motion(5, 2)
    like_fused = uniform_motion(10), uniform_motion(14, 2)
    steady = uniform_motion(-3), uniform_motion(-3)
    assert smoothness_gap(fused, [like_fused, like_fused]) == 0
    # Changes by (4, 2) against none: 3 on average of the components, for one of two sources.
    assert smoothness_gap(fused, [like_fused, steady]) == pytest.approx(1.5)


def test_a_fused_video_that_stops_and_goes_is_less_smooth_than_its_sources():
    places = (0, 6, 6, 12, 12)
    video = [
        (view(FUSED, place), view(VISIBLE, 3 * index), view(THERMAL, 3 * index))
        for index, place in enumerate(places)
    ]
    # The motion changes by 6 pixels to the right or left each time, and not at all downwards.
    assert scores(video)["MS2R"] == pytest.approx(3, abs=0.5)


def test_each_frame_tells_what_it_adds_and_the_result_is_their_mean():
    random = np.random.default_rng(0)
    temporal, told = TemporalScores(), []
    for index in range(FRAMES):
        noisy = view(FUSED, index).astype(int) + random.integers(-9, 10, (HEIGHT, WIDTH))
        frames = noisy.clip(0, 255).astype(np.uint8), view(VISIBLE, index), view(THERMAL, index)
        told.append(temporal.add(*frames))
    assert [set(values) - {"flicker"} for values in told] == [set()] * 2 + [{"BiSWE", "MS2R"}] * 3
    for name in ("BiSWE", "MS2R"):
        assert temporal.result()[name] == pytest.approx(np.mean([v[name] for v in told[2:]]))


def test_a_new_size_starts_a_new_chain_and_keeps_what_was_added_up():
    def flashing(size):
        return [
            tuple(image[:size, :size] for image in (view(FUSED) + np.uint8(6 * odd), *still))
            for odd in (0, 1, 0)
        ]

    still = view(VISIBLE), view(THERMAL)
    small, large = flashing(64), flashing(80)
    both = scores(small + large)
    for name, alone in scores(small).items():
        weights = (64**2, 80**2) if name == "flicker" else (1, 1)
        expected = np.average([alone, scores(large)[name]], weights=weights)
        assert both[name] == pytest.approx(expected), name


def test_after_a_restart_nothing_is_compared_with_what_came_before():
    temporal = TemporalScores()
    temporal.add(view(FUSED), view(VISIBLE), view(THERMAL))
    temporal.restart()
    assert temporal.add(view(FUSED) + np.uint8(9), view(VISIBLE), view(THERMAL)) == {}


def test_the_buffers_of_frames_may_be_used_again():
    buffers = [view(image) for image in (FUSED, VISIBLE, THERMAL)]
    temporal = TemporalScores()
    temporal.add(*buffers)
    buffers[0] += 5
    assert temporal.add(*buffers) == {"flicker": 5}


def test_colour_frames_count_as_their_grey():
    video = [(view(FUSED, i), view(VISIBLE, i), view(THERMAL, i)) for i in range(3)]
    colour = [(cv2.merge([f] * 3), cv2.merge([v] * 3), t) for f, v, t in video]
    assert scores(colour) == scores(video)


def test_frames_that_do_not_fit_together_are_refused():
    with pytest.raises(ImageFormatError, match="one size"):
        TemporalScores().add(view(FUSED), view(VISIBLE), view(THERMAL)[:-1])


def test_results_do_not_depend_on_the_number_of_threads():
    video = [(view(FUSED, 2 * i), view(VISIBLE, i), view(THERMAL, 3 * i)) for i in range(3)]
    threads = cv2.getNumThreads()
    found = []
    try:
        for number in (1, 3):
            cv2.setNumThreads(number)
            found.append(scores(video))
    finally:
        cv2.setNumThreads(threads)
    assert found[0] == found[1]
