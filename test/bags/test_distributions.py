# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Bags as the distributions from Humble on write them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
import yaml
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.message_types import deserialize, header_message
from fusion_ros.bags.qos_profiles import DRIVER_QOS
from small_bags import make_bag, replay

TOPICS = {
    "/visible/image_raw": "sensor_msgs/msg/Image",
    "/visible/camera_info": "sensor_msgs/msg/CameraInfo",
    "/thermal/image_raw": "sensor_msgs/msg/Image",
}
CUSTOM = "robot_msgs/msg/Battery"
HUMBLE_TABLES = """
CREATE TABLE schema(schema_version INTEGER PRIMARY KEY, ros_distro TEXT NOT NULL);
CREATE TABLE metadata(id INTEGER PRIMARY KEY, metadata_version INTEGER NOT NULL, metadata TEXT);
CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL,
    serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL);
CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL,
    timestamp INTEGER NOT NULL, data BLOB NOT NULL);
CREATE INDEX timestamp_idx ON messages (timestamp ASC);
INSERT INTO schema VALUES (3, 'humble');
"""
QOS = (
    "- history: 1\n  depth: 10\n  reliability: 2\n  durability: 2\n"
    + "".join(
        f"  {name}:\n    sec: 9223372036\n    nsec: 854775807\n"
        for name in ("deadline", "lifespan", "liveliness_lease_duration")
    ).replace("  liveliness_lease", "  liveliness: 1\n  liveliness_lease")
    + ("  avoid_ros_namespace_conventions: false")
)


def recorded_messages(folder):
    with BagReader(make_bag(folder)) as reader:
        return list(reader.messages(TOPICS))


def humble_bag(folder, messages):
    """What `ros2 bag record` of Humble leaves: sqlite3, metadata version 5, no definitions."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "bag_0.db3")) as database:
        database.executescript(HUMBLE_TABLES)
        types = {**TOPICS, "/battery": CUSTOM}
        numbers = {name: number for number, name in enumerate(types, start=1)}
        for name, number in numbers.items():
            row = (number, name, types[name], "cdr", QOS)
            database.execute("INSERT INTO topics VALUES (?, ?, ?, ?, ?)", row)
        for message in messages:
            row = (numbers[message.topic], message.log_time_ns, message.data)
            database.execute(
                "INSERT INTO messages (topic_id, timestamp, data) VALUES (?, ?, ?)", row
            )
        row = (numbers["/battery"], messages[0].log_time_ns, b"\0\1\0\0whatever")
        database.execute("INSERT INTO messages (topic_id, timestamp, data) VALUES (?, ?, ?)", row)
        database.commit()
    counts = {name: sum(message.topic == name for message in messages) for name in types}
    counts["/battery"] = 1
    start, end = messages[0].log_time_ns, messages[-1].log_time_ns
    metadata = {
        "version": 5,
        "storage_identifier": "sqlite3",
        "duration": {"nanoseconds": end - start},
        "starting_time": {"nanoseconds_since_epoch": start},
        "message_count": sum(counts.values()),
        "topics_with_message_count": [
            {
                "topic_metadata": {
                    "name": name,
                    "type": types[name],
                    "serialization_format": "cdr",
                    "offered_qos_profiles": QOS,
                },
                "message_count": counts[name],
            }
            for name in types
        ],
        "compression_format": "",
        "compression_mode": "",
        "relative_file_paths": ["bag_0.db3"],
    }
    document = {"rosbag2_bagfile_information": metadata}
    (folder / "metadata.yaml").write_text(yaml.safe_dump(document))
    return folder


def later_bag(folder, messages, version, storage):
    """With definitions and custom messages, as Jazzy and Kilted write it."""
    store = get_typestore(Stores.ROS2_KILTED)
    store.register(get_types_from_msg("float32 volts\nrobot_msgs/Cell[] cells\n", CUSTOM))
    store.register(get_types_from_msg("float32 volts\n", "robot_msgs/msg/Cell"))
    with Writer(folder, version=version, storage_plugin=StoragePlugin[storage.upper()]) as writer:
        connections = {
            name: writer.add_connection(
                name, msgtype, typestore=store, offered_qos_profiles=[DRIVER_QOS]
            )
            for name, msgtype in {**TOPICS, "/battery": CUSTOM}.items()
        }
        for message in messages:
            writer.write(connections[message.topic], message.log_time_ns, message.data)
        writer.write(connections["/battery"], messages[0].log_time_ns, b"\0\1\0\0whatever")
    return folder


def check_is_replayed_whole(bag, tmp_path):
    metrics = replay(bag, tmp_path / "out")
    assert not metrics["bag"]["damaged"]
    assert metrics["pairs"] == {"made": 4, "fused": 4, "failed": 0}
    return metrics["fused_sha256"]


def test_a_bag_of_humble_is_read(tmp_path):
    bag = humble_bag(tmp_path / "bag", recorded_messages(tmp_path / "source"))
    check_is_replayed_whole(bag, tmp_path)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
@pytest.mark.parametrize("version", [8, 9])
def test_bags_of_later_distributions_are_read_whatever_else_they_hold(tmp_path, version, storage):
    messages = recorded_messages(tmp_path / "source")
    check_is_replayed_whole(later_bag(tmp_path / "bag", messages, version, storage), tmp_path)


@pytest.mark.parametrize("store", [Stores.ROS2_HUMBLE, Stores.ROS2_JAZZY, Stores.ROS2_KILTED])
def test_the_types_that_are_read_do_not_differ_between_distributions(tmp_path, store):
    other = get_typestore(store)
    for message in recorded_messages(tmp_path / "source"):
        theirs = other.deserialize_cdr(message.data, message.msgtype)
        assert other.serialize_cdr(theirs, message.msgtype) == message.data
        ours = deserialize(message)
        assert ours.header.stamp.nanosec == theirs.header.stamp.nanosec
    compressed = other.types["sensor_msgs/msg/CompressedImage"]
    assert list(compressed.__dataclass_fields__)[:3] == ["header", "format", "data"]
    assert header_message(5, "x").frame_id == "x"
