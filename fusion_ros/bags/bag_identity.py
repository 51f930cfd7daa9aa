# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Which recording this is: the files of a bag and their hashes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

STORAGE_SUFFIXES = (".mcap", ".db3", ".zstd")
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class BagFile:
    """One storage file.

    Attributes:
        name: Its name within the bag.
        bytes: Its size.
        sha256: Of its content.
    """

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BagIdentity:
    """A bag, wherever it lies.

    Attributes:
        name: Of its folder or file.
        sha256: Of all storage files, one after the other in the order of their names.
        files: The storage files.
    """

    name: str
    sha256: str
    files: tuple[BagFile, ...]


def identify_bag(path: Path) -> BagIdentity:
    """Read a bag's storage files and hash them."""
    inside = sorted(path.iterdir()) if path.is_dir() else [path]
    whole = hashlib.sha256()
    files = []
    for file in inside:
        if path.is_dir() and file.suffix not in STORAGE_SUFFIXES:
            continue
        own, size = hashlib.sha256(), 0
        with file.open("rb") as stream:
            while block := stream.read(BLOCK_BYTES):
                size += len(block)
                own.update(block)
                whole.update(block)
        files.append(BagFile(file.name, size, own.hexdigest()))
    return BagIdentity(path.resolve().name, whole.hexdigest(), tuple(files))
