# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Lets a request to end unwind the program, so that it cleans up after itself."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# What service managers and closing terminals send.
SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class _Requests:
    """Requests to end: how many hold them back, and the one that waits for them."""

    holders: int = 0
    waiting: int | None = None


_REQUESTS = _Requests()


@contextmanager
def unwinding_when_ended() -> Iterator[None]:
    """Within, a request to end raises `SystemExit` in the main thread.

    The exit code is 128 and the signal's number, as of a program that the signal ended: 143 for
    SIGTERM. A signal that the program was started to ignore, as by nohup, stays ignored.
    """

    def answer(number: int, _frame: object) -> None:
        # A second one must not interrupt the cleaning up.
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        if _REQUESTS.holders:
            _REQUESTS.waiting = number
        else:
            raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, answer)
        yield
    finally:
        _REQUESTS.waiting = None
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)


@contextmanager
def not_ended_meanwhile() -> Iterator[None]:
    """Within, a request to end waits: for what must be whole, as a process and its owner.

    Ctrl-C waits, too; after the block it does what it does elsewhere: it raises
    `KeyboardInterrupt`. Blocking the signals instead would be inherited by a process that is
    started within.
    """
    _REQUESTS.holders += 1
    try:
        with _interrupt_held():
            yield
    finally:
        _REQUESTS.holders -= 1
        if _REQUESTS.waiting is not None and not _REQUESTS.holders:
            raise SystemExit(128 + _REQUESTS.waiting)


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """Within, Ctrl-C waits; then it is answered as it would have been."""
    before = signal.getsignal(signal.SIGINT)
    # Other threads are not interrupted. What is ignored stays so, also in what is started within.
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)
