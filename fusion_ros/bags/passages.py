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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    if len(data) < 12:
        return 0
    # The second byte of CDR's preamble tells the byte order.
    sec, nanosec = struct.unpack_from("<iI" if data[1] & 1 else ">iI", data, 4)
    return int(sec) * 1_000_000_000 + int(nanosec)
