# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Every metric against a second implementation: straight from its formula, with SciPy, slow."""

import math

import numpy as np
import pytest
from scipy import ndimage, signal, stats

from fusion_ros.metrics.registry import METRICS, profile_metrics
from fusion_ros.metrics.sources import fusion_sample

HEIGHT, WIDTH = 165, 178


def scene(seed):
    random = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(random.normal(size=(HEIGHT, WIDTH)), 3) * 400 + 120
    smooth[40:70, 30:80] += 60
    return np.clip(np.rint(smooth + random.normal(0, 3, smooth.shape)), 0, 255).astype(np.uint8)


VISIBLE, THERMAL = scene(1), scene(2)
COLOUR = np.stack([scene(3), np.maximum(VISIBLE, THERMAL), scene(4)], axis=-1)
SAMPLE = fusion_sample(COLOUR, VISIBLE, THERMAL)
FUSED = SAMPLE.fused
SOURCES = VISIBLE.astype(float), THERMAL.astype(float)


def window_gaussian(size, sigma):
    row = signal.windows.gaussian(size, sigma)
    window = np.outer(row, row)
    return window / window.sum()


def valid(image, window):
    return signal.convolve2d(image, window, mode="valid")


def covariance(first, second, window):
    return valid(first * second, window) - valid(first, window) * valid(second, window)


def similarity_maps(first, second, window, c1, c2, unbiased=1.0):
    mean_1, mean_2 = valid(first, window), valid(second, window)
    contrast = (2 * unbiased * covariance(first, second, window) + c2) / (
        unbiased * (covariance(first, first, window) + covariance(second, second, window)) + c2
    )
    return contrast * (2 * mean_1 * mean_2 + c1) / (mean_1**2 + mean_2**2 + c1), contrast


def ssim_sum(scale=1.0, **kwargs):
    maps = (similarity_maps(scale * source, scale * FUSED, **kwargs) for source in SOURCES)
    return sum(similarity.mean() for similarity, _ in maps)


def standard_ssim():
    return ssim_sum(window=window_gaussian(11, 1.5), c1=2.55**2, c2=7.65**2)


def tang_ssim():
    return ssim_sum(scale=255.0, window=window_gaussian(11, 1.5), c1=2.55**2, c2=7.65**2)


def cddfuse_ssim():
    window = np.full((7, 7), 1 / 49)
    return ssim_sum(window=window, c1=0.02**2, c2=0.06**2, unbiased=49 / 48)


def ms_ssim_sum():
    total = 0.0
    for source in SOURCES:
        first, second, product = source, FUSED, 1.0
        for level, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
            if level:
                # The mean of a pixel with its right, lower and lower right neighbours.
                first, second = (
                    ndimage.uniform_filter(image, 2, origin=-1, mode="nearest")[::2, ::2]
                    for image in (first, second)
                )
            whole, contrast = similarity_maps(
                first, second, window_gaussian(11, 1.5), 2.55**2, 7.65**2
            )
            product *= max(whole.mean() if level == 4 else contrast.mean(), 0) ** weight
        total += product
    return total


def vif_of(source):
    first, second, kept, possible = source, FUSED, 0.0, 0.0
    for scale in range(4):
        size = 2 ** (4 - scale) + 1
        window = window_gaussian(size, size / 5)
        if scale:
            first, second = (valid(image, window)[::2, ::2] for image in (first, second))
        variance = covariance(first, first, window)
        cross = covariance(first, second, window)
        gain = np.maximum(cross / (variance + 1e-10), 0)
        rest = covariance(second, second, window) - gain * cross
        kept += np.log2(1 + gain**2 * variance / (rest + 2)).sum()
        possible += np.log2(1 + variance / 2).sum()
    return kept / possible


def entropy_of(values):
    return stats.entropy(np.unique(values, return_counts=True)[1], base=2)


def information(source, base):
    joint = np.histogram2d(source.ravel(), FUSED.ravel(), bins=256, range=[[0, 256]] * 2)[0]
    joint /= joint.sum()
    apart = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    shared = joint > 0
    return (joint[shared] * np.log(joint[shared] / apart[shared])).sum() / math.log(base)


def sigmoid(value, ceiling, slope, centre):
    return ceiling / (1 + math.exp(-slope * (value - centre)))


def qabf_by_pixel():
    def edges(image):
        right = ndimage.sobel(image, axis=1, mode="constant")
        up = -ndimage.sobel(image, axis=0, mode="constant")
        return right, up, np.sqrt(right**2 + up**2)

    def angle(right, up):
        return math.pi / 2 if right == 0 else math.atan(up / right)

    fused, kept, possible = edges(FUSED), 0.0, 0.0
    for source in map(edges, SOURCES):
        for place in np.ndindex(FUSED.shape):
            (rs, us, gs), (rf, uf, gf) = (tuple(e[place] for e in es) for es in (source, fused))
            ratio = gf if gs == gf else min(gs, gf) / max(gs, gf)
            turn = 1 - abs(angle(rs, us) - angle(rf, uf)) / (math.pi / 2)
            kept += gs * sigmoid(ratio, 0.9994, 15, 0.5) * sigmoid(turn, 0.9879, 22, 0.8)
            possible += gs
    return kept / possible


