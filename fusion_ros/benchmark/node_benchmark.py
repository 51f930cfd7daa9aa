# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The node from end to end, beside a relay that only republishes, at several paces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_ros.backends.registry import AUTO, choose_engine
from fusion_ros.benchmark.node_figures import NodeFigures, node_figures
from fusion_ros.benchmark.node_run import Pace, Program, run_program
from fusion_ros.benchmark.source_bag import write_source_bag
from fusion_ros.demo.private_network import free_domain, require_ros
from fusion_ros.errors import ConfigError
from fusion_ros.pipeline import DEFAULT_BACKEND

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_ros.benchmark.speed import OnStep

RELAY = Program("relay", "fusion_ros.node.relay")
# As fast as a camera; faster than most machines fuse; and without a pause between two messages.
FULL_PACES = (Pace("30 Hz", 1.0, 10), Pace("240 Hz", 8.0, 40), Pace("no pauses", math.inf, 50))
QUICK_PACES = (Pace("30 Hz", 1.0, 1), Pace("no pauses", math.inf, 3))


@dataclass(frozen=True, slots=True)
class NodeBenchmark:
    """What came of it.

    Attributes:
        runs: One for each program and pace.
        backend: With which the node ran.
        engine: On which it ran.
        skipped: Why there are no runs; empty where there are.
    """

    runs: tuple[NodeFigures, ...] = ()
    backend: str = ""
    engine: str = ""
    skipped: str = ""


def fusion_program(backend: str, engine: str) -> Program:
    """The node with a backend on an engine."""
    arguments = ("--ros-args", "-p", f"backend:={backend}", "-p", f"engine:={engine}")
    return Program("node", "fusion_ros.node", arguments, tells_timing=True)


def measure_node(
    size: tuple[int, int],
    paces: Sequence[Pace],
    folder: Path,
    on_step: OnStep = lambda _what, _done, _total: None,
) -> NodeBenchmark:
    """Run relay and node, with its default backend, at every pace, one program at a time.

    Args:
        size: Width and height of the images [px].
        paces: How fast pairs are published.
        folder: For the recording and logs; ``node.log`` and others stay there.
        on_step: Told the kind of steps, how many of them are done, and how many there are.

    Raises:
        FusionError: A process ended early or something took too long.
    """
    try:
        require_ros()
    except ConfigError as err:
        return NodeBenchmark(skipped=str(err))
    bag = folder / "source.mcap"
    write_source_bag(bag, size)
    engine = choose_engine(DEFAULT_BACKEND, AUTO)
    programs = (RELAY, fusion_program(DEFAULT_BACKEND, engine))
    plan = [(pace, program) for pace in paces for program in programs]
    runs = []
    for number, (pace, program) in enumerate(plan):
        on_step("node and relay", number, len(plan))
        scratch = folder / f"run_{number}"
        scratch.mkdir()
        run = run_program(program, pace, bag, free_domain(), scratch)
        runs.append(node_figures(program.name, pace.name, size, run))
    on_step("node and relay", len(plan), len(plan))
    return NodeBenchmark(tuple(runs), DEFAULT_BACKEND, engine)
