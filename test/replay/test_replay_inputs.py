# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a replay accepts: compressed images, the node's parameters file, damaged messages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fusion_ros.bags.bag_reader import BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.message_types import (
    COMPRESSED_IMAGE,
    IMAGE,
    deserialize,
    make_message,
    serialize,
)
from fusion_ros.errors import BagError, ConfigError
from fusion_ros.messages.images import thermal_counts, thermal_frame, visible_bgr, visible_frame
from small_bags import make_bag, replay, rewrite, run_command

VISIBLE, THERMAL = "/visible/image_raw", "/thermal/image_raw"


def compressed(message, visible=".png", thermal="16UC1; png compressed "):
    """The image of a message as `image_transport` compresses it."""
    image = deserialize(message)
    if message.topic == VISIBLE:
        pixels, suffix, text = visible_bgr(visible_frame(image)), visible, f"bgr8; {visible[1:]}"
    else:
        pixels, suffix, text = thermal_counts(thermal_frame(image)), ".png", thermal
    data = cv2.imencode(suffix, pixels)[1].reshape(-1)
    if "compressedDepth" in text:
        data = np.concatenate([np.zeros(12, np.uint8), data])
    return serialize(make_message(COMPRESSED_IMAGE, header=image.header, format=text, data=data))


def compress_bag(bag, target, keep_plain=(), **options):
    """A bag whose images are compressed; also plain on some topics, with other pixels there."""
    transport = "compressedDepth" if "Depth" in options.get("thermal", "") else "compressed"
    names = {VISIBLE: f"{VISIBLE}/compressed", THERMAL: f"{THERMAL}/{transport}"}
    with BagReader(bag) as reader, BagWriter(target) as writer:
        connections = {
            topic.name: writer.add_topic(
                names.get(topic.name, topic.name),
                COMPRESSED_IMAGE if topic.name in names else topic.msgtype,
            )
            for topic in reader.topics.values()
        }
        plain = {name: writer.add_topic(name, IMAGE) for name in keep_plain}
        for message in reader.messages(list(connections)):
            is_image = message.topic in names
            data = compressed(message, **options) if is_image else message.data
            writer.write(connections[message.topic], message.log_time_ns, data)
            if message.topic in plain:
                writer.write(plain[message.topic], message.log_time_ns, message.data)
    return target


@pytest.mark.parametrize(
    "thermal", ["16UC1; png compressed ", "16UC1; compressedDepth png", "mono16; png compressed "]
)
def test_losslessly_compressed_images_are_fused_to_the_same_pixels(tmp_path, thermal):
    bag = make_bag(tmp_path, depth=np.uint16)
    plain = replay(bag, tmp_path / "a")
    metrics = replay(compress_bag(bag, tmp_path / "small", thermal=thermal), tmp_path / "b")
    assert metrics["fused_sha256"] == plain["fused_sha256"]
    topics = metrics["bag"]["topics"]
    assert topics["visible"]["name"] == f"{VISIBLE}/compressed"
    assert topics["thermal"]["type"] == COMPRESSED_IMAGE
    assert topics["visible_info"] == "/visible/camera_info"


def test_jpeg_is_fused_and_copied_as_it_came(tmp_path):
    bag = compress_bag(make_bag(tmp_path), tmp_path / "small", visible=".jpg", thermal="png")
    assert replay(bag, tmp_path / "out")["pairs"]["fused"] == 4
    topic = f"{VISIBLE}/compressed"
    copies = []
    for path in (bag, tmp_path / "out" / "fused.mcap"):
        with BagReader(path) as reader:
            copies.append([message.data for message in reader.messages([topic])])
    assert copies[0] == copies[1]


def test_the_plain_topic_is_preferred_where_a_camera_has_both(tmp_path):
    bag = compress_bag(make_bag(tmp_path), tmp_path / "both", keep_plain=(VISIBLE,), thermal="png")
    topics = replay(bag, tmp_path / "out")["bag"]["topics"]
    assert topics["visible"]["name"] == VISIBLE
    assert topics["thermal"]["name"] == f"{THERMAL}/compressed"


