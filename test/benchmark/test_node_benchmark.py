# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Relay and node as the benchmark runs them, and what plays into them and listens."""

from __future__ import annotations

import io
import itertools
import math
import os
from types import SimpleNamespace

import pytest

pytest.importorskip("rclpy", reason="ROS 2 is not installed (make setup)")
pytest.importorskip("fusion_ros.msg", reason="the messages are not built (make setup)")

from sensor_msgs.msg import Image

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.camera_recording import THERMAL_TOPIC, VISIBLE_INFO_TOPIC, VISIBLE_TOPIC
from fusion_ros.bags.message_types import FUSION_TIMING, IMAGE
from fusion_ros.bags.passages import Passage, header_stamp_ns, read_passages
from fusion_ros.benchmark.node_benchmark import RELAY, fusion_program
from fusion_ros.benchmark.node_figures import node_figures
from fusion_ros.benchmark.node_run import Pace, run_program
from fusion_ros.benchmark.source_bag import PAIRS, write_source_bag
from fusion_ros.demo.child_process import ChildProcess
from fusion_ros.demo.private_network import free_domain, private_environment
from fusion_ros.errors import FusionError
from fusion_ros.node.bag_player import BagPlayer
from fusion_ros.node.bag_recorder import BagRecorder
from fusion_ros.node.relay import Relay
from fusion_ros.replay.outputs import FUSED_TOPIC, TIMING_TOPIC

SIZE = (64, 48)


def image(sec):
    message = Image()
    message.header.stamp.sec = sec
    return message


class RelayOnADesk:
    """A relay whose messages are handed to it, without a network."""

    def __init__(self):
        self.sent = []
        publisher = SimpleNamespace(publish=self.sent.append)
        node = SimpleNamespace(
            create_publisher=lambda *_: publisher, create_subscription=lambda *_: None
        )
        self.relay = Relay(node)


@pytest.mark.parametrize("visible_first", [True, False])
def test_the_relay_sends_the_visible_image_when_the_later_of_both_is_there(visible_first):
    desk = RelayOnADesk()
    visible, thermal = image(1), image(1)
    steps = [
        lambda: desk.relay.take_visible(visible),
        lambda: desk.relay.take_thermal(thermal),
    ]
    for step in steps if visible_first else reversed(steps):
        assert desk.sent == []
        step()
    assert len(desk.sent) == 1
    assert desk.sent[0] is visible


def test_the_relay_never_sends_images_without_a_partner_and_does_not_gather_them():
    desk = RelayOnADesk()
    for sec in range(100):
        desk.relay.take_visible(image(sec))
    desk.relay.take_thermal(image(0))
    assert desk.sent == []
    desk.relay.take_thermal(image(99))
    assert [message.header.stamp.sec for message in desk.sent] == [99]
    assert len(desk.relay._visible) < 10


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    bag = tmp_path_factory.mktemp("source") / "source.mcap"
    write_source_bag(bag, SIZE)
    return bag


def play(bag, names, passes, rate):
    """Run the player's loop into a list; returns what was published and the log's lines."""
    sent = []
    publisher = SimpleNamespace(publish=sent.append)
    node = SimpleNamespace(create_publisher=lambda *_: publisher)
    log = io.StringIO()
    with BagReader(bag) as reader:
        BagPlayer(node, reader, {name: name for name in names}, passes).play(log, rate, math.inf)
    return sent, log.getvalue().splitlines()


def test_stamps_go_on_from_pass_to_pass_in_even_steps(source):
    sent, lines = play(source, [VISIBLE_TOPIC], passes=3, rate=math.inf)
    stamps = [header_stamp_ns(data) for data in sent]
    assert len(lines) == len(stamps) == 3 * PAIRS
    steps = {second - first for first, second in itertools.pairwise(stamps)}
    assert max(steps) - min(steps) <= 2
    assert stamps[1] - stamps[0] in steps
    # Nothing but the stamp differs.
    assert sent[0][12:] == sent[PAIRS][12:]
    assert len(sent[0]) == len(sent[PAIRS])


def test_both_streams_keep_equal_stamps_in_every_pass(source):
    with BagReader(source) as reader:
        player_topics = [VISIBLE_TOPIC, THERMAL_TOPIC, VISIBLE_INFO_TOPIC]
        assert set(player_topics) == set(reader.topics)
    sent, _ = play(source, [VISIBLE_TOPIC, THERMAL_TOPIC], passes=2, rate=math.inf)
    stamps = [header_stamp_ns(data) for data in sent]
    assert stamps == sorted(stamps)
    assert all(stamps.count(stamp) == 2 for stamp in stamps)


