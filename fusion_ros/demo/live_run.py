# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Plays a bag into the real node in real time and records what comes out."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_INFO_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import CAMERA_INFO, FUSION_TIMING, IMAGE
from fusion_ros.bags.passages import COUNTED, FINISHED, MATCHED
from fusion_ros.demo.child_process import ChildProcess, running_process
from fusion_ros.demo.private_network import private_environment
from fusion_ros.errors import FusionError
from fusion_ros.replay.outputs import FUSED_INFO_TOPIC, FUSED_TOPIC, GUIDANCE_TOPIC, TIMING_TOPIC

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from fusion_ros.bags.topic_choice import CameraTopics
    from fusion_ros.demo.bag_facts import BagFacts

DIAGNOSTICS_TOPIC = "/diagnostics"
RECORDED = {
    FUSED_TOPIC: IMAGE,
    FUSED_INFO_TOPIC: CAMERA_INFO,
    GUIDANCE_TOPIC: IMAGE,
    TIMING_TOPIC: FUSION_TIMING,
    DIAGNOSTICS_TOPIC: "diagnostic_msgs/msg/DiagnosticArray",
}
LAST_TOPICS = (FUSED_TOPIC, TIMING_TOPIC, GUIDANCE_TOPIC)
# The node may compile its kernels when it starts for the first time.
START_DEADLINE_S = 180.0
# How the node marks the line that says why it cannot be configured.
FAILURE = "[ERROR]"
# The outputs are complete when none has come for this long.
QUIET_S = 1.0
QUIET_DEADLINE_S = 60.0
PLAYING_MARGIN_S = 60.0


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How to run the node.

    Attributes:
        backend: How to fuse.
        engine: What to run it on.
        model: Model file or name; None for the backend's own.
        tolerance_ms: Largest distance of stamps that are fused.
        reuse_thermal: Whether a thermal frame may serve several visible ones.
        domain: ROS domain.
        seconds: How much of the bag is played; None for all.
    """

    backend: str
    engine: str
    model: str | None
    tolerance_ms: float
    reuse_thermal: bool
    domain: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What a run left behind.

    Attributes:
        recording: Bag of the outputs, with log times of their arrival.
        published: Log of `Passage` of the inputs; topics as in the bag that was played.
        received: Log of `Passage` of the outputs.
        node_log: What the node printed.
        node_exit_code: After SIGINT.
        node_memory_mb: Its largest resident memory.
    """

    recording: Path
    published: Path
    received: Path
    node_log: Path
    node_exit_code: int
    node_memory_mb: float


def run_live(facts: BagFacts, options: LiveOptions, folder: Path) -> LiveRun:
    """Run node, recorder and player, each in a process of its own.

    Args:
        facts: What is played.
        options: How to run the node.
        folder: For recording and logs.

    Raises:
        FusionError: A process ended early or something took too long.
    """
    environment = private_environment(options.domain, os.environ)
    recording, received = folder / "outputs.mcap", folder / "received.jsonl"
    published = folder / "published.jsonl"
    recorder_arguments = [str(recording), "--log", str(received)]
    recorder_arguments += [f"--topic={topic}:={kind}" for topic, kind in RECORDED.items()]
    player_arguments = _player_arguments(facts.bag, facts.topics, options, published)
    node = ("fusion_ros.node", _node_arguments(options), environment, folder / "node.log")
    recorder = (
        "fusion_ros.node.bag_recorder",
        recorder_arguments,
        environment,
        folder / "recorder.log",
    )
    player = ("fusion_ros.node.bag_player", player_arguments, environment, folder / "player.log")
    # The recorder first: it must know the node's publishers before they publish anything.
    with running_process(*recorder) as recording_process, running_process(*node) as node_process:
        wait_until_started(recording_process, node_process)
        with running_process(*player) as playing_process:
            playing_process.wait_for(
                lambda: playing_process.event(FINISHED) is not None,
                START_DEADLINE_S + facts.duration_s + PLAYING_MARGIN_S,
                "the bag is played",
                [node_process, recording_process],
            )
            wait_until_quiet(recording_process, node_process, LAST_TOPICS)
            playing_process.let_go()
        memory_mb = node_process.peak_memory_mb()
        exit_code = node_process.interrupt()
        if recording_process.interrupt(seconds=120) != 0:
            raise FusionError(f"the recorder failed: {recording_process.last_lines()}")
    return LiveRun(recording, published, received, folder / "node.log", exit_code, memory_mb)


def _node_arguments(options: LiveOptions) -> list[str]:
    values = {
        "backend": options.backend,
        "engine": options.engine,
        "pairing.tolerance_ms": f"{float(options.tolerance_ms)}",
        "pairing.reuse_thermal": str(options.reuse_thermal).lower(),
    }
    if options.model:
        values["model"] = options.model
    pairs = [f"{name}:={value}" for name, value in values.items()]
    return ["--ros-args", *(word for pair in pairs for word in ("-p", pair))]


def _player_arguments(
    bag: Path, topics: CameraTopics, options: LiveOptions, log: Path
) -> list[str]:
    names = {topics.visible: VISIBLE_TOPIC, topics.thermal: THERMAL_TOPIC}
    arguments = [str(bag), "--hold", "--log", str(log), f"--wait-s={START_DEADLINE_S}"]
    arguments += [f"--wait-for={name}" for name in names]
    if topics.visible_info:
        names[topics.visible_info] = VISIBLE_INFO_TOPIC
    if options.seconds is not None:
        arguments.append(f"--seconds={options.seconds}")
    return [*arguments, *(f"--topic={old}:={new}" for old, new in names.items())]


def wait_until_started(recorder: ChildProcess, node: ChildProcess) -> None:
    """Wait until the recorder sees all of the node's topics.

    Raises:
        FusionError: They do not appear, or the node says why it cannot start.
    """

    def is_decided() -> bool:
        return recorder.event(MATCHED) is not None or node.has_logged(FAILURE)

    recorder.wait_for(is_decided, START_DEADLINE_S, "the node's topics appear", [node])
    if node.has_logged(FAILURE):
        raise FusionError(f"the node cannot start: {node.last_lines()}")


def wait_until_quiet(recorder: ChildProcess, node: ChildProcess, topics: Collection[str]) -> None:
    """Wait until nothing has arrived on some topics for a while.

    Raises:
        FusionError: It goes on, or a process has ended.
    """
    last: tuple[int, float] = (-1, time.monotonic())

    def is_quiet() -> bool:
        nonlocal last
        counts = (recorder.event(COUNTED) or {"counts": {}})["counts"]
        count = sum(counts.get(topic, 0) for topic in topics)
        if count != last[0]:
            last = (count, time.monotonic())
        return time.monotonic() - last[1] > QUIET_S

    recorder.wait_for(is_quiet, QUIET_DEADLINE_S, "the node's output ends", [node])
