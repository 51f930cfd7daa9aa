# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Reads a sqlite3 bag whose end is missing, row by row from its start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SqliteRecovery:
    """Walks through the rows of one file.

    Attributes:
        damage: What ended the walk early, for people; empty while nothing did.
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
        # By row, not by time: the index over time is at the file's end, which is gone.
        rows = (
            "SELECT topics.name, timestamp, data FROM messages NOT INDEXED "
            "JOIN topics ON topics.id = topic_id ORDER BY messages.id"
        )
        try:
            with closing(self._connect()) as database:
                yield from database.execute(rows)
        except sqlite3.Error as err:
            self.damage = f"cut off or damaged: {err}"

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(uri, uri=True)
        # Nothing is written, the file is open read-only; but without this setting SQLite opens
        # no file that is shorter than its header says.
        database.execute("PRAGMA writable_schema=ON")
        return database
