# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from fusion_ros.report.sample_frame import SampleFrame

# BGR; far apart, and none is grey.
COLOURS = MappingProxyType(
    {
        "first": {"visible": (200, 60, 20), "thermal": 150, "fused": (30, 180, 40), "guidance": 0},
        "second": {
            "visible": (20, 40, 210),
            "thermal": 60,
            "fused": (190, 30, 180),
            "guidance": 255,
        },
    }
)


def solid_sample(labels, t_s, colours, size=(300, 480)):
    images = {
        layer: np.full((*size, 3) if isinstance(colour, tuple) else size, colour, np.uint8)
        for layer, colour in colours.items()
    }
    scores = {"VIF": 0.8123, "Qabf": 0.6012} if "best" in labels else {}
    stamp_ns = 1_700_000_000_123_456_789
    return SampleFrame(labels=labels, stamp_ns=stamp_ns, t_s=t_s, scores=scores, **images)


@pytest.fixture(scope="session")
def colours():
    """Layer to colour (BGR, or grey) of both samples."""
    return COLOURS


@pytest.fixture(scope="session")
def samples():
    """Two samples, every picture of one colour."""
    return [
        solid_sample(("best", "warmest"), 1.25, COLOURS["first"]),
        solid_sample(("worst",), 7.5, COLOURS["second"]),
    ]


def spread_of(values):
    return {
        "median": float(np.median(values)),
        "p99": float(np.percentile(values, 99)),
        "max": float(np.max(values)),
    }


def replay_metrics(pairs):
    """What a replay of so many pairs would find, with every part filled."""
    random = np.random.default_rng(0)
    t_s = np.arange(pairs) / 30
    offsets = {name: random.normal(3, 2, pairs) for name in ("stamps", "arrivals")}
    stages = {name: random.gamma(9, 0.1, pairs) for name in ("convert", "prepare", "fuse")}
    stages["total"] = np.sum(list(stages.values()), axis=0)
    stages["write"] = random.gamma(9, 0.2, pairs)
    visible = {"fused": pairs, "no_partner": 14, "stale": 2, "malformed": 5, "failed": 1}
    thermal = {"fused": pairs // 3, "no_partner": 7, "stale": 0, "malformed": 3, "failed": 1}
    drops = [
        {"t_s": None if reason == "malformed" else 2.5, "stream": stream, "reason": reason}
        for stream, counts in (("visible", visible), ("thermal", thermal))
        for reason in ("no_partner", "stale", "malformed", "failed")
        for _ in range(counts[reason])
    ]
    offset = {"median": 3.012, "p99_abs": 7.531, "min": -2.25, "max": 9.875}
    return {
        "format": 1,
        "provenance": {"date": "2026-01-02", "cpu": "Example CPU", "cores": 8, "commit": "abc1234"},
        "bag": {
            "name": "night_drive",
            "sha256": "ab" * 32,
            "files": [{"name": "night_drive_0.mcap", "bytes": 12_345_678, "sha256": "cd" * 32}],
            "duration_s": 41.5,
            "damaged": True,
            "topics": {
                "visible": {"name": "/front/rgb", "type": "sensor_msgs/msg/Image", "messages": 9},
                "thermal": {"name": "/front/lwir", "type": "sensor_msgs/msg/Image", "messages": 8},
                "visible_info": None,
            },
        },
        "backend": "mm_lut",
        "engine": "cpu",
        "model_id": "mm_lut-example",
        "parameters": {"pairing.tolerance_ms": 25.0, "pairing.reuse_thermal": True},
        "frames": {
            "visible": {"inputs": sum(visible.values()), **visible},
            "thermal": {"inputs": sum(thermal.values()), **thermal},
        },
        "pairs": {"made": pairs + 1, "fused": pairs, "failed": 1},
        "fused_sha256": "ef" * 32,
        "pair_offset_ms": offset,
        "arrival_offset_ms": {name: value + 1 for name, value in offset.items()},
        "stages_ms": {name: spread_of(values) for name, values in stages.items()},
        "rates_hz": {"visible": 29.97, "thermal": 9.12, "fused": 28.43},
        "arrival_rates_hz": {"visible": 29.51, "thermal": 9.01, "fused": None},
        "profile": "std",
        "scores": {
            "VIF": {"mean": 0.9312, "low": 0.9201, "high": 0.9423, "n": 30},
            "Qabf": {"mean": 0.6512, "low": 0.6401, "high": 0.6623, "n": 30},
            "minVIF": {"mean": 0.3412, "low": 0.3301, "high": 0.3523, "n": 30},
            "SSIM": {"mean": 1.3312, "low": 1.3201, "high": 1.3423, "n": 30},
            "reward": {"mean": 1.0791, "low": 1.0683, "high": 1.0899, "n": 30},
            "Nabf": {"mean": 0.0512, "low": 0.0501, "high": 0.0523, "n": 30},
        },
        "baselines": {
            "vis": {"VIF": 1.0142, "Qabf": 0.6111, "SSIM": 1.2792, "Nabf": 0.0},
            "max": {"VIF": 0.7792, "Qabf": 0.5553, "SSIM": 1.2714, "Nabf": 0.1234},
        },
        "temporal": {"fused": {"flicker": 0.4137, "BiSWE": 3.214}, "max": {"flicker": 0.5248}},
        "thresholds": [
            {
                "name": "scores.VIF.mean",
                "rule": ">=",
                "limit": 0.9,
                "value": 0.9312,
                "passed": True,
            },
            {
                "name": "stages_ms.total.p99",
                "rule": "<=",
                "limit": 2,
                "value": 4.25,
                "passed": False,
            },
        ],
        "series": {
            "t_s": t_s.tolist(),
            "pair_offset_ms": offsets["stamps"].tolist(),
            "arrival_offset_ms": offsets["arrivals"].tolist(),
            "stages_ms": {name: values.tolist() for name, values in stages.items()},
            "scored_t_s": t_s[::10].tolist(),
            "scores": {
                name: random.normal(1, 0.1, len(t_s[::10])).tolist()
                for name in ("VIF", "Qabf", "SSIM", "Nabf")
            },
            "drops": drops,
        },
        "reasons": ["a visible image holds 12 bytes, 432000 were expected"],
        "warnings": ["the recording ends before its index"],
    }


@pytest.fixture
def metrics():
    """A full document of 120 pairs."""
    return replay_metrics(120)


@pytest.fixture(scope="session")
def full_metrics():
    """The same, for tests that only read it."""
    return replay_metrics(120)


@pytest.fixture
def few_plots(metrics):
    """The same without what most plots are drawn from, for tests of the words."""
    return {**metrics, "series": {"drops": []}, "stages_ms": {}}


@pytest.fixture(scope="session")
def long_metrics():
    """A full document of an hour."""
    return replay_metrics(30 * 3600)
