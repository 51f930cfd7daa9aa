# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes what the demo leaves behind: recording, contact sheet, video, figures."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import cv2

from fusion_ros.bags.message_types import nanoseconds
from fusion_ros.bags.passages import Passage, header_stamp_ns, read_passages
from fusion_ros.demo.combined_bag import combine
from fusion_ros.demo.contact_sheet import contact_sheet
from fusion_ros.demo.expectations import Expectation, expectations
from fusion_ros.demo.latency import end_to_end_ms, spread, stage_spreads
from fusion_ros.demo.live_account import LiveAccount, Stream, live_account
from fusion_ros.demo.moments import Moment, MomentGatherer
from fusion_ros.demo.video import SideBySideVideo
from fusion_ros.errors import FusionError
from fusion_ros.replay.outputs import FUSED_TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from fusion_ros.bags.bag_reader import BagMessage
    from fusion_ros.demo.bag_facts import BagFacts
    from fusion_ros.demo.live_run import LiveOptions, LiveRun

BAG_NAME, SHEET_NAME, VIDEO_NAME = "fused.mcap", "contact_sheet.png", "fused.mp4"
SUMMARY_NAME = "summary.json"
SHEET_ROWS = 4


@dataclass(frozen=True, slots=True)
class DemoResults:
    """What came of a run.

    Attributes:
        account: Where every frame ended.
        expectations: What was expected of the node, and whether it held.
        summary: All figures, as in summary.json.
    """

    account: LiveAccount
    expectations: tuple[Expectation, ...]
    summary: dict[str, Any]


def make_results(
    facts: BagFacts,
    options: LiveOptions,
    run: LiveRun,
    folder: Path,
    with_video: bool,
    advance: Callable[[int], None],
) -> DemoResults:
    """Write everything into a folder.

    Args:
        facts: What was played.
        options: How the node was run.
        run: What came out.
        folder: For the results.
        with_video: Whether the video is made.
        advance: Called after each message with the number of all.

    Raises:
        FusionError: Nothing was fused, or the account does not add up.
    """
    published = list(read_passages(run.published))
    received = list(read_passages(run.received))
    streams = _streams(published, facts)
    if not any(passage.topic == FUSED_TOPIC for passage in received):
        raise FusionError(f"the node fused nothing; see {folder / run.node_log.name}")
    timings: list[Any] = []
    with SideBySideVideo(folder / VIDEO_NAME) if with_video else nullcontext() as video:
        messages = combine(facts.bag, facts.topics, run, folder / BAG_NAME)
        chosen = _pictures(
            messages,
            _targets(streams["visible"]),
            video,
            timings,
            partial(advance, len(published) + len(received)),
        )
    if chosen:
        sheet = contact_sheet(chosen, streams["visible"][0].stamp_ns)
        cv2.imwrite(str(folder / SHEET_NAME), sheet, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return _figures(facts, options, run, (streams, received, timings), folder)


def _pictures(
    messages: Iterator[BagMessage],
    targets: Sequence[int],
    video: SideBySideVideo | None,
    timings: list[Any],
    advance: Callable[[], None],
) -> list[Moment]:
    """Go through the combined recording, feeding the video.

    Args:
        messages: Of the combined recording.
        targets: Stamps of the contact sheet's rows [ns].
        video: Takes the moments that it needs.
        timings: All `FusionTiming` messages are appended here.
        advance: Called after each message.

    Returns:
        The moments of the contact sheet.
    """
    gatherer = MomentGatherer(timings)
    chosen: list[Moment] = []
    for message in messages:
        advance()
        stamp = gatherer.add(message, header_stamp_ns(message.data))
        if stamp is None:
            continue
        for_sheet = len(chosen) < len(targets) and stamp >= targets[len(chosen)]
        for_video = video is not None and video.is_due(stamp)
        moment = gatherer.moment(stamp) if for_sheet or for_video else None
        if moment is not None and for_sheet:
            chosen.append(moment)
        if moment is not None and video is not None and for_video:
            video.add(moment)
    return chosen


def _streams(published: list[Passage], facts: BagFacts) -> dict[Stream, list[Passage]]:
    return {
        "visible": [p for p in published if p.topic == facts.topics.visible],
        "thermal": [p for p in published if p.topic == facts.topics.thermal],
    }


def _targets(visible: list[Passage]) -> list[int]:
    """Stamps at which, or soon after which, the rows of the contact sheet are taken [ns]."""
    first, last = visible[0].stamp_ns, visible[-1].stamp_ns
    return [first + (2 * row + 1) * (last - first) // (2 * SHEET_ROWS) for row in range(SHEET_ROWS)]


def _figures(
    facts: BagFacts,
    options: LiveOptions,
    run: LiveRun,
    measured: tuple[dict[Stream, list[Passage]], list[Passage], list[Any]],
    folder: Path,
) -> DemoResults:
    streams, received, timings = measured
    fused = [passage for passage in received if passage.topic == FUSED_TOPIC]
    last = timings[-1]
    last_stamps: dict[Stream, int] = {
        "visible": nanoseconds(last.header.stamp),
        "thermal": nanoseconds(last.thermal_stamp),
    }
    account = live_account(streams, last, last_stamps, len(fused), options.reuse_thermal)
    partners = {nanoseconds(t.header.stamp): nanoseconds(t.thermal_stamp) for t in timings}
    latencies = end_to_end_ms(streams["visible"], streams["thermal"], fused, partners)
    checks = expectations(run, account)
    summary = {
        "backend": last.backend,
        "engine": last.engine,
        "model_id": last.model_id,
        "visible_hz": round(facts.visible_hz, 2),
        "thermal_hz": round(facts.thermal_hz, 2),
        "pairing": {"tolerance_ms": options.tolerance_ms, "reuse_thermal": options.reuse_thermal},
        **asdict(account),
        "end_to_end_ms": spread(latencies),
        "stages_ms": stage_spreads(timings),
        "node": {
            "exit_code": run.node_exit_code,
            "peak_memory_mb": round(run.node_memory_mb, 1),
        },
        "expectations": [asdict(check) for check in checks],
    }
    (folder / SUMMARY_NAME).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return DemoResults(account, checks, summary)
