# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One bag from opening to report."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.bag_identity import identify_bag
from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.topic_choice import choose_topics
from fusion_ros.errors import BagError
from fusion_ros.parameters.config import node_config
from fusion_ros.pipeline import load_backend
from fusion_ros.replay.arrivals import IMAGE_TYPES
from fusion_ros.replay.document import ReplayRun, metrics_document
from fusion_ros.replay.foxglove_layout import layout_for
from fusion_ros.replay.inspection import Inspection
from fusion_ros.replay.outputs import ReplayOutputs
from fusion_ros.replay.runner import ReplayRunner
from fusion_ros.replay.thresholds import Threshold, judge
from fusion_ros.report.page import write_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from fusion_ros.parameters.table import Value

FUSED_BAG, METRICS, REPORT = "fused.mcap", "metrics.json", "report.html"
LAYOUT = "foxglove_layout.json"
# Unless the user says how often, each tenth pair is scored, but no more than this many of a bag:
# metrics, of the baselines too, take a second for each.
SCORE_EVERY, SCORED_FRAMES = 10, 60


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How to replay.

    Attributes:
        parameters: Value of each parameter of the table.
        visible_topic: Images of the visible camera; None to find them by name.
        thermal_topic: Images of the thermal camera; None to find them by name.
        score_every: Pairs from one that is scored to the next; 0 for none, None to choose.
        thresholds: What the figures are compared with.
        force: Whether results of before are replaced.
    """

    parameters: Mapping[str, Value]
    visible_topic: str | None = None
    thermal_topic: str | None = None
    score_every: int | None = None
    thresholds: tuple[Threshold, ...] = ()
    force: bool = False


def replay_bag(
    bag: Path, folder: Path, options: ReplayOptions, advance: Callable[[int], None]
) -> dict[str, Any]:
    """Replay a bag into a folder: fused bag, metrics, report, Foxglove layout.

    Args:
        bag: Bag folder or file.
        folder: For the results; made if needed.
        options: How to replay.
        advance: Called after each message with the expected number of all.

    Returns:
        The metrics.

    Raises:
        ConfigError: A parameter has a wrong value.
        BagError: The bag cannot be read, has no two image topics, or holds no frames of them; or
            the folder is the bag's, or holds results that may not be replaced.
    """
    config = node_config(options.parameters)
    with (
        BagReader(bag) as reader,
        load_backend(config.backend, config.engine, config.model or None) as pipeline,
    ):
        topics = choose_topics(
            reader.topics, options.visible_topic, options.thermal_topic, IMAGE_TYPES
        )
        inputs = [reader.topics[name] for name in topics.names]
        pipeline.warm_up()
        inspection = Inspection(
            _score_every(options.score_every, reader.topics[topics.visible].count)
        )
        _make_room(bag, folder, options.force)
        total = sum(topic.count for topic in inputs)
        with BagWriter(folder / FUSED_BAG, compress=True, force=options.force) as writer:
            outputs = ReplayOutputs(writer, inputs, config.output_encoding)
            runner = ReplayRunner(topics, config.pairing, pipeline, outputs, inspection)
            for _ in runner.run(reader):
                advance(total)
        account = runner.account()
    if account.visible.inputs + account.thermal.inputs == 0:
        raise BagError(f"{bag}: expected frames on {topics.visible} and {topics.thermal}, got none")
    run = ReplayRun(
        identity=identify_bag(bag),
        reader=reader,
        topics=topics,
        parameters=options.parameters,
        pipeline=pipeline,
        account=account,
        record=runner.record,
        inspection=inspection,
    )
    return _report(run, folder, options.thresholds)


def _make_room(bag: Path, folder: Path, force: bool) -> None:
    """Make the folder, unless results would replace or join what should stay as it is."""
    if bag.resolve() in (folder.resolve(), (folder / FUSED_BAG).resolve()):
        raise BagError(
            f"{folder}: results would be written into the recording itself; choose another --output"
        )
    there = [name for name in (FUSED_BAG, METRICS, REPORT, LAYOUT) if (folder / name).exists()]
    if there and not force:
        raise BagError(
            f"{folder} holds {', '.join(there)}; choose another --output, or add --force to "
            f"replace them"
        )
    folder.mkdir(parents=True, exist_ok=True)


def _report(run: ReplayRun, folder: Path, thresholds: tuple[Threshold, ...]) -> dict[str, Any]:
    metrics = metrics_document(run)
    metrics["thresholds"] = judge(thresholds, metrics)
    (folder / METRICS).write_text(_json(metrics), encoding="utf-8")
    (folder / LAYOUT).write_text(layout_for(run.topics), encoding="utf-8")
    write_report(folder / REPORT, metrics, run.inspection.samples())
    return metrics


def _json(metrics: Mapping[str, Any]) -> str:
    """A line for each part: readable, though the series are long."""
    parts = [
        f"{json.dumps(name)}: {json.dumps(part, allow_nan=False)}" for name, part in metrics.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _score_every(wanted: int | None, frames: int) -> int:
    if wanted is not None:
        return wanted
    return max(SCORE_EVERY, math.ceil(frames / SCORED_FRAMES))
