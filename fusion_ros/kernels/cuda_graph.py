# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A frame's copies and launches as one CUDA graph, through the driver's own interface.

Numba launches kernels one by one, at tens of microseconds of Python each, and has no call for
graphs in the versions supported here. Launches on a stream can be captured from outside,
though: Numba enqueues them once, and each frame replays them with a single call.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from fusion_ros.engines.cuda_driver import call_driver

if TYPE_CHECKING:
    from collections.abc import Callable

# CU_STREAM_CAPTURE_MODE_RELAXED: other calls to the driver, by any thread, do not disturb.
CAPTURE_RELAXED = 2
NO_FLAGS = 0


class CudaGraph:
    """Work that was enqueued on a stream once, to be replayed on the same buffers."""

    def __init__(self, stream: int, enqueue: Callable[[], None]) -> None:
        """Capture what `enqueue` puts on the stream, without running it.

        Everything it launches must be compiled and loaded: run it once before.

        Args:
            stream: Handle of the stream, not of the default one.
            enqueue: Enqueues copies between pinned and device memory, and kernels.

        Raises:
            DeviceError: The driver refused.
        """
        self._stream = ctypes.c_void_p(stream)
        self._executable = ctypes.c_void_p()
        graph = ctypes.c_void_p()
        call_driver("cuStreamBeginCapture_v2", self._stream, CAPTURE_RELAXED)
        try:
            enqueue()
        finally:
            # Also after an error, or the stream stays unusable.
            call_driver("cuStreamEndCapture", self._stream, ctypes.byref(graph))
        try:
            call_driver(
                "cuGraphInstantiateWithFlags",
                ctypes.byref(self._executable),
                graph,
                NO_FLAGS,
            )
        finally:
            call_driver("cuGraphDestroy", graph)

    def replay(self) -> None:
        """Enqueue all of it on the stream; raises `DeviceError`."""
        call_driver("cuGraphLaunch", self._executable, self._stream)

    def close(self) -> None:
        """Release the graph. Calling it again does nothing."""
        if self._executable:
            call_driver("cuGraphExecDestroy", self._executable)
            self._executable = ctypes.c_void_p()
