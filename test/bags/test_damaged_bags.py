# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Bags with damage in the middle; those that were cut off are in test_bag_reader.py."""

from __future__ import annotations

import sqlite3
import struct
from binascii import crc32
from contextlib import closing
from io import BytesIO

import numpy as np
import pytest

from fusion_ros.bags import mcap_recovery
from fusion_ros.bags.bag_reader import BagMessage, BagReader
from fusion_ros.bags.bag_writer import BagWriter
from fusion_ros.bags.message_types import CAMERA_INFO, COMPRESSED_IMAGE, IMAGE, deserialize
from fusion_ros.errors import BagError

TOPIC, OTHER = "/visible/image_raw", "/thermal/image_raw"
MESSAGES = 400
# Chunks end at a megabyte: so large that there are some.
PAYLOAD = np.random.default_rng(0).integers(0, 256, 10_000, dtype=np.uint8).tobytes()


def write_bag(path, storage="mcap", compress=False):
    with BagWriter(path, storage=storage, compress=compress) as writer:
        connections = [writer.add_topic(topic, IMAGE) for topic in (TOPIC, OTHER)]
        for number in range(MESSAGES):
            data = number.to_bytes(4, "little") + PAYLOAD
            writer.write(connections[number % 2], 1000 + number, data)
    file = next(file for file in path.iterdir() if file.suffix in (".mcap", ".db3"))
    if storage == "mcap":
        add_checksums(file)
    return file


def add_checksums(file):
    """Put the checksums into the chunks that a recorder puts there, but `rosbags` does not."""
    data = bytearray(file.read_bytes())
    position = len(mcap_recovery.MAGIC)
    while (kind := data[position]) != mcap_recovery.DATA_END:
        (size,) = struct.unpack_from("<Q", data, position + 1)
        if kind == mcap_recovery.CHUNK:
            fields = BytesIO(data[position + 9 : position + 9 + size])
            _, compression, packed = mcap_recovery._chunk_header(fields)
            records = mcap_recovery._unpack(fields.read(packed), compression)
            struct.pack_into("<I", data, position + 9 + 24, crc32(records))
        position += 9 + size
    file.write_bytes(data)


def read_numbers(bag):
    with BagReader(bag) as reader:
        messages = list(reader.messages([TOPIC, OTHER]))
    for message in messages:
        assert message.data[4:] == PAYLOAD
    return [int.from_bytes(m.data[:4], "little") for m in messages], reader.warnings


def overwrite(file, share, count=64):
    """Put zeros into a file, as a dying disk does."""
    data = bytearray(file.read_bytes())
    start = int(len(data) * share)
    data[start : start + count] = bytes(count)
    file.write_bytes(data)


@pytest.mark.parametrize("compress", [False, True], ids=["plain", "zstd"])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_a_chunk_that_is_damaged_is_left_out_and_the_rest_is_read(tmp_path, compress, share):
    overwrite(write_bag(tmp_path / "bag", compress=compress), share)
    numbers, warnings = read_numbers(tmp_path / "bag")
    lost = MESSAGES - len(numbers)
    assert 50 < lost < 250
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == MESSAGES - 1
    assert f"{lost} of {MESSAGES} messages are lost" in warnings[-1]
    assert any("chunk at byte" in warning for warning in warnings)


def test_a_chunk_is_left_out_where_the_index_is_gone_too(tmp_path):
    file = write_bag(tmp_path / "bag", compress=True)
    overwrite(file, 0.5)
    file.write_bytes(file.read_bytes()[:-40])
    numbers, warnings = read_numbers(file)
    assert numbers[0] == 0
    assert numbers[-1] == MESSAGES - 1
    assert 50 < MESSAGES - len(numbers) < 250
    assert any("chunks left out: 1" in warning for warning in warnings)


def test_rows_behind_a_damaged_page_of_sqlite_are_read(tmp_path):
    file = write_bag(tmp_path / "bag", storage="sqlite3")
    with closing(sqlite3.connect(file)) as database:
        (page_size,) = database.execute("PRAGMA page_size").fetchone()
    pages = file.stat().st_size // page_size
    # Leaf pages of the table begin with 13; those of payloads and of the index do not.
    data = file.read_bytes()
    leaves = [n for n in range(2, pages) if data[n * page_size] == 13]
    overwrite(file, leaves[len(leaves) // 2] * page_size / len(data) + 1e-9, page_size)
    numbers, warnings = read_numbers(file)
    assert 300 < len(numbers) < MESSAGES
    assert numbers[-1] == MESSAGES - 1
    assert numbers == sorted(set(numbers))
    assert any("damaged" in warning for warning in warnings)


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_an_empty_file_is_refused_with_its_name(tmp_path, storage):
    file = write_bag(tmp_path / "bag", storage=storage)
    file.write_bytes(b"")
    with pytest.raises(
        BagError, match=r"bag: expected a rosbag2 recording, found no readable topic"
    ):
        read_numbers(tmp_path / "bag")


def test_one_empty_file_of_a_split_bag_does_not_hide_the_others(tmp_path):
    file = write_bag(tmp_path / "bag")
    file.with_name("bag_2.mcap").write_bytes(b"")
    (tmp_path / "bag" / "metadata.yaml").unlink()
    numbers, warnings = read_numbers(tmp_path / "bag")
    assert len(numbers) == MESSAGES
    assert any("bag_2.mcap: the file is empty" in warning for warning in warnings)


@pytest.mark.parametrize("text", ["", "rosbag2_bagfile_information: [", "version: 5"])
def test_metadata_that_cannot_be_understood_are_done_without(tmp_path, text):
    write_bag(tmp_path / "bag")
    (tmp_path / "bag" / "metadata.yaml").write_text(text)
    numbers, warnings = read_numbers(tmp_path / "bag")
    assert numbers == list(range(MESSAGES))
    assert "index cannot be read" in warnings[0]


@pytest.mark.parametrize("msgtype", [IMAGE, COMPRESSED_IMAGE, CAMERA_INFO])
def test_garbage_instead_of_a_message_is_always_a_bag_error(msgtype):
    random = np.random.default_rng(2)
    for size in (0, 1, 4, 7, 60, 400, 400, 400, 5000):
        garbage = random.integers(0, 256, size, dtype=np.uint8).tobytes()
        for data in (garbage, b"\0\1\0\0" + garbage, bytes(size), b"\0\1\0\0" + bytes(8) + garbage):
            try:
                deserialize(BagMessage(TOPIC, msgtype, 0, data))
            except BagError as err:
                assert "damaged" in str(err)


def test_no_message_comes_twice_where_rows_are_not_in_the_order_of_log_times(tmp_path):
    bag = tmp_path / "bag"
    with BagWriter(bag, storage="sqlite3") as writer:
        connection = writer.add_topic(TOPIC, IMAGE)
        for number in range(60):
            writer.write(connection, 2000 - number, number.to_bytes(4, "little") + PAYLOAD)
    overwrite(bag / "bag.db3", 0.6, 8192)
    numbers, warnings = read_numbers(bag)
    assert len(set(numbers)) == len(numbers)
    assert f"{60 - len(numbers)} of 60 messages are lost" in warnings[-1]
    assert 50 < len(numbers) < 60
