# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What Foxglove needs to show a fused bag."""

from __future__ import annotations

import json
from pathlib import Path

from rosbags.rosbag2 import Reader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from fusion_ros.bags.topic_choice import CameraTopics
from fusion_ros.replay.foxglove_layout import layout_for
from small_bags import make_bag, replay

ROOT = Path(__file__).parents[2]


def panels(layout):
    """Panel names of a layout's tree."""
    if isinstance(layout, str):
        return [layout]
    return panels(layout["first"]) + panels(layout["second"])


def test_the_layout_shows_four_topics_and_the_times_that_a_replay_writes(tmp_path):
    replay(make_bag(tmp_path), tmp_path / "out")
    with Reader(tmp_path / "out" / "fused.mcap") as reader:
        written = {connection.topic for connection in reader.connections}
    layout = json.loads((tmp_path / "out" / "foxglove_layout.json").read_text())
    assert sorted(panels(layout["layout"])) == sorted(layout["configById"])
    images = [
        panel["imageMode"]["imageTopic"]
        for name, panel in layout["configById"].items()
        if name.startswith("Image!")
    ]
    assert images == ["/visible/image_raw", "/thermal/image_raw", "/fused/image", "/guidance/image"]
    paths = [line["value"] for line in layout["configById"]["Plot!timing"]["paths"]]
    assert set(images) | {path.split(".")[0] for path in paths} <= written
    definition = (ROOT / "msg" / "FusionTiming.msg").read_text()
    fields = {line.split()[1] for line in definition.splitlines() if line and line[0] not in "#s"}
    assert {path.split(".")[1] for path in paths} <= fields


def test_the_layout_names_the_cameras_of_the_bag_even_if_they_are_exchanged():
    topics = CameraTopics("/thermal/image_raw", '/odd "name"', None)
    config = json.loads(layout_for(topics))["configById"]
    assert config["Image!visible"]["imageMode"]["imageTopic"] == "/thermal/image_raw"
    assert config["Image!thermal"]["imageMode"]["imageTopic"] == '/odd "name"'


def test_the_fused_bag_carries_whole_definitions_of_its_messages(tmp_path):
    replay(make_bag(tmp_path), tmp_path / "out")
    store = get_typestore(Stores.EMPTY)
    with Reader(tmp_path / "out" / "fused.mcap") as reader:
        for connection in reader.connections:
            # A reader that knows no type learns all of them from the file.
            store.register(get_types_from_msg(connection.msgdef.data, connection.msgtype))
        for connection, _, data in reader.messages():
            message = store.deserialize_cdr(data, connection.msgtype)
            assert message.header.stamp.sec == 1_700_000_000
