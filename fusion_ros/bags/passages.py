# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Lines of JSON by which the player and the recorder tell their parent how far they are."""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TextIO

from fusion_ros.core.time_units import NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Bytes of CDR before the first field.
PREAMBLE = 4
# What a process prints on its standard output, as the value of "event".
READY, MATCHED, FINISHED, COUNTED = "ready", "matched", "finished", "counted"


@dataclass(frozen=True, slots=True)
class Passage:
    """A message that was published or received.

    Attributes:
        topic: Name of its topic.
        stamp_ns: Stamp of its header [ns].
        steady_ns: When, on the machine's steady clock [ns]; all processes share it.
        wall_ns: When, by the clock on the wall [ns].
    """

    topic: str
    stamp_ns: int
    steady_ns: int
    wall_ns: int


def tell(event: str, **facts: object) -> bool:
    """Print an event; returns False if nobody listens any more."""
    try:
        print(json.dumps({"event": event, **facts}), flush=True)
    except BrokenPipeError:
        # What was not printed is tried again later and at the latest when Python ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return False
    return True


def write_passage(file: TextIO, passage: Passage) -> None:
    """Append a passage to a log."""
    file.write(json.dumps(asdict(passage)) + "\n")


def read_passages(path: Path) -> Iterator[Passage]:
    """All passages of a log, in order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Passage(**json.loads(line))


def header_stamp_ns(data: bytes) -> int:
    """Stamp [ns] of a serialized message whose first field is a header."""
    if len(data) < PREAMBLE + 8:
        return 0
    sec, nanosec = struct.unpack_from(_time_format(data), data, PREAMBLE)
    return int(sec) * NS_PER_S + int(nanosec)


def with_header_stamp(data: bytes, stamp_ns: int) -> bytes:
    """The same message with another stamp [ns]."""
    if len(data) < PREAMBLE + 8:
        return data
    time = struct.pack(_time_format(data), *divmod(stamp_ns, NS_PER_S))
    return b"".join((data[:PREAMBLE], time, memoryview(data)[PREAMBLE + 8 :]))


def _time_format(data: bytes) -> str:
    """How seconds and nanoseconds lie in a message: CDR's second byte tells the byte order."""
    return "<iI" if data[1] & 1 else ">iI"
