# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from rosbags.highlevel import AnyReader

from fusion_ros.bags.passages import Passage
from fusion_ros.demo.bag_facts import inspect_bag
from fusion_ros.demo.expectations import expectations
from fusion_ros.demo.latency import end_to_end_ms, spread
from fusion_ros.demo.live_account import LiveAccount, LiveStreamAccount, live_account
from fusion_ros.demo.live_run import LiveOptions, LiveRun, run_live
from fusion_ros.demo.private_network import free_domain, private_environment
from fusion_ros.errors import ConfigError, FusionError

FATES = ("paired", "unpaired", "stale", "malformed", "lost", "undecided")


def run_demo(*arguments):
    command = [sys.executable, "-m", "fusion_ros.cli.main", "demo", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A demo of two seconds, end to end."""
    pytest.importorskip("rclpy", reason="needs ROS 2")
    pytest.importorskip("fusion_ros.msg", reason="needs the built message")
    folder = tmp_path_factory.mktemp("demo") / "output"
    return folder, run_demo("--seconds", "2", "-o", folder)


@pytest.mark.ros
@pytest.mark.slow
def test_the_demo_ends_well_and_says_where_to_look(finished):
    folder, result = finished
    assert result.returncode == 0, result.stdout + result.stderr
    for name in ("contact_sheet.png", "fused.mp4", "fused.mcap", "summary.json"):
        assert str(folder / name) in "".join(result.stdout.split("\n"))
        assert (folder / name).stat().st_size > 0
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.ros
@pytest.mark.slow
def test_the_demo_accounts_for_every_frame(finished):
    folder, _ = finished
    summary = json.loads((folder / "summary.json").read_text())
    assert (summary["visible"]["published"], summary["thermal"]["published"]) == (60, 30)
    for stream in ("visible", "thermal"):
        account = summary[stream]
        assert sum(account[fate] for fate in FATES) == account["published"]
        assert account["malformed"] == account["stale"] == account["lost"] == 0
    made = summary["fused"] + summary["superseded"] + summary["failed"]
    assert made == summary["visible"]["paired"]
    assert summary["received"] == summary["fused"] > 10
    assert 0 < summary["end_to_end_ms"]["p50"] <= summary["end_to_end_ms"]["p99"]
    assert summary["node"]["exit_code"] == 0
    assert 0 < summary["node"]["peak_memory_mb"] < 400
    assert all(expectation["held"] for expectation in summary["expectations"])


@pytest.mark.ros
@pytest.mark.slow
def test_the_recording_of_the_demo_opens_and_is_complete(finished):
    folder, _ = finished
    summary = json.loads((folder / "summary.json").read_text())
    with AnyReader([folder / "fused.mcap"]) as reader:
        counts = {connection.topic: connection.msgcount for connection in reader.connections}
        stamps = {}
        for connection, log_time_ns, data in reader.messages():
            message = reader.deserialize(data, connection.msgtype)
            stamp = message.header.stamp
            stamps.setdefault(connection.topic, {})[stamp.sec, stamp.nanosec] = log_time_ns
    assert (counts["/visible/image_raw"], counts["/thermal/image_raw"]) == (60, 30)
    for topic in ("/fused/image", "/fused/camera_info", "/guidance/image", "/timing"):
        assert counts[topic] == summary["fused"]
    for stamp, arrived_ns in stamps["/fused/image"].items():
        assert stamps["/visible/image_raw"][stamp] < arrived_ns


@pytest.mark.ros
@pytest.mark.slow
def test_contact_sheet_and_video_of_the_demo_show_something(finished):
    folder, _ = finished
    sheet = cv2.imread(str(folder / "contact_sheet.png"))
    assert sheet.shape[1] > 1600
    assert sheet.shape[0] > 1200
    assert sheet.std() > 30
    video = cv2.VideoCapture(str(folder / "fused.mp4"))
    frames = 0
    while True:
        read, frame = video.read()
        if not read:
            break
        frames += 1
        assert frame.shape == (240, 960, 3)
    # Two seconds at 15 Hz, less what a busy machine left out.
    assert 10 <= frames <= 31


def test_a_backend_that_does_not_exist_ends_the_demo_at_once(tmp_path):
    pytest.importorskip("rclpy", reason="needs ROS 2")
    result = run_demo("-o", tmp_path / "out", "--backend", "magic")
    assert result.returncode == 1
    assert result.stderr.startswith("error: unknown backend 'magic'")
    assert not (tmp_path / "out").exists()


@pytest.mark.ros
@pytest.mark.slow
def test_a_node_that_cannot_start_ends_the_run_with_its_own_words(finished, tmp_path):
    facts = inspect_bag(finished[0] / "fused.mcap")
    options = LiveOptions("magic", "auto", None, 25.0, False, free_domain())
    with pytest.raises(FusionError, match=r"cannot start(.|\n)*magic"):
        run_live(facts, options, tmp_path)


def children(parent):
    """Process numbers of the children of a process that are alive."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, owner = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(owner) == parent and state != "Z":
            found.append(int(entry.name))
    return found


def wait_until(done, seconds, what):
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.ros
@pytest.mark.slow
def test_a_demo_that_is_told_to_end_leaves_no_process_and_no_scratch(finished, tmp_path):
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "fusion_ros.cli.main", "demo", "-o", str(folder)]
    started = []
    with subprocess.Popen([*command, "--bag", str(finished[0] / "fused.mcap")]) as demo:
        try:
            # The player starts last, when the node is up.
            wait_until(lambda: list(folder.glob(".demo_*/player.log")), 120, "the player starts")
            started = children(demo.pid)
            assert len(started) == 3
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(60) == 143
            gone = [not Path(f"/proc/{number}").exists() for number in started]
            assert gone == [True, True, True]
        finally:
            demo.kill()
            for number in started:
                if Path(f"/proc/{number}").exists():
                    os.kill(number, signal.SIGKILL)
    assert sorted(path.name for path in folder.iterdir()) == [
        "node.log",
        "player.log",
        "recorder.log",
    ]


