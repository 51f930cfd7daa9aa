# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""One bag from opening to summary."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.topic_choice import CameraTopics, choose_topics
from fusion_ros.core.time_units import NS_PER_MS
from fusion_ros.errors import BagError
from fusion_ros.pairing.stamp_matcher import StampMatcher
from fusion_ros.pipeline import load_backend
from fusion_ros.replay.outputs import ReplayOutputs
from fusion_ros.replay.runner import Arrival, ReplayRunner
from fusion_ros.replay.summary import summarize

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Frames of each camera that may wait for a partner. Offline nothing is late, so there is more
# patience than in the node, but not without end: while one camera is silent the other's frames
# fill the queue, and a hundred of full HD already hold 600 MB.
QUEUE_SIZE = 100


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How to replay.

    Attributes:
        visible_topic: Images of the visible camera; None to find them by name.
        thermal_topic: Images of the thermal camera; None to find them by name.
        backend: How to fuse.
        engine: What to run it on.
        model: Model file or name; None for the backend's own.
        tolerance_ms: Largest distance of stamps that are fused.
        thermal_offset_ms: Added to thermal stamps before they are compared.
        reuse_thermal: Whether a thermal frame may serve several visible ones.
        force: Whether results of before are replaced.
    """

    visible_topic: str | None
    thermal_topic: str | None
    backend: str
    engine: str
    model: str | None
    tolerance_ms: float
    thermal_offset_ms: float = 0.0
    reuse_thermal: bool = False
    force: bool = False


def replay_bag(
    bag: Path, folder: Path, options: ReplayOptions, advance: Callable[[int | None], None]
) -> dict[str, Any]:
    """Replay a bag into ``folder/fused.mcap`` and ``folder/summary.json``.

    Args:
        bag: Bag folder or file.
        folder: For the results; made if needed.
        options: How to replay.
        advance: Called after each message with the expected number of all, if known.

    Returns:
        The summary.

    Raises:
        BagError: The bag cannot be read, has no two image topics, or holds no frames of them.
    """
    with (
        BagReader(bag) as reader,
        load_backend(options.backend, options.engine, options.model) as pipeline,
    ):
        topics = choose_topics(reader.topics, options.visible_topic, options.thermal_topic)
        inputs = [reader.topics[name] for name in _names(topics)]
        matcher: StampMatcher[Arrival, Arrival] = StampMatcher(
            tolerance_ns=round(options.tolerance_ms * NS_PER_MS),
            thermal_offset_ns=round(options.thermal_offset_ms * NS_PER_MS),
            queue_size=QUEUE_SIZE,
            reuse_thermal=options.reuse_thermal,
        )
        folder.mkdir(parents=True, exist_ok=True)
        total = _total([topic.count for topic in inputs])
        with BagWriter(folder / "fused.mcap", compress=True, force=options.force) as writer:
            runner = ReplayRunner(topics, matcher, pipeline, ReplayOutputs(writer, inputs))
            for _ in runner.run(reader):
                advance(total)
        account = runner.account()
        summary = summarize(topics, pipeline, account, runner.record, reader.warnings)
    if account.visible.inputs + account.thermal.inputs == 0:
        raise BagError(f"{bag}: expected frames on {topics.visible} and {topics.thermal}, got none")
    summary = {"bag": str(bag), "tolerance_ms": options.tolerance_ms, **summary}
    text = json.dumps(summary, indent=2) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")
    return summary


def _names(topics: CameraTopics) -> list[str]:
    names = [topics.visible, topics.thermal]
    return [*names, topics.visible_info] if topics.visible_info else names


def _total(counts: list[int | None]) -> int | None:
    return None if None in counts else sum(count or 0 for count in counts)
