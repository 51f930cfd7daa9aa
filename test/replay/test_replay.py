# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json

import numpy as np
import pytest
from rosbags.highlevel import AnyReader

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.message_types import deserialize, serialize, time_message
from fusion_ros.errors import BagError, ConfigError
from fusion_ros.pipeline import FusionPipeline
from small_bags import make_bag, run_command

VISIBLE, THERMAL, INFO = "/visible/image_raw", "/thermal/image_raw", "/visible/camera_info"


def rewrite(bag, target, change):
    """Copy a bag; `change(topic, number, data)` returns the bytes to write, None to drop."""
    with BagReader(bag) as reader, BagWriter(target) as writer:
        connections = {t.name: writer.add_topic(t.name, t.msgtype) for t in reader.topics.values()}
        numbers = dict.fromkeys(connections, -1)
        for message in reader.messages(list(connections)):
            numbers[message.topic] += 1
            data = change(message, numbers[message.topic])
            if data is not None:
                writer.write(connections[message.topic], message.log_time_ns, data)
    return target


def replay(bag, folder, *options):
    run_command("replay", bag, "-o", folder, "--backend", "average", *options)
    return json.loads((folder / "summary.json").read_text())


def accounted(stream):
    return stream["paired"] + stream["unpaired"] + stream["stale"] + stream["malformed"]


def read_topic(bag, topic):
    with AnyReader([bag]) as reader:
        connections = [c for c in reader.connections if c.topic == topic]
        return [reader.deserialize(data, c.msgtype) for c, _, data in reader.messages(connections)]


def read_bytes(bag, topic):
    with BagReader(bag) as reader:
        return [(message.log_time_ns, message.data) for message in reader.messages([topic])]


def headers(messages):
    return [(m.header.stamp.sec, m.header.stamp.nanosec, m.header.frame_id) for m in messages]


def test_every_frame_of_a_sound_bag_is_fused(tmp_path):
    summary = replay(make_bag(tmp_path, "--loops", "5"), tmp_path / "out")
    frames = {"inputs": 16, "paired": 16, "unpaired": 0, "stale": 0, "malformed": 0}
    assert summary["visible"] == summary["thermal"] == frames
    assert summary["pairs"] == {"paired": 16, "fused": 16, "failed": 0}
    assert summary["pair_offset_ms"] == {"median": 0.0, "min": 0.0, "max": 0.0}
    assert set(summary["stages_ms"]) == {"convert", "prepare", "fuse", "publish"}


def test_the_fused_bag_holds_inputs_and_outputs_under_the_visible_header(tmp_path):
    bag = make_bag(tmp_path)
    replay(bag, tmp_path / "out")
    fused_bag = tmp_path / "out/fused.mcap"
    inputs = read_topic(bag, VISIBLE)
    for topic in (VISIBLE, "/fused/image", "/fused/camera_info", "/guidance/image", "/timing"):
        messages = read_topic(fused_bag, topic)
        assert headers(messages) == headers(inputs)
    assert read_bytes(fused_bag, THERMAL) == read_bytes(bag, THERMAL)
    assert {m.encoding for m in read_topic(fused_bag, "/fused/image")} == {"bgr8"}
    assert {m.encoding for m in read_topic(fused_bag, "/guidance/image")} == {"mono8"}


def test_timing_messages_say_how_each_frame_came_to_be(tmp_path):
    replay(make_bag(tmp_path, "--thermal-delay-ms", "4"), tmp_path / "out")
    timings = read_topic(tmp_path / "out/fused.mcap", "/timing")
    assert [t.pairs_fused for t in timings] == [1, 2, 3, 4]
    last = timings[-1]
    assert (last.backend, last.engine, last.model_id) == ("average", "cpu", "")
    assert last.pair_offset_ns == 4_000_000
    assert last.visible_received == last.thermal_received == 4
    stages = last.convert_ms + last.prepare_ms + last.fuse_ms + last.publish_ms
    assert last.latency_ms == pytest.approx(stages, rel=1e-3)
    assert min(last.convert_ms, last.prepare_ms, last.fuse_ms, last.publish_ms) > 0


def test_dropped_malformed_and_jittered_frames_are_all_accounted_for(tmp_path):
    bag = make_bag(tmp_path, "--loops", "20", "--jitter-ms", "6", "--seed", "3")

    def change(message, number):
        if message.topic == THERMAL and number % 10 == 3:
            return None
        if message.topic == VISIBLE and number == 7:
            return message.data[:-50]
        if message.topic == VISIBLE and number == 11:
            image = deserialize(message)
            image.encoding = "yuv422_odd"
            return serialize(image)
        if message.topic == THERMAL and number == 15:
            image = deserialize(message)
            image.header.stamp = time_message(0)
            return serialize(image)
        if message.topic == VISIBLE and number == 20:
            image = deserialize(message)
            image.header.stamp = time_message(1_700_000_000 * 10**9)
            return serialize(image)
        return message.data

    summary = replay(rewrite(bag, tmp_path / "hurt", change), tmp_path / "out")
    visible, thermal, pairs = summary["visible"], summary["thermal"], summary["pairs"]
    assert (visible["inputs"], thermal["inputs"]) == (61, 55)
    assert (visible["malformed"], thermal["malformed"]) == (2, 1)
    assert visible["stale"] == 1
    assert accounted(visible) == visible["inputs"]
    assert accounted(thermal) == thermal["inputs"]
    assert visible["paired"] == thermal["paired"] == pairs["fused"] == pairs["paired"]
    # 61 visible frames less 3 damaged, 6 without and 1 with a damaged partner.
    assert pairs["fused"] == 51
    assert len(read_topic(tmp_path / "out/fused.mcap", "/fused/image")) == 51
    assert len(summary["reasons"]) == 3
    assert -12 <= summary["pair_offset_ms"]["min"] < summary["pair_offset_ms"]["max"] <= 12


