# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""The interface by which the filters of `message_filters` are chained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class MessageFilter:
    """A filter that others can be connected to; interface of `message_filters.SimpleFilter`."""

    def __init__(self) -> None:
        """Start without callbacks."""
        self.callbacks: dict[int, tuple[Callable[..., None], tuple[Any, ...]]] = {}

    def registerCallback(self, callback: Callable[..., None], *arguments: Any) -> int:
        """Have `callback` called with each output, followed by `arguments`."""
        connection = len(self.callbacks)
        self.callbacks[connection] = (callback, arguments)
        return connection

    def signalMessage(self, *messages: Any) -> None:
        """Hand an output to all callbacks."""
        for callback, arguments in self.callbacks.values():
            callback(*messages, *arguments)