def test_damaged_compressed_images_are_counted_as_malformed(tmp_path):
    bag = compress_bag(make_bag(tmp_path, "--loops", "3"), tmp_path / "small", thermal="png")

    def change(message, number):
        if message.topic.startswith(VISIBLE) and number in (2, 5):
            image = deserialize(message)
            image.data = image.data[: image.data.size // 2]
            return serialize(image)
        return message.data

    metrics = replay(rewrite(bag, tmp_path / "hurt", change), tmp_path / "out")
    visible = metrics["frames"]["visible"]
    assert (visible["inputs"], visible["fused"], visible["malformed"]) == (10, 8, 2)
    assert metrics["frames"]["thermal"]["no_partner"] == 2
    assert len(metrics["reasons"]) == 1
    assert "truncated" in metrics["reasons"][0]
    assert metrics["reasons"][0].endswith("(2 times)")


def test_messages_of_garbage_are_counted_as_malformed(tmp_path):
    random = np.random.default_rng(0)

    def change(message, number):
        if message.topic == "/visible/camera_info" or number % 3:
            return message.data
        return random.integers(0, 256, int(random.integers(1, 3000)), dtype=np.uint8).tobytes()

    bag = rewrite(make_bag(tmp_path, "--loops", "5"), tmp_path / "hurt", change)
    metrics = replay(bag, tmp_path / "out")
    for account in metrics["frames"].values():
        assert (account["inputs"], account["malformed"], account["fused"]) == (16, 6, 10)


PARAMETERS = """
/**:
  ros__parameters:
    backend: average
    output: {encoding: rgb8}
    pairing: {tolerance_ms: 1.0, thermal_offset_ms: -200.0, queue_size: 7}
"""


def test_the_parameters_file_of_the_node_is_followed_and_options_override_it(tmp_path):
    bag = make_bag(tmp_path, "--loops", "2", "--thermal-delay-ms", "200")
    file = tmp_path / "fusion.yaml"
    file.write_text(PARAMETERS)
    metrics = replay(bag, tmp_path / "a", "--params-file", file)
    assert metrics["pairs"]["fused"] == 7
    assert metrics["parameters"] == {
        "backend": "average",
        "engine": "auto",
        "model": "",
        "output.encoding": "rgb8",
        "pairing.tolerance_ms": 1.0,
        "pairing.visible_offset_ms": 0.0,
        "pairing.thermal_offset_ms": -200.0,
        "pairing.queue_size": 7,
        "pairing.reuse_thermal": False,
    }
    options = ("--params-file", file, "--thermal-offset-ms", "0", "--encoding", "bgr8")
    overridden = replay(bag, tmp_path / "b", *options)
    assert overridden["pairs"]["fused"] < 7
    encodings = [fused_encoding(tmp_path / name / "fused.mcap") for name in ("a", "b")]
    assert encodings == ["rgb8", "bgr8"]


def fused_encoding(bag):
    with BagReader(bag) as reader:
        return deserialize(next(iter(reader.messages(["/fused/image"])))).encoding


def test_rgb_images_hold_the_same_colours(tmp_path):
    bag = make_bag(tmp_path)
    images = []
    for encoding in ("bgr8", "rgb8"):
        replay(bag, tmp_path / encoding, "--encoding", encoding)
        with BagReader(tmp_path / encoding / "fused.mcap") as reader:
            message = deserialize(next(iter(reader.messages(["/fused/image"]))))
        images.append(visible_bgr(visible_frame(message)))
    np.testing.assert_array_equal(*images)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--tolerance-ms", "-1"), "0 to 10000 ms"),
        (("--backend", "magic"), "one of mm_lut"),
        (("--encoding", "mono8"), "one of bgr8, rgb8"),
        (("--queue-size", "0"), "1 to 1000"),
    ],
)
def test_a_wrong_option_is_refused_by_the_rule_of_the_node(tmp_path, options, complaint):
    with pytest.raises(ConfigError, match=complaint):
        run_command("replay", tmp_path / "no bag", "-o", tmp_path / "out", *options)


def test_a_file_of_no_bytes_is_refused_in_one_line(tmp_path):
    bag = make_bag(tmp_path)
    next(bag.glob("*.mcap")).write_bytes(b"")
    with pytest.raises(BagError, match="no readable topic"):
        replay(bag, tmp_path / "out")
