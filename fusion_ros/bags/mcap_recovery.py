# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads a damaged MCAP file, record by record from its start.

A recorder that is killed leaves neither index nor footer, but every record before the cut is
whole. Where a disk has lost something in the middle, the chunk that is hit is left out, for its
length says where the next one begins.

- [0]: MCAP file format specification, https://mcap.dev/spec
"""

from __future__ import annotations

import struct
import sys
from binascii import crc32
from io import SEEK_CUR, SEEK_END, BytesIO
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"\x89MCAP0\r\n"
# Record types of [0].
SCHEMA, CHANNEL, MESSAGE, CHUNK = 0x03, 0x04, 0x05, 0x06
DATA_END, FOOTER_KIND = 0x0F, 0x02
FOOTER = struct.Struct("<BQQQI")
MESSAGE_HEADER = struct.Struct("<HIQQ")
CHUNK_HEADER = struct.Struct("<QQQI")
# Reads of this size and less need no look ahead at the file's end, which costs its buffer.
SMALL = 4096


class _CutOff(Exception):
    """The data end within a record."""


# As what damage shows; ImportError is a compression that cannot be undone here.
DAMAGE = (_CutOff, ValueError, struct.error, ImportError)


class McapRecovery:
    """Walks through the records of one file.

    Attributes:
        damage: What was found damaged, for people; empty while nothing was.
    """

    def __init__(self, path: Path) -> None:
        """Remember the file."""
        self._path = path
        self.damage = ""
        self._schemas: dict[int, str] = {}
        self._channels: dict[int, tuple[str, str]] = {}
        self._chunks_lost = 0

    def topics(self) -> dict[str, str]:
        """Topic names and message types of all channels met by `messages` so far."""
        return dict(self._channels.values())

    def messages(self) -> Iterator[tuple[str, int, bytes]]:
        """Topic, log time [ns] and CDR bytes of every message that can be read."""
        self.damage = ""
        self._chunks_lost = 0
        with self._path.open("rb") as file:
            start = file.read(len(MAGIC))
            if start != MAGIC:
                self.damage = "not an MCAP file" if start else "the file is empty"
                return
            self._read_summary(file)
            file.seek(len(MAGIC))
            try:
                yield from self._walk(file)
            except DAMAGE as err:
                self._note(f"cut off or damaged after {file.tell()} bytes: {err}")
        if self._chunks_lost:
            self._note(f"chunks left out: {self._chunks_lost}")

    def _note(self, damage: str) -> None:
        self.damage = f"{self.damage}; {damage}" if self.damage else damage

    def _read_summary(self, file: BinaryIO) -> None:
        """Learn the channels from the file's end, if it is there: their chunk may be lost."""
        try:
            file.seek(-FOOTER.size - len(MAGIC), SEEK_END)
            kind, _, summary, _, _ = FOOTER.unpack(_exactly(file, FOOTER.size))
            if kind != FOOTER_KIND or file.read() != MAGIC or not summary:
                return
            file.seek(summary)
            while (kind := _exactly(file, 1)[0]) != FOOTER_KIND:
                (size,) = struct.unpack("<Q", _exactly(file, 8))
                if kind in (SCHEMA, CHANNEL):
                    list(self._take(kind, _exactly(file, size)))
                else:
                    file.seek(size, SEEK_CUR)
        except (*DAMAGE, OSError, OverflowError):
            return

    def _walk(self, file: BinaryIO) -> Iterator[tuple[str, int, bytes]]:
        """Records of the file, one after the other."""
        while kind := file.read(1):
            if kind[0] == DATA_END:
                return
            (size,) = struct.unpack("<Q", _exactly(file, 8))
            if kind[0] != CHUNK:
                yield from self._take(kind[0], _exactly(file, size))
            elif size <= _bytes_left(file):
                yield from self._whole_chunk(_exactly(file, size), file.tell() - size)
            else:
                # Records of an uncompressed chunk simply follow, so even half a chunk can be read.
                _, compression, missing = _chunk_header(file)
                if compression:
                    raise _CutOff(f"a chunk of {missing} bytes is not all there")
        raise _CutOff("the file ends without a footer")

    def _whole_chunk(self, body: bytes, position: int) -> Iterator[tuple[str, int, bytes]]:
        """Messages of a chunk that is there from start to end; of a damaged one none."""
        fields = BytesIO(body)
        try:
            crc, compression, size = _chunk_header(fields)
            records = _unpack(_exactly(fields, size), compression)
            if crc and crc32(records) != crc:
                raise ValueError("its checksum differs")
            stream = BytesIO(records)
            while kind := stream.read(1):
                (size,) = struct.unpack("<Q", _exactly(stream, 8))
                yield from self._take(kind[0], _exactly(stream, size))
        except DAMAGE as err:
            if not self._chunks_lost:
                self._note(f"the chunk at byte {position} is cut off or damaged: {err}")
            self._chunks_lost += 1

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


def _chunk_header(stream: BinaryIO) -> tuple[int, str, int]:
    """Checksum of the unpacked records, their compression, and the size that follows [bytes]."""
    *_, crc = CHUNK_HEADER.unpack(_exactly(stream, CHUNK_HEADER.size))
    compression = _text(stream)
    (size,) = struct.unpack("<Q", _exactly(stream, 8))
    return crc, compression, size


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
