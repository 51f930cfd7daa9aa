# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a run of the node or the relay, from its logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import deserialize
from fusion_ros.bags.passages import read_passages
from fusion_ros.core.time_units import NS_PER_S
from fusion_ros.demo.latency import end_to_end_ms, spread, stage_spreads
from fusion_ros.errors import FusionError
from fusion_ros.replay.outputs import FUSED_TOPIC, TIMING_TOPIC

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_ros.bags.passages import Passage
    from fusion_ros.benchmark.node_run import NodeRun


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """Figures of one run.

    `pairs_sent` is the sum of `fused`, `superseded`, `failed` and `not_paired`.

    Attributes:
        program: What ran.
        pace: How fast pairs were published.
        width: Of the images [px].
        height: Of the images [px].
        pairs_sent: Pairs published.
        sent_hz: How many a second.
        frames_received: Frames that arrived at the recorder.
        received_hz: How many a second, from the first to the last.
        fused: Pairs that the node fused and published; None for the relay, which does not tell.
        superseded: Pairs that a newer one replaced while the node was busy.
        failed: Pairs that could not be fused.
        not_paired: Pairs of which an image did not reach the node in time.
        latency_ms: From the publication of the later input to the frame's arrival: ``p50`` and
            ``p99`` on the steady clock that all processes share [ms].
        stages_ms: The node's own account of its stages; ``p50`` and ``p99`` of each [ms].
        cores_busy: Processor time of the program per wall time.
        peak_memory_mb: Its largest resident memory, the shared memory that it touches included.
    """

    program: str
    pace: str
    width: int
    height: int
    pairs_sent: int
    sent_hz: float
    frames_received: int
    received_hz: float
    fused: int | None
    superseded: int | None
    failed: int | None
    not_paired: int | None
    latency_ms: dict[str, float]
    stages_ms: dict[str, dict[str, float]]
    cores_busy: float
    peak_memory_mb: float


def node_figures(program: str, pace: str, size: tuple[int, int], run: NodeRun) -> NodeFigures:
    """Read the logs of a run.

    Args:
        program: What ran.
        pace: How fast pairs were published.
        size: Width and height of the images [px].
        run: What the run left behind.

    Raises:
        FusionError: No frame came out.
    """
    published = list(read_passages(run.published))
    visible = [passage for passage in published if passage.topic == VISIBLE_TOPIC]
    thermal = [passage for passage in published if passage.topic == THERMAL_TOPIC]
    arrived = [p for p in read_passages(run.received) if p.topic == FUSED_TOPIC]
    if not arrived:
        raise FusionError(f"{program}, {pace}: {len(visible)} pairs were sent, no frame came out")
    timings = _timings(run.timings)
    # Both cameras of the recording are triggered together.
    partners = {passage.stamp_ns: passage.stamp_ns for passage in thermal}
    return NodeFigures(
        program=program,
        pace=pace,
        width=size[0],
        height=size[1],
        pairs_sent=len(visible),
        sent_hz=_rate_hz(visible),
        frames_received=len(arrived),
        received_hz=_rate_hz(arrived),
        **_fates(len(visible), timings[-1] if timings else None),
        latency_ms=spread(end_to_end_ms(visible, thermal, arrived, partners)),
        stages_ms=stage_spreads(timings) if timings else {},
        cores_busy=run.cores_busy,
        peak_memory_mb=run.peak_memory_mb,
    )


def _timings(bag: Path) -> list[Any]:
    """All `FusionTiming` of a recording."""
    with BagReader(bag) as reader:
        if TIMING_TOPIC not in reader.topics:
            return []
        return [deserialize(message) for message in reader.messages([TIMING_TOPIC])]


def _fates(sent: int, last_timing: Any | None) -> dict[str, int | None]:
    """What became of the pairs, as the node says in the last message about itself."""
    names = ("fused", "superseded", "failed")
    if last_timing is None:
        return dict.fromkeys((*names, "not_paired"))
    fates: dict[str, int | None] = {
        name: int(getattr(last_timing, f"pairs_{name}")) for name in names
    }
    made = sum(int(getattr(last_timing, f"pairs_{name}")) for name in names)
    return {**fates, "not_paired": sent - made}


def _rate_hz(passages: Sequence[Passage]) -> float:
    """Messages a second from the first to the last; 0 for fewer than two."""
    if len(passages) < 2:
        return 0.0
    return (len(passages) - 1) * NS_PER_S / (passages[-1].steady_ns - passages[0].steady_ns)
