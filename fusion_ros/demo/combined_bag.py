# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Puts what was played and what came out into one recording, by the time at which it happened."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from fusion_ros.bags.bag_reader import BagMessage, BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_INFO_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.passages import read_passages
from fusion_ros.bags.qos_profiles import DRIVER_QOS
from fusion_ros.errors import BagError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.demo.live_run import LiveRun


def combine(source: Path, topics: CameraTopics, run: LiveRun, target: Path) -> Iterator[BagMessage]:
    """Write the combined recording, handing on every message that goes into it.

    Args:
        source: The bag that was played.
        topics: Its camera topics; in the target they have the node's names.
        run: What came out.
        target: The ``.mcap`` file to write.
    """
    names = {topics.visible: VISIBLE_TOPIC, topics.thermal: THERMAL_TOPIC}
    if topics.visible_info:
        names[topics.visible_info] = VISIBLE_INFO_TOPIC
    with (
        BagReader(source) as inputs,
        BagReader(run.recording) as outputs,
        BagWriter(target, compress=True, force=True) as writer,
    ):
        connections = {
            name: writer.add_topic(name, inputs.topics[old].msgtype, DRIVER_QOS)
            for old, name in names.items()
        }
        for topic in outputs.topics.values():
            connections[topic.name] = writer.add_topic(topic.name, topic.msgtype)
        played = _played(inputs, names, run.published)
        came_out = outputs.messages(list(outputs.topics))
        for message in heapq.merge(played, came_out, key=lambda m: m.log_time_ns):
            writer.write(connections[message.topic], message.log_time_ns, message.data)
            yield message


def _played(reader: BagReader, names: dict[str, str], published: Path) -> Iterator[BagMessage]:
    """The inputs under the node's names, at the time at which the player published them.

    The player publishes in the order of the bag, so its log and the bag go in step.
    """
    messages = reader.messages(list(names))
    for passage, message in zip(read_passages(published), messages, strict=False):
        if passage.topic != message.topic:
            raise BagError(f"{reader.path}: changed while it was played; play it again")
        name = names[message.topic]
        yield BagMessage(name, message.msgtype, passage.wall_ns, message.data)
