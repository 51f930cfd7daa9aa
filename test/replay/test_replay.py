# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from rosbags.highlevel import AnyReader

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.message_types import deserialize, serialize, time_message
from fusion_ros.errors import BagError
from fusion_ros.pipeline import FusionPipeline
from small_bags import make_bag, replay, rewrite, run_command

VISIBLE, THERMAL, INFO = "/visible/image_raw", "/thermal/image_raw", "/visible/camera_info"


def accounted(stream):
    return sum(count for fate, count in stream.items() if fate != "inputs")


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
    metrics = replay(make_bag(tmp_path, "--loops", "5"), tmp_path / "out")
    dropped = dict.fromkeys(("failed", "no_partner", "stale", "malformed"), 0)
    assert metrics["frames"]["visible"] == {"inputs": 16, "fused": 16, **dropped}
    assert metrics["frames"]["thermal"] == {"inputs": 16, "fused": 16, **dropped}
    assert metrics["pairs"] == {"made": 16, "fused": 16, "failed": 0}
    assert metrics["pair_offset_ms"] == {"median": 0.0, "p99_abs": 0.0, "min": 0.0, "max": 0.0}
    assert metrics["series"]["drops"] == []
    assert metrics["rates_hz"] == pytest.approx({"visible": 30, "thermal": 30, "fused": 30})
    assert metrics["series"]["t_s"] == pytest.approx([n / 30 for n in range(16)], abs=1e-4)


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


def test_writing_the_recording_is_no_part_of_the_time_for_a_pair(tmp_path):
    series = replay(make_bag(tmp_path), tmp_path / "out")["series"]["stages_ms"]
    assert set(series) == {"convert", "prepare", "fuse", "total", "write"}
    sums = np.sum([series[name] for name in ("convert", "prepare", "fuse")], axis=0)
    assert series["total"] == pytest.approx(sums, abs=1e-3)
    timings = read_topic(tmp_path / "out/fused.mcap", "/timing")
    assert series["write"] == pytest.approx([t.publish_ms for t in timings], rel=1e-3, abs=1e-3)


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

    metrics = replay(rewrite(bag, tmp_path / "hurt", change), tmp_path / "out")
    visible, thermal = metrics["frames"]["visible"], metrics["frames"]["thermal"]
    assert (visible["inputs"], thermal["inputs"]) == (61, 55)
    assert (visible["malformed"], thermal["malformed"]) == (2, 1)
    assert visible["stale"] == 1
    assert accounted(visible) == visible["inputs"]
    assert accounted(thermal) == thermal["inputs"]
    # 61 visible frames less 3 damaged, 6 without and 1 with a damaged partner.
    assert visible["fused"] == thermal["fused"] == metrics["pairs"]["fused"] == 51
    assert len(read_topic(tmp_path / "out/fused.mcap", "/fused/image")) == 51
    assert len(metrics["reasons"]) == 3
    offsets = metrics["pair_offset_ms"]
    assert -12 <= offsets["min"] < offsets["max"] <= 12
    check_drops(metrics)


def check_drops(metrics):
    """Every frame that was not fused is in the list of drops, with its time and reason."""
    drops = metrics["series"]["drops"]
    for stream, account in metrics["frames"].items():
        for reason in ("no_partner", "stale", "malformed"):
            listed = [d for d in drops if (d["stream"], d["reason"]) == (stream, reason)]
            assert len(listed) == account[reason]
    duration_s = metrics["bag"]["duration_s"]
    assert all(-0.1 <= drop["t_s"] <= duration_s + 0.1 for drop in drops)
    # The seventh visible frame was cut off: its stamp cannot be read, its log time can.
    damaged = [drop["t_s"] for drop in drops if drop["reason"] == "malformed"]
    assert damaged[0] == pytest.approx(7 / 30, abs=0.02)


def test_replaying_twice_gives_identical_images(tmp_path):
    bag = make_bag(tmp_path, "--loops", "4", "--jitter-ms", "3", depth=np.uint16)
    hashes = set()
    for name in ("first", "second"):
        run_command("replay", bag, "-o", tmp_path / name)
        metrics = json.loads((tmp_path / name / "metrics.json").read_text())
        hashes.add(metrics["fused_sha256"])
    assert len(hashes) == 1
    for topic in ("/fused/image", "/guidance/image", "/fused/camera_info"):
        first, second = (
            read_bytes(tmp_path / name / "fused.mcap", topic) for name in ("first", "second")
        )
        assert len(first) == 13
        assert first == second


def test_the_hash_of_the_fused_images_is_that_of_their_pixels(tmp_path):
    metrics = replay(make_bag(tmp_path), tmp_path / "out")
    images = read_topic(tmp_path / "out/fused.mcap", "/fused/image")
    pixels = b"".join(image.data.tobytes() for image in images)
    assert metrics["fused_sha256"] == hashlib.sha256(pixels).hexdigest()
    darker = replay(make_bag(tmp_path / "b", count=3), tmp_path / "out_b")
    assert darker["fused_sha256"] != metrics["fused_sha256"]


def test_a_delayed_thermal_camera_is_paired_with_the_offset_taken_back(tmp_path):
    bag = make_bag(tmp_path, "--loops", "4", "--thermal-delay-ms", "200")
    without = replay(bag, tmp_path / "a")
    assert without["frames"]["visible"]["no_partner"] == 6
    taken_back = replay(bag, tmp_path / "b", "--thermal-offset-ms", "-200")
    assert taken_back["pairs"]["fused"] == 13
    shown = read_topic(tmp_path / "b/fused.mcap", "/timing")
    assert {timing.pair_offset_ns for timing in shown} == {0}
    # The offset is of the stamps; when the messages arrived is told as it was.
    assert taken_back["arrival_offset_ms"]["median"] == pytest.approx(200)
    visible = replay(bag, tmp_path / "c", "--visible-offset-ms", "200")
    assert visible["fused_sha256"] == taken_back["fused_sha256"]


