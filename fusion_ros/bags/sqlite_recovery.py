# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads a damaged sqlite3 bag, row by row from its start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# By row, not by time: the index over time is at the file's end, which may be gone.
ROWS = (
    "SELECT messages.id, topics.name, timestamp, data FROM messages NOT INDEXED "
    "JOIN topics ON topics.id = topic_id WHERE messages.id > ? ORDER BY messages.id"
)


class SqliteRecovery:
    """Walks through the rows of one file.

    Attributes:
        damage: What was found damaged, for people; empty while nothing was.
    """

    def __init__(self, path: Path) -> None:
        """Remember the file."""
        self._path = path
        self.damage = ""

    def topics(self) -> dict[str, str]:
        """Topic names and message types; empty where even they cannot be read."""
        try:
            with closing(self._connect()) as database:
                return dict(database.execute("SELECT name, type FROM topics").fetchall())
        except sqlite3.Error as err:
            self.damage = str(err)
            return {}

    def messages(self) -> Iterator[tuple[str, int, bytes]]:
        """Topic, log time [ns] and CDR bytes of every message that can be read."""
        self.damage = ""
        try:
            with closing(self._connect()) as database:
                yield from self._rows(database)
        except sqlite3.Error as err:
            self.damage = f"cut off or damaged: {err}"

    def _rows(self, database: sqlite3.Connection) -> Iterator[tuple[str, int, bytes]]:
        """All rows; where some cannot be read, go on behind them, in ever larger steps."""
        last = step = 0
        while True:
            try:
                for row, *message in database.execute(ROWS, (last + step,)):
                    yield tuple(message)
                    last, step = row, 0
                return
            except sqlite3.DatabaseError as err:
                self.damage = f"cut off or damaged after row {last}: {err}"
                (newest,) = database.execute("SELECT max(id) FROM messages").fetchone()
                step = max(1, 2 * step)
                if newest is None or last + step >= newest:
                    return

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True)
        # Nothing is written, the file is open read-only; but without this setting SQLite opens
        # no file that is shorter than its header says.
        database.execute("PRAGMA writable_schema=ON")
        return database
