# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A process of the demo or benchmark: started, listened to, ended as a user would end it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from fusion_ros.demo.orderly_end import not_ended_meanwhile
from fusion_ros.errors import FusionError
from fusion_ros.process_status import peak_memory_mb, processor_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

KILL_AFTER_S = 20.0
LOG_LINES_SHOWN = 12


@contextmanager
def running_process(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[ChildProcess]:
    """A `ChildProcess` that ends with the block, whatever happens and whenever."""
    with ExitStack() as ended_with_block:
        # A request to end that comes while it starts must find it owned.
        with not_ended_meanwhile():
            process = ended_with_block.enter_context(
                ChildProcess(module, arguments, environment, log)
            )
        yield process


class ChildProcess:
    """A Python module run as a process of its own, as a context manager.

    Its standard error, and whatever it prints that is not an event, goes to a log file.

    Attributes:
        name: For messages.
        log: The log file.
        exit_code: None while it runs; negative if a signal ended it.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        """Start it.

        Args:
            module: As for ``python -m``.
            arguments: Its command line.
            environment: All of its environment variables.
            log: Where its output goes.
        """
        self.name = module.rpartition(".")[2]
        self.log = log
        self._events: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._log_file = log.open("w", encoding="utf-8", buffering=1)
        # A session of its own: Ctrl-C in the terminal reaches only our parent, which ends the rest.
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log_file,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    def event(self, name: str) -> dict[str, Any] | None:
        """The latest event of a name; None before the first."""
        with self._changed:
            return self._events.get(name)

    def wait_for(
        self, done: Callable[[], bool], seconds: float, what: str, others: Sequence[ChildProcess]
    ) -> None:
        """Wait until a condition holds that an event of this process may fulfil.

        Args:
            done: The condition.
            seconds: How long to wait at most.
            what: The condition in words.
            others: Processes that must go on running meanwhile.

        Raises:
            FusionError: The time is over, or a process has ended.
        """
        deadline = time.monotonic() + seconds
        processes = (self, *others)
        with self._changed:
            while not done():
                for process in processes:
                    process.require_running()
                if time.monotonic() > deadline:
                    logs = "\n".join(f"{p.name} said: {p.last_lines()}" for p in processes)
                    raise FusionError(f"'{what}' did not happen within {seconds:g} s\n{logs}")
                self._changed.wait(0.1)

    def require_running(self) -> None:
        """Raise `FusionError` with the end of its log if it has ended."""
        if self.exit_code is not None:
            raise FusionError(
                f"{self.name} ended early with exit code {self.exit_code}: {self.last_lines()}"
            )

    def has_logged(self, word: str) -> bool:
        """Whether a word is in its log."""
        return word in self.log.read_text(encoding="utf-8", errors="replace")

    def last_lines(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES_SHOWN:]) or "nothing"

    def peak_memory_mb(self) -> float:
        """Largest resident memory so far [MB]; 0 where the system does not tell."""
        return peak_memory_mb(self._process.pid) or 0.0

    def processor_seconds(self) -> float:
        """Time that its threads have computed so far [s]; 0 where the system does not tell."""
        return processor_seconds(self._process.pid) or 0.0

    def interrupt(self, seconds: float = KILL_AFTER_S) -> int:
        """Send what Ctrl-C sends; returns the exit code, -9 if it had to be killed."""
        if self.exit_code is None:
            self._process.send_signal(signal.SIGINT)
        return self._end(seconds)

    def let_go(self, seconds: float = KILL_AFTER_S) -> int:
        """Close its standard input, for which a holding process waits; returns the exit code."""
        if self._process.stdin is not None and not self._process.stdin.closed:
            self._process.stdin.close()
        return self._end(seconds)

    def _end(self, seconds: float) -> int:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        return self._process.returncode

    def _listen(self) -> None:
        stdout = self._process.stdout
        if stdout is None:
            raise FusionError(f"{self.name}: expected a pipe to its standard output, got none")
        for line in stdout:
            try:
                event = json.loads(line)
                name = event["event"]
            except (ValueError, TypeError, KeyError):
                self._log_file.write(line)
                continue
            with self._changed:
                self._events[name] = event
                self._changed.notify_all()

    def __enter__(self) -> ChildProcess:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make sure that it has ended."""
        self.interrupt(seconds=KILL_AFTER_S if kind is None else 3.0)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._log_file.close()