def nabf_by_pixel():
    def edges(image):
        right, down = (ndimage.sobel(image, axis=axis, mode="mirror") / 8 for axis in (1, 0))
        return right, down, np.sqrt(right**2 + down**2)

    def angle(right, down):
        if right == 0 and down == 0:
            return 0.0
        return math.copysign(math.pi / 2, right) if down == 0 else math.atan(right / down)

    fused, (first, second) = edges(FUSED), map(edges, SOURCES)
    artefacts, possible = 0.0, 0.0
    for place in np.ndindex(FUSED.shape):
        rf, df, gf = (e[place] for e in fused)
        added = gf > first[2][place] and gf > second[2][place]
        for source in (first, second):
            rs, ds, gs = (e[place] for e in source)
            ratio = 0.0 if gs == 0 or gf == 0 else min(gs, gf) / max(gs, gf)
            turn = abs(abs(angle(rs, ds) - angle(rf, df)) - math.pi / 2) * 2 / math.pi
            alike = math.sqrt(sigmoid(ratio, 0.9999, 19, 0.5) * sigmoid(turn, 0.9995, 22, 0.5))
            weight = gs**1.5 if gs >= 2 else 0.001
            artefacts += added * (1 - alike) * weight
            possible += weight
    return artefacts / possible


def correlation(first, second):
    return stats.pearsonr(first.ravel(), second.ravel()).statistic


def average_gradient_by_pixel():
    rows, columns = FUSED.shape
    total = 0.0
    for row, column in np.ndindex(rows, columns):
        above, below = max(row - 1, 0), min(row + 1, rows - 1)
        left, right = max(column - 1, 0), min(column + 1, columns - 1)
        down = (FUSED[below, column] - FUSED[above, column]) / (below - above)
        across = (FUSED[row, right] - FUSED[row, left]) / (right - left)
        total += math.sqrt((down**2 + across**2) / 2)
    return total / ((rows - 1) * (columns - 1))


def spatial_frequency():
    steps = [FUSED[:, 1:] - FUSED[:, :-1], FUSED[1:] - FUSED[:-1]]
    return math.sqrt(sum((step**2).mean() for step in steps))


def out_of_band():
    values = np.stack(SOURCES)
    return np.mean((values.min(axis=0) - FUSED > 2) | (FUSED - values.max(axis=0) > 2))


REFERENCES = {
    "EN": lambda: entropy_of(FUSED),
    "SF": spatial_frequency,
    "SD": lambda: math.sqrt(((FUSED - FUSED.mean()) ** 2).mean()),
    "AG": average_gradient_by_pixel,
    "MI": lambda: sum(information(source, 2) for source in SOURCES),
    "VIF": lambda: sum(map(vif_of, SOURCES)),
    "VIF_vis": lambda: vif_of(SOURCES[0]),
    "VIF_ir": lambda: vif_of(SOURCES[1]),
    "minVIF": lambda: min(map(vif_of, SOURCES)),
    "Qabf": qabf_by_pixel,
    "Nabf": nabf_by_pixel,
    "SSIM": standard_ssim,
    "MS_SSIM": ms_ssim_sum,
    "CC": lambda: np.mean([correlation(source, FUSED) for source in SOURCES]),
    "SCD": lambda: (
        correlation(FUSED - SOURCES[1], SOURCES[0]) + correlation(FUSED - SOURCES[0], SOURCES[1])
    ),
    "out_of_band": out_of_band,
}
PROFILE_REFERENCES = {
    ("tang", "EN"): lambda: entropy_of(COLOUR),
    ("tang", "SSIM"): tang_ssim,
    ("cddfuse", "MI"): lambda: sum(information(source, math.e) for source in SOURCES),
    ("cddfuse", "SSIM"): cddfuse_ssim,
}


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_equals_its_slow_reference(name):
    value = METRICS[name].compute(SAMPLE)
    assert value == pytest.approx(REFERENCES[name](), rel=1e-8)
    assert value != 0, "this sample would not show a mistake"


@pytest.mark.parametrize(("profile", "name"), PROFILE_REFERENCES)
def test_a_profile_equals_its_slow_reference(profile, name):
    value = profile_metrics(profile)[name].compute(SAMPLE)
    assert value == pytest.approx(PROFILE_REFERENCES[profile, name](), rel=1e-8)
    assert value != pytest.approx(METRICS[name].compute(SAMPLE), rel=0.01)