def test_a_watched_topic_is_logged_but_not_written(tmp_path):
    node = SimpleNamespace(resolve_topic_name=str, create_subscription=lambda *_, **__: None)
    log = io.StringIO()
    with BagWriter(tmp_path / "out.mcap") as writer:
        recorder = BagRecorder(node, writer, {"/a": IMAGE, "/b": IMAGE}, watched={"/b"})
        thread = recorder.start(log)
        for topic in ("/a", "/b"):
            recorder._received.put((Passage(topic, 1, 2, 3), bytes(20)))
        recorder.finish()
        thread.join(20)
    assert recorder.failure is None
    assert len(log.getvalue().splitlines()) == 2
    with BagReader(tmp_path / "out.mcap") as reader:
        assert [message.topic for message in reader.messages(["/a", "/b"])] == ["/a"]


@pytest.mark.ros
@pytest.mark.slow
def test_the_relay_gives_back_the_very_images_that_it_got(source, tmp_path):
    environment = private_environment(free_domain(), os.environ)
    out = tmp_path / "out.mcap"
    names = [f"--topic={name}:={name}" for name in (VISIBLE_TOPIC, THERMAL_TOPIC)]
    waiting = [f"--wait-for={name}" for name in (VISIBLE_TOPIC, THERMAL_TOPIC)]

    def start(module, *arguments):
        return ChildProcess(f"fusion_ros.node.{module}", arguments, environment, tmp_path / module)

    with start("bag_recorder", str(out), f"--topic={FUSED_TOPIC}:={IMAGE}") as recorder:
        with start("relay") as relay:
            recorder.wait_for(lambda: recorder.event("matched"), 60, "the relay is heard", [relay])
            with start("bag_player", str(source), "--hold", *names, *waiting) as player:
                recorder.wait_for(
                    lambda: (recorder.event("counted") or {"counts": {}})["counts"],
                    60,
                    "an image",
                    [relay],
                )
                player.wait_for(lambda: player.event("finished"), 60, "all is played", [relay])
                player.let_go()
            assert relay.interrupt() == 0
        assert recorder.interrupt() == 0
    with BagReader(source) as reader:
        sent = {header_stamp_ns(m.data): m.data for m in reader.messages([VISIBLE_TOPIC])}
    with BagReader(out) as reader:
        received = [message.data for message in reader.messages([FUSED_TOPIC])]
    assert 0 < len(received) <= PAIRS
    # CDR may be padded at its end.
    for data in received:
        original = sent[header_stamp_ns(data)]
        shorter = min(len(data), len(original))
        assert data[4:shorter] == original[4:shorter]
        assert abs(len(data) - len(original)) < 8


@pytest.mark.ros
@pytest.mark.slow
def test_pairs_without_pauses_are_all_accounted_for(source, tmp_path):
    pace = Pace("no pauses", math.inf, 10)
    run = run_program(fusion_program("average", "cpu"), pace, source, free_domain(), tmp_path)
    figures = node_figures("node", pace.name, SIZE, run)
    assert figures.pairs_sent == 10 * PAIRS
    fates = (figures.fused, figures.superseded, figures.failed, figures.not_paired)
    assert sum(fates) == figures.pairs_sent
    assert min(fates) >= 0
    assert figures.failed == 0
    assert 0 < figures.frames_received <= figures.fused
    assert 0 < figures.latency_ms["p50"] <= figures.latency_ms["p99"]
    assert figures.stages_ms["fuse"]["p50"] > 0
    assert figures.cores_busy > 0
    assert 50 < figures.peak_memory_mb < 500
    sent = {p.stamp_ns for p in read_passages(run.published) if p.topic == VISIBLE_TOPIC}
    assert {p.stamp_ns for p in read_passages(run.received)} <= sent
    with BagReader(run.timings) as reader:
        assert {name: topic.msgtype for name, topic in reader.topics.items()} == {
            TIMING_TOPIC: FUSION_TIMING
        }


@pytest.mark.ros
@pytest.mark.slow
def test_a_relay_run_leaves_figures_without_a_bag_of_timings(source, tmp_path):
    pace = Pace("fast", 4.0, 1)
    run = run_program(RELAY, pace, source, free_domain(), tmp_path)
    figures = node_figures("relay", pace.name, SIZE, run)
    assert (figures.pairs_sent, figures.fused) == (PAIRS, None)
    assert 0 < figures.frames_received <= PAIRS


@pytest.mark.ros
@pytest.mark.slow
def test_a_program_that_cannot_start_ends_the_run_with_its_own_words(source, tmp_path):
    with pytest.raises(FusionError, match=r"cannot start(.|\n)*magic"):
        run_program(
            fusion_program("magic", "auto"), Pace("30 Hz", 1.0, 1), source, free_domain(), tmp_path
        )
