# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Writes rosbag2 folders that `ros2 bag play` and Foxglove open."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Literal

from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer, WriterError

from fusion_ros.bags.message_types import typestore
from fusion_ros.bags.qos_profiles import OUTPUT_QOS
from fusion_ros.errors import BagError, ConfigError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from rosbags.interfaces import Connection, Qos

Storage = Literal["mcap", "sqlite3"]
STORAGES: tuple[Storage, ...] = ("mcap", "sqlite3")
# Version 9 spells QoS in a way that Humble cannot read; every later distribution reads 8.
BAG_VERSION: Literal[8] = 8


class BagWriter:
    """A bag being written, as a context manager."""

    def __init__(
        self,
        path: Path,
        *,
        storage: Storage = "mcap",
        compress: bool = False,
        force: bool = False,
        keep_on_error: bool = True,
    ) -> None:
        """Prepare; the bag is made on entering.

        Args:
            path: Folder of the bag; or, with a name ending in .mcap, a single file, which
                holds all that its folder would.
            storage: File format within it.
            compress: Whether MCAP chunks are compressed with zstd.
            force: Whether an existing bag is replaced.
            keep_on_error: Whether what was written before an error stays.

        Raises:
            BagError: The folder exists and may not be replaced.
        """
        _make_room(path, force)
        self.path = path
        self._keep_on_error = keep_on_error
        self._single_file = path.suffix == ".mcap"
        folder = path.with_suffix("") if self._single_file else path
        if self._single_file:
            _make_room(folder, force)
        self._writer = Writer(
            folder, version=BAG_VERSION, storage_plugin=StoragePlugin[storage.upper()]
        )
        if compress and storage == "mcap":
            self._writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)

    def add_topic(self, topic: str, msgtype: str, qos: Qos = OUTPUT_QOS) -> Connection:
        """Announce a topic; pass the result to `write`."""
        return self._writer.add_connection(
            topic, msgtype, typestore=typestore(), offered_qos_profiles=[qos]
        )

    def write(self, connection: Connection, log_time_ns: int, data: bytes | memoryview) -> None:
        """Append a message.

        Args:
            connection: From `add_topic`.
            log_time_ns: When the message was received [ns].
            data: CDR bytes.

        Raises:
            BagError: The storage refuses, e.g. the disk is full.
        """
        try:
            self._writer.write(connection, log_time_ns, data)
        except (OSError, WriterError) as err:
            raise BagError(f"{self.path}: cannot write: {err}; is the disk full?") from err

    def __enter__(self) -> BagWriter:
        """Create the folder."""
        try:
            self._writer.open()
        except (OSError, WriterError) as err:
            raise BagError(f"{self.path}: cannot create the bag: {err}") from err
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Complete the bag; after an error leave what was written, or nothing."""
        if kind is not None:
            self._writer.abort()
            if not self._keep_on_error:
                shutil.rmtree(self._writer.path)
            return
        self._writer.close()
        if self._single_file:
            folder = self._writer.path
            next(folder.glob("*.mcap")).replace(self.path)
            shutil.rmtree(folder)


def storage_named(name: str) -> Storage:
    """Check the name of a storage.

    Raises:
        ConfigError: There is none of that name.
    """
    for storage in STORAGES:
        if storage == name:
            return storage
    raise ConfigError(f"storage: expected one of {', '.join(STORAGES)}, got '{name}'")


def _make_room(path: Path, force: bool) -> None:
    if not path.exists():
        return
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()
        return
    if not force:
        raise BagError(f"{path} exists; choose another name, or add --force to replace it")
    # Replacing means deleting: only what is plainly a bag, never a mistyped home folder.
    names = [entry.name for entry in path.iterdir()] if path.is_dir() else [path.name]
    strangers = sorted(
        name for name in names if not name.endswith((".mcap", ".db3")) and name != "metadata.yaml"
    )
    if strangers:
        found = ", ".join(strangers[:3])
        raise BagError(f"{path}: expected a bag to replace, found {found}; remove it yourself")
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
