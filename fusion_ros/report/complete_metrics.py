# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""All parts of the metrics that the page reads, present even where a replay found nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fusion_ros.report.fates import FATES, STREAMS

_OFFSET = {"median": None, "p99_abs": None, "min": None, "max": None}
_RATES = dict.fromkeys((*STREAMS, "fused"))
NOTHING: Mapping[str, Any] = {
    "provenance": {},
    "bag": {
        "name": "recording",
        "sha256": None,
        "files": [],
        "duration_s": None,
        "damaged": False,
        "topics": {},
    },
    "backend": "unknown backend",
    "engine": "unknown engine",
    "model_id": "",
    "parameters": {},
    "frames": {stream: dict.fromkeys(("inputs", *FATES), 0) for stream in STREAMS},
    "pairs": {"made": 0, "fused": 0, "failed": 0},
    "fused_sha256": None,
    "pair_offset_ms": _OFFSET,
    "arrival_offset_ms": _OFFSET,
    "stages_ms": {},
    "rates_hz": _RATES,
    "arrival_rates_hz": _RATES,
    "profile": None,
    "scores": {},
    "baselines": {},
    "temporal": {},
    "thresholds": [],
    "series": {
        "t_s": [],
        "pair_offset_ms": [],
        "arrival_offset_ms": [],
        "stages_ms": {},
        "scored_t_s": [],
        "scores": {},
        "drops": [],
    },
    "reasons": [],
    "warnings": [],
}


def complete(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics, with what is missing or null filled in from `NOTHING`."""
    return _filled(metrics, NOTHING)


def _filled(found: Mapping[str, Any], empty: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(found)
    for name, default in empty.items():
        value = found.get(name)
        if value is None:
            filled[name] = default
        elif isinstance(default, Mapping) and isinstance(value, Mapping):
            filled[name] = _filled(value, default)
    return filled
