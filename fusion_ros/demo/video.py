# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""A video of visible, thermal and fused side by side, encoded beside other work."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fusion_ros.core.time_units import NS_PER_S
from fusion_ros.demo.contact_sheet import label, tiles
from fusion_ros.errors import FusionError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from fusion_ros.demo.moments import Moment

FRAME_HZ = 15
TILE_WIDTH = 320
# VP9 plays in browsers; OpenCV's wheels can always write the second, which players can.
CODECS = ("vp09", "mp4v")
FRAMES_WAITING = 32


class SideBySideVideo:
    """An MP4 file being written, as a context manager.

    Attributes:
        frames: How many have been given to the encoder.
    """

    def __init__(self, path: Path) -> None:
        """Prepare; the size is that of the first moment."""
        self.path = path
        self.frames = 0
        self._next_ns = 0
        self._waiting: queue.Queue[NDArray[np.uint8] | None] = queue.Queue(FRAMES_WAITING)
        self._thread: threading.Thread | None = None

    def is_due(self, stamp_ns: int) -> bool:
        """Whether the next frame of the video shows this moment."""
        # Half a frame early will do: stamps are not that regular.
        return stamp_ns >= self._next_ns - NS_PER_S // FRAME_HZ // 2

    def add(self, moment: Moment) -> None:
        """Append a moment that is due."""
        frame = _frame(moment)
        if self._thread is None:
            self._next_ns = moment.stamp_ns
            writer = _open(self.path, (frame.shape[1], frame.shape[0]))
            self._thread = threading.Thread(target=self._encode, args=(writer,), daemon=True)
            self._thread.start()
        self._next_ns += NS_PER_S // FRAME_HZ
        self.frames += 1
        self._waiting.put(frame)

    def _encode(self, writer: cv2.VideoWriter) -> None:
        while (frame := self._waiting.get()) is not None:
            writer.write(frame)
        writer.release()

    def __enter__(self) -> SideBySideVideo:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish encoding."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()


def _frame(moment: Moment) -> NDArray[np.uint8]:
    height, width = moment.visible.shape[:2]
    # Encoders want even sides.
    size = (TILE_WIDTH, 2 * round(TILE_WIDTH * height / width / 2))
    pictures = tiles(moment, size)[:3]
    for picture, title in zip(pictures, ("visible", "thermal", "fused"), strict=True):
        label(picture, title, (12, size[1] - 12))
    return np.hstack(pictures)


def _open(path: Path, size: tuple[int, int]) -> cv2.VideoWriter:
    for codec in CODECS:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), FRAME_HZ, size)
        if writer.isOpened():
            return writer
    raise FusionError(
        f"{path}: OpenCV can write no video here; expected one of {', '.join(CODECS)}. Install "
        f"'opencv-python' from PyPI, or run the demo with --no-video"
    )