def test_replaying_twice_gives_identical_images(tmp_path):
    bag = make_bag(tmp_path, "--loops", "4", "--jitter-ms", "3", depth=np.uint16)
    for name in ("first", "second"):
        run_command("replay", bag, "-o", tmp_path / name)
    for topic in ("/fused/image", "/guidance/image", "/fused/camera_info"):
        first, second = (
            read_bytes(tmp_path / name / "fused.mcap", topic) for name in ("first", "second")
        )
        assert len(first) == 13
        assert first == second


def test_a_delayed_thermal_camera_is_paired_with_the_offset_taken_back(tmp_path):
    bag = make_bag(tmp_path, "--loops", "4", "--thermal-delay-ms", "200")
    without = replay(bag, tmp_path / "a")
    assert without["visible"]["unpaired"] == 6
    taken_back = replay(bag, tmp_path / "b", "--thermal-offset-ms", "-200")
    assert taken_back["pairs"]["fused"] == 13
    shown = read_topic(tmp_path / "b/fused.mcap", "/timing")
    assert {timing.pair_offset_ns for timing in shown} == {0}


def test_a_slow_thermal_camera_may_serve_every_visible_frame(tmp_path):
    bag = make_bag(tmp_path, "--seconds", "1", "--thermal-rate", "10")
    options = ("--reuse-thermal", "--tolerance-ms", "60")
    assert replay(bag, tmp_path / "a")["pairs"]["fused"] == 10
    reused = replay(bag, tmp_path / "b", *options)
    assert reused["pairs"]["fused"] == reused["visible"]["paired"] == 29
    assert accounted(reused["visible"]) == 30
    assert accounted(reused["thermal"]) == 10


def test_a_bag_that_was_cut_off_is_fused_as_far_as_it_goes(tmp_path):
    bag = make_bag(tmp_path, "--loops", "20")
    file = next(bag.glob("*.mcap"))
    file.write_bytes(file.read_bytes()[:100_000])
    summary = replay(bag, tmp_path / "out")
    assert 10 < summary["pairs"]["fused"] < 61
    assert any("cut off" in warning for warning in summary["warnings"])


def test_a_bag_without_thermal_frames_is_refused_with_what_it_holds(tmp_path):
    target = tmp_path / "single"
    with BagReader(make_bag(tmp_path)) as reader, BagWriter(target) as writer:
        connection = writer.add_topic(VISIBLE, reader.topics[VISIBLE].msgtype)
        for message in reader.messages([VISIBLE]):
            writer.write(connection, message.log_time_ns, message.data)
    with pytest.raises(BagError, match=rf"{VISIBLE} \(4 messages\)"):
        replay(target, tmp_path / "out")


def test_several_bags_get_a_folder_each(tmp_path):
    bags = [make_bag(tmp_path / name) for name in ("a", "b")]
    renamed = [bag.rename(bag.parent / f"bag_{bag.parent.name}") for bag in bags]
    run_command("replay", *renamed, "-o", tmp_path / "out", "--json", tmp_path / "all.json")
    assert sorted(p.parent.name for p in (tmp_path / "out").glob("*/fused.mcap")) == [
        "bag_a",
        "bag_b",
    ]
    assert len(json.loads((tmp_path / "all.json").read_text())) == 2


def test_bags_keep_what_follows_a_dot_in_their_names(tmp_path):
    bags = [
        make_bag(tmp_path / name).rename(tmp_path / f"drive.{name}") for name in ("day", "night")
    ]
    run_command("replay", *bags, "-o", tmp_path / "out")
    found = sorted(path.parent.name for path in (tmp_path / "out").glob("*/fused.mcap"))
    assert found == ["drive.day", "drive.night"]


def test_bags_of_one_name_are_refused_before_anything_is_written(tmp_path):
    bags = [make_bag(tmp_path / name) for name in ("a", "b")]
    with pytest.raises(ConfigError, match="different names"):
        run_command("replay", *bags, "-o", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_pair_that_fails_is_counted_and_the_next_is_fused(tmp_path, monkeypatch):
    fuse, calls = FusionPipeline.fuse, []

    def fail_once(self, pair, **options):
        calls.append(pair.visible_stamp_ns)
        if len(calls) == 2:
            raise ZeroDivisionError("a defect of a backend")
        return fuse(self, pair, **options)

    monkeypatch.setattr(FusionPipeline, "fuse", fail_once)
    summary = replay(make_bag(tmp_path), tmp_path / "out")
    assert summary["pairs"] == {"paired": 4, "fused": 3, "failed": 1}
    assert summary["reasons"] == ["pair: ZeroDivisionError: a defect of a backend"]
