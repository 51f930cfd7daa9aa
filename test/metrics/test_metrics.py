# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Metrics on images whose values are known."""

import threading

import numpy as np
import pytest

from fusion_ros.errors import ConfigError, ImageFormatError
from fusion_ros.metrics.profiles import PROFILES
from fusion_ros.metrics.registry import METRICS, REWARD, score
from fusion_ros.metrics.sources import fusion_sample, once_per_sample

# Large enough for every metric, odd after one halving.
HEIGHT, WIDTH = 164, 172
EXACT = 1e-9


def texture(seed):
    """Smooth random texture, uint8."""
    random = np.random.default_rng(seed)
    coarse = random.uniform(20, 235, size=(HEIGHT // 4, WIDTH // 4))
    fine = np.kron(coarse, np.ones((4, 4))) + random.normal(0, 4, size=(HEIGHT, WIDTH))
    return np.clip(np.rint(fine), 0, 255).astype(np.uint8)


def constant(value):
    return np.full((HEIGHT, WIDTH), value, dtype=np.uint8)


def scores(fused, visible, thermal):
    return score(fusion_sample(fused, visible, thermal))


def test_three_equal_images_reach_the_best_value_of_each_metric():
    image = texture(0)
    values = scores(image, image, image)
    assert values["VIF"] == pytest.approx(2, abs=1e-6)
    assert values["SSIM"] == pytest.approx(2, abs=EXACT)
    assert values["MS_SSIM"] == pytest.approx(2, abs=EXACT)
    assert values["CC"] == pytest.approx(1, abs=EXACT)
    assert values["Nabf"] == 0
    assert values["MI"] == pytest.approx(2 * values["EN"], abs=EXACT)
    # The sigmoids of this metric end just below 1.
    assert 0.97 < values["Qabf"] < 1
    assert values["out_of_band"] == 0
    expected = (values["VIF"] + 1.5 * values["Qabf"] + values["SSIM"]) / 3
    assert values[REWARD] == pytest.approx(expected, abs=EXACT)


def test_a_copy_of_one_source_shows_in_the_smaller_fidelity():
    values = scores(texture(1), texture(1), texture(2))
    assert values["VIF_vis"] == pytest.approx(1, abs=1e-6)
    assert values["minVIF"] == values["VIF_ir"] < 0.1
    assert values["VIF"] == pytest.approx(values["VIF_vis"] + values["VIF_ir"], abs=EXACT)


def test_noise_lowers_fidelity_similarity_and_edge_transfer():
    image = texture(3)
    noise = np.random.default_rng(4).normal(0, 12, size=image.shape)
    noisy = np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)
    clean, disturbed = scores(image, image, image), scores(noisy, image, image)
    for name in ("VIF", "SSIM", "MS_SSIM", "Qabf", "MI", "CC"):
        assert disturbed[name] < 0.998 * clean[name], name
    assert disturbed["Nabf"] > clean["Nabf"] + 0.001


def test_entropy_is_zero_for_one_level_and_eight_for_all_levels_alike():
    levels = np.tile(np.arange(256, dtype=np.uint8), (64, 1))
    assert score(fusion_sample(levels, levels, levels))["EN"] == pytest.approx(8, abs=EXACT)
    assert scores(constant(7), texture(0), texture(1))["EN"] == 0


def test_mutual_information_with_a_constant_source_is_zero():
    values = scores(texture(0), texture(0), constant(90))
    assert values["MI"] == pytest.approx(values["EN"], abs=EXACT)


def test_spatial_frequency_of_stripes_is_their_step():
    stripes = constant(100)
    stripes[:, ::2] = 110
    assert scores(stripes, stripes, stripes)["SF"] == pytest.approx(10, abs=EXACT)


def test_standard_deviation_of_two_equal_halves_is_half_their_distance():
    halves = constant(20)
    halves[: HEIGHT // 2] = 120
    assert scores(halves, halves, halves)["SD"] == pytest.approx(50, abs=EXACT)


def test_average_gradient_of_a_ramp_follows_from_its_slope():
    ramp = np.tile(np.arange(WIDTH, dtype=np.uint8), (HEIGHT, 1))
    expected = 0.5**0.5 * HEIGHT * WIDTH / ((HEIGHT - 1) * (WIDTH - 1))
    assert scores(ramp, ramp, ramp)["AG"] == pytest.approx(expected, abs=EXACT)


def test_correlation_is_the_mean_of_both_sources():
    image = texture(11)
    assert scores(image, image, 255 - image)["CC"] == pytest.approx(0, abs=EXACT)
    assert scores(image, image, constant(9))["CC"] == pytest.approx(0.5, abs=EXACT)


def test_an_edge_that_no_source_has_is_an_artefact():
    step = constant(100)
    step[:, WIDTH // 2 :] = 180
    # Sobel sees a step in two columns; strength and orientation have nothing in common.
    kept = (0.9999 / (1 + np.exp(19 * 0.5)) * 0.9995 / (1 + np.exp(22 * 0.5))) ** 0.5
    values = scores(step, constant(100), constant(50))
    assert values["Nabf"] == pytest.approx(2 / WIDTH * (1 - kept), abs=EXACT)
    assert scores(constant(100), step, step)["Nabf"] == 0


def test_several_scales_compare_luminance_in_the_coarsest_only():
    first, second, small = 120, 100, (0.01 * 255) ** 2
    luminance = (2 * first * second + small) / (first**2 + second**2 + small)
    values = scores(constant(second), constant(first), constant(first))
    assert values["MS_SSIM"] == pytest.approx(2 * luminance**0.1333, abs=EXACT)
    assert values["SSIM"] == pytest.approx(2 * luminance, abs=EXACT)


def test_an_image_too_small_for_several_scales_has_all_other_metrics():
    small, large = (texture(12)[:side, :] for side in (160, 161))
    assert set(METRICS) - set(scores(small, small, small)) == {"MS_SSIM"}
    assert set(METRICS) <= set(scores(large, large, large))


def test_the_sum_of_both_sources_has_a_perfect_sum_of_correlations():
    first, second = texture(5) // 2, texture(6) // 2
    assert scores(first + second, first, second)["SCD"] == pytest.approx(2, abs=EXACT)


def test_two_levels_beside_the_sources_are_tolerated_and_three_are_not():
    fused = constant(102)
    fused[: HEIGHT // 4] = 103
    assert scores(fused, constant(100), constant(90))["out_of_band"] == 0.25


def test_colour_is_turned_into_grey_of_eight_bit():
    grey = texture(7)
    colour = np.repeat(grey[..., None], 3, axis=2)
    for profile in PROFILES:
        of_colour = score(fusion_sample(colour, colour, grey), profile)
        assert of_colour == pytest.approx(score(fusion_sample(grey, grey, grey), profile))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_finite_for_constant_images(name):
    for fused, visible, thermal in ((0, 0, 0), (255, 0, 255), (10, 20, 30)):
        sample = fusion_sample(constant(fused), constant(visible), constant(thermal))
        assert np.isfinite(METRICS[name].compute(sample))


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_ignores_which_source_is_called_visible_unless_it_names_one(name):
    fused, first, second = texture(8), texture(9), texture(10)
    value = METRICS[name].compute(fusion_sample(fused, first, second))
    swapped = METRICS[name].compute(fusion_sample(fused, second, first))
    if name in ("VIF_vis", "VIF_ir"):
        assert value != swapped
    else:
        assert value == pytest.approx(swapped, abs=EXACT)


@pytest.mark.parametrize(
    "fused",
    [
        np.zeros((HEIGHT, WIDTH + 1), np.uint8),
        np.zeros((HEIGHT, WIDTH), np.uint16),
        np.zeros((HEIGHT, WIDTH, 4), np.uint8),
        np.zeros(HEIGHT, np.uint8),
    ],
)
def test_images_that_do_not_fit_are_refused_with_what_was_expected(fused):
    with pytest.raises(ImageFormatError, match="expected"):
        scores(fused, constant(0), constant(0))


def test_images_too_small_for_the_coarsest_scale_are_refused():
    small = np.zeros((40, 400), np.uint8)
    with pytest.raises(ImageFormatError, match="at least 48"):
        scores(small, small, small)


def test_a_shared_figure_is_computed_once_for_a_sample():
    calls = []
    shared = once_per_sample(lambda sample: calls.append(sample) or len(calls))
    first, second = (fusion_sample(texture(seed), texture(1), texture(2)) for seed in (3, 4))
    assert [shared(first), shared(first), shared(second), shared(first)] == [1, 1, 2, 1]


def test_threads_may_score_the_same_sample():
    sample = fusion_sample(texture(13), texture(14), texture(15))
    expected = score(fusion_sample(texture(13), texture(14), texture(15)))
    found = []
    threads = [threading.Thread(target=lambda: found.append(score(sample))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_an_unknown_profile_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match=r"unknown profile 'best'.* std, tang, cddfuse"):
        score(fusion_sample(texture(0), texture(1), texture(2)), "best")
