# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Limits that a replay must keep, so that its exit code is a verdict."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import yaml

from fusion_ros.core.nested_names import flatten, near_names
from fusion_ros.errors import ConfigError
from fusion_ros.metrics.baselines import BASELINES
from fusion_ros.metrics.registry import METRICS, REWARD
from fusion_ros.metrics.temporal.temporal_scores import TEMPORAL_METRICS
from fusion_ros.replay.account import PairAccount, StreamAccount
from fusion_ros.replay.document import STAGES
from fusion_ros.replay.scoring import FUSED, TEMPORAL_BASELINE
from fusion_ros.replay.statistics import offset_figures, score_figures, stage_figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

RULES: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
_RULE = re.compile(rf"\s*({'|'.join(RULES)})\s*([-+.\d]+(?:[eE][-+]?\d+)?)\s*")


@dataclass(frozen=True, slots=True)
class Threshold:
    """One limit.

    Attributes:
        name: Path of a figure in ``metrics.json``, e.g. ``scores.VIF.mean``.
        rule: One of `RULES`.
        limit: What the figure is compared with.
    """

    name: str
    rule: str
    limit: float


def read_thresholds(path: Path) -> tuple[Threshold, ...]:
    """Read limits from a YAML file such as ``scores.VIF.mean: ">= 0.9"``, dotted or nested.

    Raises:
        ConfigError: The file cannot be read, a figure does not exist, or a rule is none.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise ConfigError(f"{path}: expected a readable YAML file: {err}") from err
    if not isinstance(document, dict) or not document:
        raise ConfigError(f"{path}: expected lines such as 'scores.VIF.mean: \">= 0.9\"'")
    known = set(known_figures())
    thresholds = []
    for name, rule in flatten(document):
        if name not in known:
            raise ConfigError(
                f"{path}: '{name}' is no figure of metrics.json; {near_names(name, sorted(known))}"
            )
        thresholds.append(_threshold(path, name, rule))
    return tuple(thresholds)


def judge(thresholds: Iterable[Threshold], metrics: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Compare figures with their limits, for the document; what was not measured has failed."""
    values = dict(flatten(metrics))
    return [
        {
            "name": threshold.name,
            "rule": threshold.rule,
            "limit": threshold.limit,
            "value": (value := values.get(threshold.name)),
            "passed": value is not None and RULES[threshold.rule](value, threshold.limit),
        }
        for threshold in thresholds
    ]


def known_figures() -> Iterator[str]:
    """Paths of all figures that a limit can be set to, also of those that a bag may lack."""
    streams = ("visible", "thermal", "fused")
    counts = [field.name for field in fields(StreamAccount)]
    spread, stage, score = offset_figures(()), stage_figures(()), score_figures({"": ()})[""]
    metrics = (*METRICS, REWARD)
    yield "bag.duration_s"
    yield from _paths("frames", streams[:2], counts)
    yield from _paths("pairs", [field.name for field in fields(PairAccount)])
    yield from _paths(("pair_offset_ms", "arrival_offset_ms"), spread)
    yield from _paths("stages_ms", STAGES, stage)
    yield from _paths(("rates_hz", "arrival_rates_hz"), streams)
    yield from _paths("scores", metrics, score)
    yield from _paths("baselines", BASELINES, metrics)
    yield from _paths("temporal", (FUSED, TEMPORAL_BASELINE), TEMPORAL_METRICS)


def _paths(first: str | Iterable[str], *others: Iterable[str]) -> Iterator[str]:
    """All combinations of the parts, dotted."""
    for name in (first,) if isinstance(first, str) else first:
        if not others:
            yield name
        for rest in _paths(others[0], *others[1:]) if others else ():
            yield f"{name}.{rest}"


def _threshold(path: Path, name: str, rule: object) -> Threshold:
    parts = _RULE.fullmatch(rule) if isinstance(rule, str) else None
    try:
        if parts is not None:
            return Threshold(name, parts[1], float(parts[2]))
    except ValueError:
        pass
    raise ConfigError(
        f"{path}: {name}: expected one of {', '.join(RULES)} and a number, in quotes, such as "
        f'">= 0.9", got {rule!r}'
    )
