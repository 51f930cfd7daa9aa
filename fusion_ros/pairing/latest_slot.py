# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A mailbox with one place: the newest item wins, what it replaces is counted."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Item = TypeVar("Item")


class LatestSlot(Generic[Item]):
    """Hands items from one thread to another without ever making the giver wait."""

    def __init__(self) -> None:
        """Start empty and open."""
        self._changed = threading.Condition()
        self._item: Item | None = None
        self._open = True
        self._superseded = 0

    @property
    def superseded(self) -> int:
        """Items replaced before anybody took them, or left behind at closing."""
        return self._superseded

    def put(self, item: Item) -> None:
        """Leave an item, in place of one that was not taken yet."""
        with self._changed:
            if self._item is not None or not self._open:
                self._superseded += 1
            if self._open:
                self._item = item
                self._changed.notify()

    def take(self) -> Item | None:
        """Wait for an item; None once the slot is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._item is not None or not self._open)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Let whoever waits go; an item still here counts as superseded."""
        with self._changed:
            self._open = False
            if self._item is not None:
                self._superseded += 1
                self._item = None
            self._changed.notify_all()
