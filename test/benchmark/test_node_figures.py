# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Figures of the node from logs that are written by hand."""

from __future__ import annotations

import dataclasses

import pytest

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_INFO_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import (
    FUSION_TIMING,
    deserialize,
    header_message,
    make_message,
    serialize,
    time_message,
)
from fusion_ros.bags.passages import Passage, write_passage
from fusion_ros.benchmark import node_benchmark
from fusion_ros.benchmark.node_benchmark import QUICK_PACES, measure_node
from fusion_ros.benchmark.node_figures import node_figures
from fusion_ros.benchmark.node_run import NodeRun
from fusion_ros.benchmark.source_bag import PAIRS, write_source_bag
from fusion_ros.errors import ConfigError, FusionError
from fusion_ros.replay.outputs import FUSED_TOPIC, TIMING_TOPIC

PERIOD_NS = 10_000_000
MS = 1_000_000


def write_log(path, passages):
    with path.open("w") as file:
        for passage in passages:
            write_passage(file, passage)
    return path


def timing(fused, superseded, failed):
    """A `FusionTiming` with some counts; all else is 1 or empty."""
    from fusion_ros.bags.message_types import typestore

    fields = dict.fromkeys(
        (f.name for f in dataclasses.fields(typestore().types[FUSION_TIMING])), 1
    )
    fields.pop("__msgtype__", None)
    return make_message(
        FUSION_TIMING,
        **fields
        | {"header": header_message(1, "a"), "thermal_stamp": time_message(1)}
        | dict.fromkeys(("backend", "engine", "model_id"), "")
        | {"pairs_fused": fused, "pairs_superseded": superseded, "pairs_failed": failed},
    )


@pytest.fixture
def run(tmp_path):
    """Ten pairs, 100 a second, thermal 2 ms late; every other one comes out 7 ms after that."""
    sent, arrived = [], []
    for number in range(10):
        stamp_ns, at_ns = number * PERIOD_NS + 5, number * PERIOD_NS
        sent.append(Passage(VISIBLE_TOPIC, stamp_ns, at_ns, 0))
        sent.append(Passage(VISIBLE_INFO_TOPIC, stamp_ns, at_ns, 0))
        sent.append(Passage(THERMAL_TOPIC, stamp_ns, at_ns + 2 * MS, 0))
        if number % 2 == 0:
            arrived.append(Passage(FUSED_TOPIC, stamp_ns, at_ns + 9 * MS, 0))
            arrived.append(Passage(TIMING_TOPIC, stamp_ns, at_ns + 9 * MS, 0))
    with BagWriter(tmp_path / "timings.mcap") as writer:
        connection = writer.add_topic(TIMING_TOPIC, FUSION_TIMING)
        for fused in (1, 5):
            writer.write(connection, fused, serialize(timing(fused, fused // 2, fused // 5)))
    return NodeRun(
        write_log(tmp_path / "published.jsonl", sent),
        write_log(tmp_path / "received.jsonl", arrived),
        tmp_path / "timings.mcap",
        cores_busy=0.5,
        peak_memory_mb=123.0,
    )


def test_latency_rates_and_fates_come_from_the_logs(run):
    figures = node_figures("node", "30 Hz", (640, 480), run)
    assert figures.pairs_sent == 10
    assert figures.frames_received == 5
    assert (figures.fused, figures.superseded, figures.failed, figures.not_paired) == (5, 2, 1, 2)
    assert figures.latency_ms == {"p50": 7.0, "p99": 7.0}
    assert figures.sent_hz == pytest.approx(100.0)
    assert figures.received_hz == pytest.approx(50.0)
    assert figures.stages_ms["fuse"] == {"p50": 1.0, "p99": 1.0}


def test_a_relay_tells_nothing_about_itself(run, tmp_path):
    with BagWriter(tmp_path / "empty.mcap"):
        pass
    silent = dataclasses.replace(run, timings=tmp_path / "empty.mcap")
    figures = node_figures("relay", "30 Hz", (640, 480), silent)
    assert (figures.fused, figures.superseded, figures.not_paired) == (None, None, None)
    assert figures.stages_ms == {}
    assert figures.latency_ms["p50"] == 7.0


def test_a_run_without_a_frame_is_an_error(run, tmp_path):
    nothing = dataclasses.replace(run, received=write_log(tmp_path / "none.jsonl", []))
    with pytest.raises(FusionError, match="node, 30 Hz: 10 pairs were sent, no frame came out"):
        node_figures("node", "30 Hz", (640, 480), nothing)


def test_the_source_holds_pairs_that_move(tmp_path):
    write_source_bag(tmp_path / "source.mcap", (64, 48))
    images = {VISIBLE_TOPIC: [], THERMAL_TOPIC: []}
    with BagReader(tmp_path / "source.mcap") as reader:
        for message in reader.messages(list(images)):
            images[message.topic].append(deserialize(message))
    assert [len(found) for found in images.values()] == [PAIRS, PAIRS]
    for visible, thermal in zip(*images.values(), strict=True):
        assert visible.header.stamp == thermal.header.stamp
    for found in images.values():
        assert (found[0].width, found[0].height) == (64, 48)
        assert (found[0].data != found[1].data).any()


def test_without_ros_the_reason_takes_the_place_of_the_figures(tmp_path, monkeypatch):
    def refuse():
        raise ConfigError("there is no rclpy here")

    monkeypatch.setattr(node_benchmark, "require_ros", refuse)
    result = measure_node((64, 48), QUICK_PACES, tmp_path)
    assert result.runs == ()
    assert result.skipped == "there is no rclpy here"
