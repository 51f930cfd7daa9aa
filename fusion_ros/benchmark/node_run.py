# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Plays pairs into the node, or into the relay, each program in a process of its own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_INFO_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import FUSION_TIMING, IMAGE
from fusion_ros.bags.passages import FINISHED, MATCHED
from fusion_ros.core.stage_timer import StageTimer
from fusion_ros.demo.child_process import ChildProcess, running_process
from fusion_ros.demo.live_run import START_DEADLINE_S, wait_until_quiet, wait_until_started
from fusion_ros.demo.private_network import private_environment
from fusion_ros.errors import FusionError
from fusion_ros.replay.outputs import FUSED_TOPIC, TIMING_TOPIC

if TYPE_CHECKING:
    from pathlib import Path

PLAYING_DEADLINE_S = 300.0


@dataclass(frozen=True, slots=True)
class Program:
    """What the pairs are played into.

    Attributes:
        name: For tables.
        module: As for ``python -m``.
        arguments: Its command line.
        tells_timing: Whether it publishes a `FusionTiming` for each frame.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    tells_timing: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast pairs are published, and how many.

    Attributes:
        name: For tables.
        rate: Times the bag's own rate; infinity for one message right after the other.
        passes: How often the bag is run through.
    """

    name: str
    rate: float
    passes: int


@dataclass(frozen=True, slots=True)
class NodeRun:
    """What a run left behind.

    Attributes:
        published: Log of `Passage` of the inputs.
        received: Log of `Passage` of the outputs.
        timings: Bag of the program's `FusionTiming`, if it tells them.
        cores_busy: Its processor time per wall time while the bag was played.
        peak_memory_mb: Its largest resident memory.
    """

    published: Path
    received: Path
    timings: Path
    cores_busy: float
    peak_memory_mb: float


def run_program(program: Program, pace: Pace, bag: Path, domain: int, folder: Path) -> NodeRun:
    """Run a program, a recorder and a player.

    Args:
        program: What the pairs are played into.
        pace: How fast.
        bag: From `write_source_bag`.
        domain: ROS domain.
        folder: For recording and logs.

    Raises:
        FusionError: A process ended early or something took too long.
    """
    environment = private_environment(domain, os.environ)
    published, received = folder / "published.jsonl", folder / "received.jsonl"
    timings = folder / "timings.mcap"
    listening = [str(timings), f"--watch={FUSED_TOPIC}:={IMAGE}", f"--log={received}"]
    if program.tells_timing:
        listening.append(f"--topic={TIMING_TOPIC}:={FUSION_TIMING}")
    node = (program.module, program.arguments, environment, folder / "node.log")
    recorder = ("fusion_ros.node.bag_recorder", listening, environment, folder / "recorder.log")
    playing = _player_arguments(bag, pace, published)
    player = ("fusion_ros.node.bag_player", playing, environment, folder / "player.log")
    # The recorder first: it must know the program's publishers before they publish anything.
    with running_process(*recorder) as recording_process, running_process(*node) as node_process:
        wait_until_started(recording_process, node_process)
        with running_process(*player) as playing_process:
            cores = _cores_busy_while_playing(playing_process, node_process, recording_process)
            wait_until_quiet(recording_process, node_process, (FUSED_TOPIC, TIMING_TOPIC))
            playing_process.let_go()
        memory_mb = node_process.peak_memory_mb()
        if node_process.interrupt() != 0 or recording_process.interrupt() != 0:
            raise FusionError(
                f"{program.name} or its recorder failed: {node_process.last_lines()}\n"
                f"{recording_process.last_lines()}"
            )
    return NodeRun(published, received, timings, cores, memory_mb)


def _player_arguments(bag: Path, pace: Pace, log: Path) -> list[str]:
    names = (VISIBLE_TOPIC, THERMAL_TOPIC, VISIBLE_INFO_TOPIC)
    return [
        str(bag),
        f"--rate={pace.rate}",
        f"--passes={pace.passes}",
        f"--log={log}",
        "--hold",
        f"--wait-for={VISIBLE_TOPIC}",
        f"--wait-for={THERMAL_TOPIC}",
        *(f"--topic={name}:={name}" for name in names),
    ]


def _cores_busy_while_playing(
    player: ChildProcess, node: ChildProcess, recorder: ChildProcess
) -> float:
    """Wait until everything is played; processor time of the node per wall time."""
    others = (node, recorder)
    player.wait_for(
        lambda: player.event(MATCHED) is not None, START_DEADLINE_S, "the player is heard", others
    )
    timer = StageTimer()
    before_s = node.processor_seconds()
    player.wait_for(
        lambda: player.event(FINISHED) is not None, PLAYING_DEADLINE_S, "all is played", others
    )
    busy_s = node.processor_seconds() - before_s
    timer.finish("playing")
    return 1000 * busy_s / timer.stages_ms["playing"]