def test_arrival_times_are_reported_beside_stamps(tmp_path):
    with BagReader(make_bag(tmp_path)) as reader, BagWriter(tmp_path / "late") as writer:
        topics = reader.topics.values()
        connections = {t.name: writer.add_topic(t.name, t.msgtype) for t in topics}
        for message in reader.messages(list(connections)):
            late_ns = 50_000_000 if message.topic == THERMAL else 0
            writer.write(connections[message.topic], message.log_time_ns + late_ns, message.data)
    metrics = replay(tmp_path / "late", tmp_path / "out")
    assert metrics["pair_offset_ms"]["max"] == 0
    assert metrics["arrival_offset_ms"]["min"] == pytest.approx(50)
    assert metrics["series"]["arrival_offset_ms"] == pytest.approx([50] * 4)
    assert metrics["arrival_rates_hz"]["thermal"] == pytest.approx(30, abs=0.1)


def test_a_slow_thermal_camera_may_serve_every_visible_frame(tmp_path):
    bag = make_bag(tmp_path, "--seconds", "1", "--thermal-rate", "10")
    options = ("--reuse-thermal", "--tolerance-ms", "60")
    assert replay(bag, tmp_path / "a")["pairs"]["fused"] == 10
    reused = replay(bag, tmp_path / "b", *options)
    visible, thermal = reused["frames"]["visible"], reused["frames"]["thermal"]
    assert reused["pairs"]["fused"] == visible["fused"] == 29
    # Each thermal frame counts once, however often it was used.
    assert thermal["fused"] == thermal["inputs"] == 10
    assert accounted(visible) == 30


def test_a_bag_that_was_cut_off_is_fused_as_far_as_it_goes(tmp_path):
    bag = make_bag(tmp_path, "--loops", "20")
    file = next(bag.glob("*.mcap"))
    file.write_bytes(file.read_bytes()[:100_000])
    metrics = replay(bag, tmp_path / "out")
    assert 10 < metrics["pairs"]["fused"] < 61
    assert metrics["bag"]["damaged"]
    assert any("cut off" in warning for warning in metrics["warnings"])


def test_a_bag_without_thermal_frames_is_refused_with_what_it_holds(tmp_path):
    target = tmp_path / "single"
    with BagReader(make_bag(tmp_path)) as reader, BagWriter(target) as writer:
        connection = writer.add_topic(VISIBLE, reader.topics[VISIBLE].msgtype)
        for message in reader.messages([VISIBLE]):
            writer.write(connection, message.log_time_ns, message.data)
    with pytest.raises(BagError, match=rf"{VISIBLE} \(4 messages\)"):
        replay(target, tmp_path / "out")


def test_a_pair_that_fails_is_counted_and_the_next_is_fused(tmp_path, monkeypatch):
    fail(monkeypatch, {2})
    metrics = replay(make_bag(tmp_path), tmp_path / "out")
    assert metrics["pairs"] == {"made": 4, "fused": 3, "failed": 1}
    assert metrics["reasons"] == ["pair: ZeroDivisionError: a defect of a backend"]
    for stream in ("visible", "thermal"):
        account = metrics["frames"][stream]
        assert (account["fused"], account["failed"]) == (3, 1)
    drop = {"t_s": pytest.approx(1 / 30, abs=1e-4), "stream": "pair", "reason": "failed"}
    assert metrics["series"]["drops"] == [drop]


def test_a_reused_thermal_frame_counts_as_failed_only_if_no_pair_of_it_was_fused(
    tmp_path, monkeypatch
):
    bag = make_bag(tmp_path, "--seconds", "0.4", "--thermal-rate", "10")
    # The first thermal frame serves pairs 1 and 2, the second the next three.
    fail(monkeypatch, {1, 3, 4, 5})
    metrics = replay(bag, tmp_path / "out", "--reuse-thermal", "--tolerance-ms", "60")
    assert metrics["frames"]["visible"]["failed"] == 4
    assert metrics["frames"]["thermal"]["failed"] == 1
    assert accounted(metrics["frames"]["thermal"]) == metrics["frames"]["thermal"]["inputs"]


def fail(monkeypatch, numbers):
    """Let the backend refuse some pairs, counted from 1."""
    fuse, calls = FusionPipeline.fuse_with_sources, []

    def fuse_most(self, pair, *options):
        calls.append(pair.visible_stamp_ns)
        # Warming up comes without a stamp.
        if calls[0] == 0:
            calls.clear()
        if len(calls) in numbers:
            raise ZeroDivisionError("a defect of a backend")
        return fuse(self, pair, *options)

    monkeypatch.setattr(FusionPipeline, "fuse_with_sources", fuse_most)


def test_log_times_beyond_any_clock_end_no_replay(tmp_path):
    bag, far = make_bag(tmp_path), tmp_path / "far"
    with BagReader(bag) as reader, BagWriter(far) as writer:
        topics = {t.name: writer.add_topic(t.name, t.msgtype) for t in reader.topics.values()}
        for message in reader.messages(list(topics)):
            log_time_ns = 2**64 - 2 if message.topic == VISIBLE else message.log_time_ns
            writer.write(topics[message.topic], log_time_ns, message.data)
    metrics = replay(far, tmp_path / "out")
    assert metrics["frames"]["visible"]["fused"] == 4
