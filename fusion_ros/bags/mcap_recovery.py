# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads an MCAP file whose end is missing, record by record from its start.

A recorder that is killed leaves neither index nor footer, but every record before the cut is
whole.

- [0]: MCAP file format specification, https://mcap.dev/spec
"""

from __future__ import annotations

import struct
import sys
from io import SEEK_END, BytesIO
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"\x89MCAP0\r\n"
# Record types of [0].
SCHEMA, CHANNEL, MESSAGE, CHUNK = 0x03, 0x04, 0x05, 0x06
DATA_END = 0x0F
MESSAGE_HEADER = struct.Struct("<HIQQ")
CHUNK_HEADER = struct.Struct("<QQQI")
# Reads of this size and less need no look ahead at the file's end, which costs its buffer.
SMALL = 4096


class _CutOff(Exception):
    """The data end within a record."""


class McapRecovery:
    """Walks through the records of one file.

    Attributes:
        damage: What ended the walk early, for people; empty while nothing did.
    """

    def __init__(self, path: Path) -> None:
        """Remember the file."""
        self._path = path
        self.damage = ""
        self._schemas: dict[int, str] = {}
        self._channels: dict[int, tuple[str, str]] = {}

    def topics(self) -> dict[str, str]:
        """Topic names and message types of all channels that can be read."""
        for _ in self.messages():
            pass
        return dict(self._channels.values())

    def messages(self) -> Iterator[tuple[str, int, bytes]]:
        """Topic, log time [ns] and CDR bytes of every message that can be read."""
        self.damage = ""
        with self._path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                self.damage = "not an MCAP file"
                return
            try:
                yield from self._walk(file)
            except (_CutOff, ValueError, struct.error, ImportError) as err:
                self.damage = f"cut off or damaged after {file.tell()} bytes: {err}"

    def _walk(self, stream: BinaryIO) -> Iterator[tuple[str, int, bytes]]:
        """Records of the file, or of a decompressed chunk, one after the other."""
        while kind := stream.read(1):
            if kind[0] == DATA_END:
                return
            (size,) = struct.unpack("<Q", _exactly(stream, 8))
            if kind[0] != CHUNK:
                yield from self._take(kind[0], _exactly(stream, size))
                continue
            _exactly(stream, CHUNK_HEADER.size)
            compression = _text(stream)
            (size,) = struct.unpack("<Q", _exactly(stream, 8))
            # Records of an uncompressed chunk simply follow, so even half a chunk can be read.
            if compression:
                packed = _exactly(stream, size)
                yield from self._walk(BytesIO(_unpack(packed, compression)))
        if not isinstance(stream, BytesIO):
            raise _CutOff("the file ends without a footer")

    def _take(self, kind: int, body: bytes) -> Iterator[tuple[str, int, bytes]]:
        fields = BytesIO(body)
        if kind == SCHEMA:
            (number,) = struct.unpack("<H", _exactly(fields, 2))
            self._schemas[number] = _text(fields)
        elif kind == CHANNEL:
            number, schema = struct.unpack("<HH", _exactly(fields, 4))
            self._channels[number] = (_text(fields), self._schemas.get(schema, ""))
        elif kind == MESSAGE:
            number, _, log_time_ns, _ = MESSAGE_HEADER.unpack(body[: MESSAGE_HEADER.size])
            if number in self._channels:
                yield self._channels[number][0], log_time_ns, body[MESSAGE_HEADER.size :]


def _exactly(stream: BinaryIO, count: int) -> bytes:
    # A damaged size may be any number: more than there is would not even fit into memory.
    if count > SMALL and count > (left := _bytes_left(stream)):
        raise _CutOff(f"{count - left} bytes of a record are missing")
    data = stream.read(count)
    if len(data) < count:
        raise _CutOff(f"{count - len(data)} bytes of a record are missing")
    return data


def _bytes_left(stream: BinaryIO) -> int:
    here = stream.tell()
    left = stream.seek(0, SEEK_END) - here
    stream.seek(here)
    return left


def _text(stream: BinaryIO) -> str:
    return _exactly(stream, struct.unpack("<I", _exactly(stream, 4))[0]).decode()


def _unpack(packed: bytes, compression: str) -> bytes:
    """Decompress a chunk with the libraries that `rosbags` brings along."""
    if not compression:
        return packed
    if compression == "lz4":
        from lz4.frame import decompress

        try:
            return bytes(decompress(packed))
        except (RuntimeError, MemoryError) as err:
            raise ValueError(str(err)) from err
    if compression != "zstd":
        raise ValueError(f"chunks compressed with '{compression}'")
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    try:
        return bytes(zstd.decompress(packed))
    except zstd.ZstdError as err:
        raise ValueError(str(err)) from err
