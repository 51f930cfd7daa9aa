# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads rosbag2 recordings, and of damaged ones whatever can still be read."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rosbags.rosbag2 import Reader

from fusion_ros.bags.mcap_recovery import McapRecovery
from fusion_ros.bags.sqlite_recovery import SqliteRecovery
from fusion_ros.errors import BagError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from types import TracebackType

    from rosbags.interfaces import Qos


class Recovery(Protocol):
    """Reads one damaged file.

    Attributes:
        damage: What was found damaged, for people; empty while nothing was.
    """

    damage: str

    def topics(self) -> dict[str, str]:
        """Topic names and message types; complete after `messages` has ended."""

    def messages(self) -> Iterator[tuple[str, int, bytes]]:
        """Topic, log time [ns] and CDR bytes of every message that can be read."""


# Topic to the log times [ns] of its messages.
LogTimes = defaultdict[str, list[int]]
RECOVERIES: dict[str, Callable[[Path], Recovery]] = {".mcap": McapRecovery, ".db3": SqliteRecovery}


@dataclass(frozen=True, slots=True)
class BagTopic:
    """A topic of a bag.

    Attributes:
        name: Its name, e.g. ``/visible/image_raw``.
        msgtype: Its type, e.g. ``sensor_msgs/msg/Image``.
        count: Messages that the bag claims to hold; those that can be read where its index is lost.
        qos: What its publisher offered; None where the bag does not say.
    """

    name: str
    msgtype: str
    count: int
    qos: Qos | None = None


@dataclass(frozen=True, slots=True)
class BagMessage:
    """A message as it lies in a bag.

    Attributes:
        topic: Name of its topic.
        msgtype: Type of its topic.
        log_time_ns: When the recorder received it [ns].
        data: CDR bytes.
    """

    topic: str
    msgtype: str
    log_time_ns: int
    data: bytes


class BagReader:
    """A bag being read, as a context manager.

    Attributes:
        path: The bag.
        topics: What it holds, by name.
        warnings: What was found damaged so far; complete after `messages` has ended.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to read.

        Args:
            path: A bag folder, or a single ``.mcap`` or ``.db3`` file.

        Raises:
            BagError: There is nothing of the kind.
        """
        self.path = path
        self.topics: dict[str, BagTopic] = {}
        self.warnings: list[str] = []
        self._files = _storage_files(path)
        self._reader: Reader | None = None

    def messages(self, topics: Collection[str]) -> Iterator[BagMessage]:
        """Read the messages of some topics in the order of their log times.

        Of a damaged bag what can be read, with lines in `warnings`.
        """
        if self._reader is None:
            yield from self._recovered(topics, defaultdict(list))
            return
        wanted = [c for c in self._reader.connections if c.topic in topics]
        if not wanted:
            return
        done: LogTimes = defaultdict(list)
        try:
            for connection, log_time_ns, data in self._reader.messages(wanted):
                done[connection.topic].append(log_time_ns)
                yield BagMessage(connection.topic, connection.msgtype, log_time_ns, data)
        except Exception as err:  # damage shows as anything from struct.error to zstd's own
            self.warnings.append(
                f"{self.path}: damaged ({err}); the rest is read as far as it goes"
            )
            yield from self._recovered(topics, done)
            self._warn_of_lost(topics, done)

    def __enter__(self) -> BagReader:
        """Open the bag and list its topics."""
        try:
            reader = Reader(self.path)
            reader.open()
        except (
            Exception
        ) as err:  # as above; without an index the messages may be there all the same
            self._open_recovery(err)
            return self
        self._reader = reader
        for connection in reader.connections:
            profiles = getattr(connection.ext, "offered_qos_profiles", [])
            qos = profiles[0] if profiles else None
            known = self.topics.get(connection.topic)
            count = connection.msgcount + (known.count if known else 0)
            self.topics[connection.topic] = BagTopic(
                connection.topic, connection.msgtype, count, qos
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files."""
        if self._reader is not None:
            self._reader.close()

    def _open_recovery(self, cause: Exception) -> None:
        self.warnings.append(
            f"{self.path}: the bag's index cannot be read ({cause}); was the recording cut off? "
            f"Its messages are read one by one as far as they go"
        )
        types: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for file in self._files:
            recovery = RECOVERIES[file.suffix](file)
            counts.update(topic for topic, _, _ in recovery.messages())
            types |= recovery.topics()
        self.topics = {name: BagTopic(name, types[name], counts[name]) for name in types}
        if not self.topics:
            raise BagError(
                f"{self.path}: expected a rosbag2 recording, found no readable topic ({cause}); "
                f"is it another kind of file, or cut off at its very start?"
            ) from cause

    def _recovered(self, topics: Collection[str], done: LogTimes) -> Iterator[BagMessage]:
        """Read the files record by record, but not again what is `done` already; adds to it.

        Files need not be in the order of log times: a message is known by its topic and time.
        """
        again = {topic: Counter(done[topic]) for topic in topics}
        for file in self._files:
            recovery = RECOVERIES[file.suffix](file)
            for topic, log_time_ns, data in recovery.messages():
                if topic not in topics:
                    continue
                if again[topic][log_time_ns]:
                    again[topic][log_time_ns] -= 1
                    continue
                done[topic].append(log_time_ns)
                yield BagMessage(topic, self.topics[topic].msgtype, log_time_ns, data)
            if recovery.damage:
                self.warnings.append(f"{file}: {recovery.damage}")

    def _warn_of_lost(self, topics: Collection[str], done: LogTimes) -> None:
        claimed = sum(self.topics[topic].count for topic in topics if topic in self.topics)
        self.warnings.append(
            f"{self.path}: {claimed - sum(map(len, done.values()))} of {claimed} messages are lost"
        )


def _storage_files(path: Path) -> list[Path]:
    if not path.exists():
        raise BagError(f"{path}: expected a bag, but there is nothing; check the path")
    if path.is_file() and path.suffix in RECOVERIES:
        return [path]
    files = sorted(f for f in path.glob("*") if f.suffix in RECOVERIES) if path.is_dir() else []
    compressed = path.is_dir() and any(path.glob("*.zstd"))
    if not files and not compressed:
        raise BagError(
            f"{path}: expected a rosbag2 folder, or a .mcap or .db3 file; a ROS 1 bag is "
            f"converted with 'rosbags-convert'"
        )
    return files
