# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import struct

import pytest

from fusion_ros.bags.bag_reader import BagReader, BagTopic
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.message_types import CAMERA_INFO, COMPRESSED_IMAGE, IMAGE, deserialize
from fusion_ros.bags.topic_choice import choose_topics
from fusion_ros.errors import BagError
from small_bags import make_bag

VISIBLE, THERMAL, INFO = "/visible/image_raw", "/thermal/image_raw", "/visible/camera_info"


def read_all(bag, topics=(VISIBLE, THERMAL)):
    with BagReader(bag) as reader:
        return list(reader.messages(topics)), reader


def storage_file(bag):
    return next(path for path in bag.iterdir() if path.suffix in (".mcap", ".db3"))


def cut(bag, share):
    """Cut the end off the bag's file, as a recorder does that is killed."""
    file = storage_file(bag)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_of_a_bag_that_was_cut_off_the_beginning_is_read(tmp_path, storage):
    bag = make_bag(tmp_path, "--storage", storage, "--loops", "20")
    whole, _ = read_all(bag)
    cut(bag, 0.5)
    messages, reader = read_all(bag)
    assert 10 < len(messages) < len(whole)
    assert [m.data for m in messages] == [m.data for m in whole[: len(messages)]]
    assert any("cut off" in warning for warning in reader.warnings)
    for name in (VISIBLE, THERMAL):
        assert reader.topics[name].count == sum(message.topic == name for message in messages)


def test_of_a_compressed_bag_that_was_cut_off_whole_chunks_are_read(tmp_path):
    source, _ = read_all(make_bag(tmp_path, "--loops", "2"))
    bag = tmp_path / "compressed"
    with BagWriter(bag, compress=True) as writer:
        connections = {topic: writer.add_topic(topic, IMAGE) for topic in (VISIBLE, THERMAL)}
        # Chunks end at a megabyte: so many messages that there are some.
        for number in range(500):
            for message in source:
                writer.write(connections[message.topic], number, message.data)
    cut(bag, 0.7)
    messages, reader = read_all(bag)
    assert 500 < len(messages) < 500 * len(source)
    assert messages[0].data == source[0].data
    assert len(reader.warnings) == 2


def record(kind, body, size=None):
    return bytes([kind]) + struct.pack("<Q", len(body) if size is None else size) + body


def text(value):
    return struct.pack("<I", len(value)) + value.encode()


def damaged_file(folder, damage):
    """An MCAP file of one message, after which damaged bytes follow."""
    schema = record(0x03, struct.pack("<H", 1) + text(IMAGE) + text("ros2msg") + text(""))
    channel = record(0x04, struct.pack("<HH", 1, 1) + text(VISIBLE) + text("cdr") + bytes(4))
    message = record(0x05, struct.pack("<HIQQ", 1, 0, 7, 7) + b"data")
    file = folder / "damaged.mcap"
    file.write_bytes(b"\x89MCAP0\r\n" + schema + channel + message + damage)
    return file


def chunk(compression, body, size=None):
    size = len(body) if size is None else size
    return record(0x06, bytes(28) + text(compression) + struct.pack("<Q", size) + body)


@pytest.mark.parametrize(
    "damage",
    [
        *(record(0x05, b"short", size) for size in (2**40, 2**63, 2**64 - 1)),
        *(chunk("zstd", b"short", size) for size in (2**40, 2**63)),
        record(0x06, bytes(28) + struct.pack("<I", 2**32 - 1)),
        chunk("lz4", b"these bytes are no lz4 frame"),
        chunk("lz4", b"\x04\x22\x4d\x18" + bytes(20)),
        chunk("zstd", b"these bytes are no zstd frame"),
    ],
    ids=[
        "message of 1 TB",
        "message of 2^63 bytes",
        "message of 2^64 bytes",
        "chunk of 1 TB",
        "chunk of 2^63 bytes",
        "text of 4 GB",
        "no lz4 frame",
        "lz4 frame cut off",
        "no zstd frame",
    ],
)
def test_whatever_numbers_damage_leaves_what_comes_before_is_read(tmp_path, damage):
    messages, reader = read_all(damaged_file(tmp_path, damage))
    assert [(m.topic, m.log_time_ns, m.data) for m in messages] == [(VISIBLE, 7, b"data")]
    assert "cut off or damaged" in reader.warnings[-1]


def test_a_damaged_file_may_have_any_name(tmp_path):
    bag = make_bag(tmp_path, "--storage", "sqlite3", "--loops", "20")
    cut(bag, 0.5)
    file = storage_file(bag).rename(tmp_path / "50% of #3?mode=memory.db3")
    messages, _ = read_all(file)
    assert len(messages) > 10


def test_a_bag_without_its_metadata_is_read_all_the_same(tmp_path):
    bag = make_bag(tmp_path)
    (bag / "metadata.yaml").unlink()
    messages, reader = read_all(bag)
    assert len(messages) == 8
    assert reader.warnings


