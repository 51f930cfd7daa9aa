# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import cv2
import numpy as np
import pytest
from rosbags.highlevel import AnyReader
from rosbags.interfaces import QosReliability

from fusion_ros.bags.recording_plan import START_NS
from fusion_ros.errors import BagError, ConfigError, ImageFormatError
from small_bags import THERMAL_SIZE, make_bag, run_command, write_image_folders

VISIBLE, THERMAL, INFO = "/visible/image_raw", "/thermal/image_raw", "/visible/camera_info"


def read(bag):
    """Topic to its (log time, message) in order, read with rosbags' own reader."""
    found = {}
    with AnyReader([bag]) as reader:
        for connection, log_time_ns, data in reader.messages():
            message = reader.deserialize(data, connection.msgtype)
            found.setdefault(connection.topic, []).append((log_time_ns, message))
    return found


def stamps_ns(messages):
    return np.array([m.header.stamp.sec * 10**9 + m.header.stamp.nanosec for _, m in messages])


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize(("depth", "encoding"), [(np.uint8, "mono8"), (np.uint16, "mono16")])
def test_a_bag_gives_back_the_images_it_was_made_of(tmp_path, storage, depth, encoding):
    bag = make_bag(tmp_path, "--storage", storage, depth=depth)
    topics = read(bag)
    assert {topic: len(messages) for topic, messages in topics.items()} == {
        VISIBLE: 4,
        THERMAL: 4,
        INFO: 4,
    }
    for number, (_, message) in enumerate(topics[THERMAL]):
        wanted = cv2.imread(f"{tmp_path}/images/thermal/{number:03}.png", cv2.IMREAD_UNCHANGED)
        assert (message.encoding, message.header.frame_id) == (encoding, "thermal_optical")
        assert np.array_equal(message.data.view(depth).reshape(THERMAL_SIZE), wanted)
    for number, (_, message) in enumerate(topics[VISIBLE]):
        assert (message.encoding, message.header.frame_id) == ("bgr8", "visible_optical")
        assert message.data[0] == 10 * number


def test_a_bag_without_options_has_stamps_of_its_rate_on_both_cameras(tmp_path):
    topics = read(make_bag(tmp_path))
    wanted = START_NS + np.round(np.arange(4) * 1e9 / 30).astype(np.int64)
    for topic in (VISIBLE, THERMAL, INFO):
        assert np.array_equal(stamps_ns(topics[topic]), wanted)
        assert [log_time_ns for log_time_ns, _ in topics[topic]] == list(wanted)


def test_camera_infos_say_that_the_camera_is_not_calibrated(tmp_path):
    _, info = read(make_bag(tmp_path))[INFO][0]
    assert (info.width, info.height) == (32, 24)
    assert not info.k.any()


def test_topics_are_offered_as_drivers_offer_them(tmp_path):
    with AnyReader([make_bag(tmp_path)]) as reader:
        offered = [c.ext.offered_qos_profiles[0] for c in reader.connections]
    assert {qos.reliability for qos in offered} == {QosReliability.RELIABLE}


def test_a_thermal_delay_moves_all_thermal_stamps_and_no_visible_one(tmp_path):
    topics = read(make_bag(tmp_path, "--thermal-delay-ms", "12.5"))
    moved = stamps_ns(topics[THERMAL]) - stamps_ns(topics[VISIBLE])
    assert set(moved) == {12_500_000}


def test_jitter_stays_within_its_bound_and_depends_on_the_seed_alone(tmp_path):
    options = ("--jitter-ms", "5", "--loops", "10")
    first = read(make_bag(tmp_path / "a", *options, "--seed", "1"))
    again = read(make_bag(tmp_path / "b", *options, "--seed", "1"))
    other = read(make_bag(tmp_path / "c", *options, "--seed", "2"))
    regular = START_NS + np.round(np.arange(31) * 1e9 / 30).astype(np.int64)
    for topic in (VISIBLE, THERMAL):
        off_ns = stamps_ns(first[topic]) - regular
        assert 1_000_000 < np.abs(off_ns).max() <= 5_000_000
        assert np.array_equal(stamps_ns(first[topic]), stamps_ns(again[topic]))
        assert not np.array_equal(stamps_ns(first[topic]), stamps_ns(other[topic]))
    assert not np.array_equal(stamps_ns(first[VISIBLE]), stamps_ns(first[THERMAL]))


def test_jitter_that_would_disorder_frames_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="less than half a period"):
        make_bag(tmp_path, "--jitter-ms", "17")


def test_longer_bags_run_back_and_forth_without_a_frozen_frame(tmp_path):
    topics = read(make_bag(tmp_path, "--loops", "3"))
    shown = [int(message.data[0]) // 10 for _, message in topics[VISIBLE]]
    assert shown == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3]


def test_a_slower_thermal_camera_shows_what_the_visible_one_shows_then(tmp_path):
    topics = read(make_bag(tmp_path, "--seconds", "0.4", "--thermal-rate", "10"))
    assert [int(message.data[0]) // 10 for _, message in topics[THERMAL]] == [0, 3, 0, 3]
    assert np.array_equal(stamps_ns(topics[THERMAL]) - START_NS, np.arange(4) * 100_000_000)


def test_images_without_partners_are_named(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    (thermal / "002.png").unlink()
    with pytest.raises(ConfigError, match=r"no partner for 1 image.*002"):
        run_command(
            "make-bag",
            "--visible",
            visible,
            "--thermal",
            thermal,
            "--rate",
            5,
            "-o",
            tmp_path / "b",
        )


def test_an_unreadable_image_is_named(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    (thermal / "002.png").write_bytes(b"no image")
    with pytest.raises(ImageFormatError, match=r"002\.png"):
        run_command(
            "make-bag",
            "--visible",
            visible,
            "--thermal",
            thermal,
            "--rate",
            5,
            "-o",
            tmp_path / "b",
        )


def test_a_bag_is_replaced_only_when_asked_to(tmp_path):
    bag = make_bag(tmp_path)
    images = ("--visible", tmp_path / "images/visible", "--thermal", tmp_path / "images/thermal")
    with pytest.raises(BagError, match="--force"):
        run_command("make-bag", *images, "--rate", 10, "-o", bag)
    run_command("make-bag", *images, "--rate", 10, "-o", bag, "--force")
    assert stamps_ns(read(bag)[VISIBLE])[1] - START_NS == 100_000_000


def test_a_folder_that_holds_other_things_is_never_replaced(tmp_path):
    visible, thermal = write_image_folders(tmp_path)
    images = ("--visible", visible, "--thermal", thermal)
    with pytest.raises(BagError, match="remove it yourself"):
        run_command("make-bag", *images, "--rate", 10, "-o", visible, "--force")
    assert (visible / "000.png").exists()
