# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`sensor_msgs/Image` to frames, and arrays back to the fields of an image message.

Convention:
    A frame made here is a view of the message's buffer: nothing is copied until a conversion
    needs to. `step` (padded rows) and `is_bigendian` are honoured.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol, cast

import cv2
import numpy as np

from fusion_ros.core.frames import Frame, FramePair
from fusion_ros.core.time_units import NS_PER_S
from fusion_ros.errors import ImageFormatError
from fusion_ros.messages.encodings import (
    PIXEL_LAYOUTS,
    THERMAL_ENCODINGS,
    VISIBLE_ENCODINGS,
    PixelLayout,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SIDE_PX = 16384
_TO_BGR = {
    "rgb8": cv2.COLOR_RGB2BGR,
    "bgra8": cv2.COLOR_BGRA2BGR,
    "rgba8": cv2.COLOR_RGBA2BGR,
    "mono8": cv2.COLOR_GRAY2BGR,
    "8UC1": cv2.COLOR_GRAY2BGR,
}


class HeaderMessage(Protocol):
    """`std_msgs/Header`."""

    stamp: Any
    frame_id: str


class ImageMessage(Protocol):
    """`sensor_msgs/Image`."""

    header: Any
    height: int
    width: int
    encoding: str
    is_bigendian: int
    step: int
    data: Any


def stamp_ns(header: HeaderMessage) -> int:
    """Stamp of a header [ns]."""
    return int(header.stamp.sec) * NS_PER_S + int(header.stamp.nanosec)


def checked_stamp_ns(header: HeaderMessage) -> int:
    """Stamp of a header [ns]; raises `ImageFormatError` where there is none."""
    stamp = stamp_ns(header)
    if stamp <= 0:
        raise ImageFormatError(
            "stamp: expected the acquisition time, got zero; pairing needs it: let the driver "
            "fill header.stamp"
        )
    return stamp


def check_size(width_px: int, height_px: int) -> None:
    """Raise `ImageFormatError` for a size that no camera has."""
    if not (0 < height_px <= MAX_SIDE_PX and 0 < width_px <= MAX_SIDE_PX):
        raise ImageFormatError(
            f"size: expected 1 to {MAX_SIDE_PX} pixels a side, got {width_px}x{height_px}"
        )


def visible_frame(message: ImageMessage) -> Frame:
    """View an image message of the visible camera as a frame.

    Raises:
        ImageFormatError: The encoding is not one of `VISIBLE_ENCODINGS`, the size is not
            sensible, data and size disagree, or the stamp is zero.
    """
    return _frame(message, VISIBLE_ENCODINGS, "is this the visible camera's topic?")


def thermal_frame(message: ImageMessage) -> Frame:
    """View an image message of the thermal camera as a frame.

    Raises:
        ImageFormatError: As `visible_frame`, with `THERMAL_ENCODINGS`.
    """
    return _frame(
        message,
        THERMAL_ENCODINGS,
        "a colour-mapped picture has lost its temperatures: switch the camera or driver to its "
        "grey output",
    )


def _frame(message: ImageMessage, encodings: tuple[str, ...], advice: str) -> Frame:
    stamp = checked_stamp_ns(message.header)
    if message.encoding not in encodings:
        raise ImageFormatError(
            f"encoding: expected one of {', '.join(encodings)}, got '{message.encoding}'; {advice}"
        )
    image = _view(message, PIXEL_LAYOUTS[message.encoding])
    return Frame(image, message.encoding, stamp, message.header.frame_id)


def _view(message: ImageMessage, layout: PixelLayout) -> NDArray[np.uint8 | np.uint16]:
    height, width, step = int(message.height), int(message.width), int(message.step)
    check_size(width, height)
    row_bytes = width * layout.bytes_per_pixel
    if step < row_bytes:
        raise ImageFormatError(
            f"step: expected at least {row_bytes} bytes for {width} pixels of "
            f"{message.encoding}, got {step}"
        )
    buffer = np.frombuffer(message.data, dtype=np.uint8)
    # The last row may come without its padding.
    needed = step * (height - 1) + row_bytes
    if buffer.size < needed:
        raise ImageFormatError(
            f"data: expected {step * height} bytes for {width}x{height} {message.encoding}, "
            f"got {buffer.size}; the message is truncated"
        )
    item = np.dtype(layout.dtype).itemsize
    native_is_big = sys.byteorder == "big"
    swapped = item > 1 and bool(message.is_bigendian) != native_is_big
    dtype = np.dtype(layout.dtype).newbyteorder("S" if swapped else "=")
    shape, strides = (height, width), (step, layout.bytes_per_pixel)
    if layout.channels > 1:
        shape, strides = (*shape, layout.channels), (*strides, item)  # type: ignore[assignment]
    return np.ndarray(shape, dtype, buffer=buffer.data, strides=strides)


def visible_bgr(frame: Frame) -> NDArray[np.uint8]:
    """A frame of `visible_frame` as (H, W, 3) uint8 BGR; a view where it is already that."""
    code = _TO_BGR.get(frame.encoding)
    image = cast("NDArray[np.uint8]", frame.image)
    return image if code is None else cast("NDArray[np.uint8]", cv2.cvtColor(image, code))


def frame_pair(visible: Frame, thermal: Frame) -> FramePair:
    """Frames of `visible_frame` and `thermal_frame` as the input of a fusion."""
    return FramePair(
        visible_bgr(visible), thermal_counts(thermal), visible.stamp_ns, thermal.stamp_ns
    )


def thermal_counts(frame: Frame) -> NDArray[np.uint8 | np.uint16]:
    """A frame of `thermal_frame` as (h, w) uint8 or uint16 in native byte order.

    A view where it is already that.
    """
    if not frame.image.dtype.isnative:
        return frame.image.astype(frame.image.dtype.newbyteorder("="))
    return frame.image