def healthy_run(folder):
    log = folder / "node.log"
    log.write_text("nothing to complain about")
    run = LiveRun(folder, folder, folder, log, node_exit_code=0, node_memory_mb=100.0)
    stream = LiveStreamAccount(10, 9, 1, 0, 0, 0, 0)
    return run, LiveAccount(stream, stream, fused=6, superseded=3, failed=0, received=6)


def test_pairs_superseded_on_a_slow_machine_are_no_defect(tmp_path):
    assert all(check.held for check in expectations(*healthy_run(tmp_path)))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"thermal": LiveStreamAccount(10, 9, 0, 0, 0, 1, 0)}, "no frame is lost"),
        ({"visible": LiveStreamAccount(10, 9, 0, 0, 1, 0, 0)}, "no frame is refused"),
        ({"superseded": 2, "failed": 1}, "no pair fails"),
        ({"received": 5}, "every fused frame arrives"),
    ],
)
def test_what_is_lost_refused_or_failed_breaks_an_expectation(tmp_path, change, what):
    run, account = healthy_run(tmp_path)
    broken = [check for check in expectations(run, replace(account, **change)) if not check.held]
    assert len(broken) == 1
    assert broken[0].what.startswith(what)


def passages(topic, count, period_ns=10, delay_ns=0):
    return [Passage(topic, n * period_ns, 1000 * n + delay_ns, 0) for n in range(count)]


def timing(**counts):
    names = [
        f"{stream}_{name}"
        for stream in ("visible", "thermal")
        for name in ("received", "malformed", "unpaired", "stale")
    ]
    values = dict.fromkeys([*names, "pairs_fused", "pairs_superseded", "pairs_failed"], 0)
    return SimpleNamespace(**(values | counts))


def test_a_frame_lost_on_the_way_is_told_from_one_that_is_still_under_way():
    published = {"visible": passages("v", 10), "thermal": passages("t", 10)}
    last = timing(visible_received=7, thermal_received=8, pairs_fused=6, thermal_unpaired=2)
    # The pair of stamp 70 is the last: 8 visible frames were due, 7 came.
    account = live_account(published, last, {"visible": 70, "thermal": 70}, 6, False)
    assert account.visible == LiveStreamAccount(10, 6, 0, 0, 0, 1, 3)
    assert account.thermal == LiveStreamAccount(10, 6, 2, 0, 0, 0, 2)


def test_an_account_that_does_not_add_up_is_an_error():
    whole = LiveStreamAccount(10, 6, 1, 1, 1, 1, 0)
    whole.require_balance("visible")
    for broken in (replace(whole, paired=5), replace(whole, paired=7, undecided=-1)):
        with pytest.raises(FusionError, match="defect"):
            broken.require_balance("visible")


def test_latency_counts_from_the_later_of_the_two_inputs():
    visible, thermal = passages("v", 3), passages("t", 3, delay_ns=2_000_000)
    fused = passages("f", 3, delay_ns=5_000_000)
    latencies = end_to_end_ms(visible, thermal, fused, {0: 0, 10: 10, 20: 20})
    assert latencies == [3.0, 3.0, 3.0]
    assert spread(latencies) == {"p50": 3.0, "p99": 3.0}
    assert spread([]) == {}


def test_processes_of_the_demo_share_a_private_network():
    private = private_environment(57, {"ROS_STATIC_PEERS": "10.0.0.1", "PATH": "/bin"})
    assert private["ROS_DOMAIN_ID"] == "57"
    assert private["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "LOCALHOST"
    assert "ROS_STATIC_PEERS" not in private
    assert private["FASTRTPS_DEFAULT_PROFILES_FILE"].endswith("fastdds_large_images.xml")
    humble = private_environment(57, {"ROS_DISTRO": "humble"})
    assert humble["ROS_LOCALHOST_ONLY"] == "1"


def test_a_profile_that_the_user_has_chosen_is_kept():
    own = {"FASTRTPS_DEFAULT_PROFILES_FILE": "/mine.xml"}
    assert private_environment(1, own)["FASTRTPS_DEFAULT_PROFILES_FILE"] == "/mine.xml"


def test_domains_are_within_their_range():
    assert 1 <= free_domain() <= 101
    with pytest.raises(ConfigError, match="--domain"):
        private_environment(500, os.environ)


def test_thermal_grey_follows_the_window_of_the_node():
    from fusion_ros.demo.moments import _grey

    counts = np.array([[100, 150, 200, 250]], np.uint16)
    assert _grey(counts, 100.0, 200.0).tolist() == [[0, 128, 255, 255]]