def test_a_single_mcap_file_is_a_bag(tmp_path):
    bag = make_bag(tmp_path)
    messages, _ = read_all(storage_file(bag))
    assert len(messages) == 8


def test_a_bag_written_to_a_name_ending_in_mcap_is_one_file(tmp_path):
    target = tmp_path / "one.mcap"
    with BagWriter(target) as writer:
        writer.write(writer.add_topic(VISIBLE, IMAGE), 5, b"\0\1\0\0")
    messages, _ = read_all(target)
    assert [(m.topic, m.log_time_ns) for m in messages] == [(VISIBLE, 5)]
    assert [path.name for path in tmp_path.iterdir()] == ["one.mcap"]


@pytest.mark.parametrize("name", ["missing", "notes.txt", "empty"])
def test_what_is_no_bag_is_refused_with_its_name(tmp_path, name):
    (tmp_path / "notes.txt").write_text("no bag")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BagError, match=name):
        read_all(tmp_path / name)


def test_a_file_that_only_claims_to_be_a_bag_is_refused(tmp_path):
    file = tmp_path / "fake.mcap"
    file.write_bytes(b"no bag at all, though it is called one")
    with pytest.raises(BagError, match="no readable topic"):
        read_all(file)


def test_a_damaged_message_is_told_apart(tmp_path):
    messages, _ = read_all(make_bag(tmp_path))
    damaged = type(messages[0])(VISIBLE, IMAGE, 0, messages[0].data[:-100])
    with pytest.raises(BagError, match="damaged"):
        deserialize(damaged)


def topics(*names):
    found = {name: BagTopic(name, IMAGE, 3) for name in names}
    found[INFO] = BagTopic(INFO, CAMERA_INFO, 3)
    return found


@pytest.mark.parametrize(
    ("names", "visible", "thermal"),
    [
        ((VISIBLE, THERMAL), VISIBLE, THERMAL),
        (("/cam0/rgb/image", "/boson/image"), "/cam0/rgb/image", "/boson/image"),
        (("/front/image", "/lwir/image"), "/front/image", "/lwir/image"),
        ((VISIBLE, THERMAL, "/fused/image", "/guidance/image"), VISIBLE, THERMAL),
        (("/mirror/color", "/ir/image_raw"), "/mirror/color", "/ir/image_raw"),
    ],
)
def test_cameras_are_recognized_by_the_words_of_their_topics(names, visible, thermal):
    chosen = choose_topics(topics(*names))
    assert (chosen.visible, chosen.thermal) == (visible, thermal)


def test_a_choice_that_names_leave_open_is_left_to_the_user():
    names = ("/left/image", "/right/image", "/other/image")
    with pytest.raises(BagError, match=r"/left/image \(3 messages\).*--visible-topic"):
        choose_topics(topics(*names))
    chosen = choose_topics(topics(*names), visible="/left/image", thermal="/other/image")
    assert (chosen.visible, chosen.thermal) == ("/left/image", "/other/image")


def test_a_topic_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(BagError, match=rf"/typo.*{VISIBLE}"):
        choose_topics(topics(VISIBLE, THERMAL), visible="/typo")


def test_the_camera_info_beside_the_visible_image_is_found():
    assert choose_topics(topics(VISIBLE, THERMAL)).visible_info == INFO
    assert choose_topics(topics("/rgb", "/ir")).visible_info is None


BOTH_TYPES = (IMAGE, COMPRESSED_IMAGE)


def compressed_topics(*names, count=3):
    return {name: BagTopic(name, COMPRESSED_IMAGE, count) for name in names}


def test_compressed_topics_are_cameras_too_for_those_who_can_read_them():
    found = compressed_topics("/rgb/image_raw/compressed", "/lwir/image_raw/compressedDepth")
    chosen = choose_topics(found, types=BOTH_TYPES)
    assert chosen.visible == "/rgb/image_raw/compressed"
    assert chosen.thermal == "/lwir/image_raw/compressedDepth"
    with pytest.raises(BagError, match="compressed images are fused by 'replay' only"):
        choose_topics(found)


def test_the_camera_info_belongs_to_the_compressed_topic_too():
    found = topics(THERMAL) | compressed_topics(f"{VISIBLE}/compressed")
    assert choose_topics(found, types=BOTH_TYPES).visible_info == INFO


def test_a_plain_topic_goes_before_its_compressed_one_unless_it_is_empty():
    found = topics(VISIBLE, THERMAL)
    found |= compressed_topics(f"{VISIBLE}/compressed", f"{THERMAL}/compressed")
    assert choose_topics(found, types=BOTH_TYPES).names == [VISIBLE, THERMAL, INFO]
    found[THERMAL] = BagTopic(THERMAL, IMAGE, 0)
    assert choose_topics(found, types=BOTH_TYPES).thermal == f"{THERMAL}/compressed"
