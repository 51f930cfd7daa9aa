# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What player and recorder do when something goes wrong."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from fusion_ros.bags.bag_reader import BagMessage, BagTopic
from fusion_ros.bags.message_types import IMAGE
from fusion_ros.bags.passages import Passage
from fusion_ros.errors import BagError

pytest.importorskip("rclpy", reason="needs ROS 2")
TOPIC = "/visible/image_raw"


class FailingReader:
    """A bag whose second message cannot be read."""

    path = Path("torn.mcap")

    def __init__(self):
        self.topics = {TOPIC: BagTopic(TOPIC, IMAGE, 2)}

    def messages(self, topics):
        yield BagMessage(TOPIC, IMAGE, 0, bytes(20))
        raise ZeroDivisionError("a defect of the reader")


def test_a_bag_that_cannot_be_read_on_ends_the_playing_with_an_error():
    from fusion_ros.node.bag_player import BagPlayer

    sent, errors = [], []
    node = SimpleNamespace(create_publisher=lambda *_: SimpleNamespace(publish=sent.append))
    player = BagPlayer(node, FailingReader(), {TOPIC: "image"})

    def play():
        try:
            player.play(io.StringIO(), rate=1.0, seconds=math.inf)
        except BagError as err:
            errors.append(str(err))

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert len(sent) == 1
    assert "torn.mcap" in errors[0]
    assert "a defect of the reader" in errors[0]


def test_a_recorder_that_cannot_write_says_so_instead_of_gathering_messages():
    from fusion_ros.node.bag_recorder import BagRecorder

    def write(*_):
        raise ZeroDivisionError("a defect of the writer")

    node = SimpleNamespace(resolve_topic_name=str, create_subscription=lambda *_, **__: None)
    writer = SimpleNamespace(path="out.mcap", write=write, add_topic=lambda *_: None)
    recorder = BagRecorder(node, writer, {TOPIC: IMAGE})
    thread = recorder.start(None)
    recorder._received.put((Passage(TOPIC, 0, 0, 0), b""))
    thread.join(20)
    assert isinstance(recorder.failure, BagError)
    assert "a defect of the writer" in str(recorder.failure)


@pytest.mark.parametrize("module", ["bag_player", "bag_recorder"])
@pytest.mark.parametrize("topic", ["/image", "/image:=", ":=image"])
def test_a_topic_without_its_other_half_is_refused(tmp_path, module, topic):
    command = [sys.executable, "-m", f"fusion_ros.node.{module}", str(tmp_path / "bag.mcap")]
    result = subprocess.run(
        [*command, "--topic", topic], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 2
    assert f"expected two parts with := between them, got '{topic}'" in result.stderr


@pytest.mark.ros
@pytest.mark.slow
def test_a_recorder_ends_when_nobody_listens_any_more(tmp_path):
    bag = tmp_path / "out.mcap"
    command = [sys.executable, "-m", "fusion_ros.node.bag_recorder", str(bag)]
    reading, writing = os.pipe()
    with subprocess.Popen(
        [*command, f"--topic=image:={IMAGE}"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    ) as recorder:
        os.close(writing)
        os.close(reading)
        try:
            _, complaints = recorder.communicate(timeout=60)
        finally:
            recorder.kill()
    assert "Traceback" not in complaints
    assert "Exception ignored" not in complaints
    assert recorder.returncode == 0
    assert bag.exists()
