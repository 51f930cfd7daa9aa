# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Builds a faster engine in another process while a slower one fuses."""

from __future__ import annotations

import logging
import subprocess
from threading import Thread
from typing import TYPE_CHECKING

from fusion_ros.errors import FusionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fusion_ros.backends.contract import Backend

TERMINATION_S = 5.0

logger = logging.getLogger(__name__)


class EngineUpgrade:
    """A backend that is being built.

    The build is a process of its own: it may be ended at any time, and if it crashes or takes
    all memory, fusion goes on.

    Attributes:
        engine: Name of the engine that is being built.
    """

    def __init__(
        self, engine: str, command: Sequence[str], load: Callable[[], Backend | None]
    ) -> None:
        """Start building.

        Args:
            engine: Name of the engine.
            command: Builds, and ends with exit code 0 when `load` can succeed.
            load: Loads what was built.
        """
        self.engine = engine
        self._load = load
        self._ready: Backend | None = None
        self._cancelled = False
        self._process = subprocess.Popen(
            list(command), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self._thread = Thread(target=self._wait, name="fusion_engine_upgrade", daemon=True)
        self._thread.start()

    def take(self) -> Backend | None:
        """The backend, once, as soon as it is ready; does not wait."""
        ready, self._ready = self._ready, None
        if ready is not None:
            logger.warning("engine '%s' fuses from now on", self.engine)
        return ready

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the build; whether it has ended."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def close(self) -> None:
        """End the build, and release what was built if nobody took it."""
        self._cancelled = True
        self._process.terminate()
        if not self.join(TERMINATION_S):
            self._process.kill()
            self._thread.join()
        if self._ready is not None:
            self._ready.close()
            self._ready = None

    def _wait(self) -> None:
        _, complaints = self._process.communicate()
        if self._cancelled:
            return
        try:
            ready = self._load() if self._process.returncode == 0 else None
        except (FusionError, ImportError, OSError) as err:
            complaints, ready = str(err), None
        if ready is None:
            last = complaints.strip().splitlines()[-1:] or ["no reason was given"]
            logger.warning("engine '%s' could not be built: %s", self.engine, last[0])
        self._ready = ready
