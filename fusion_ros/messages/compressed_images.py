# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""`sensor_msgs/CompressedImage` to frames: JPEG and PNG, thermal images with all their bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

import cv2
import numpy as np

from fusion_ros.core.frames import Frame
from fusion_ros.core.image_checks import describe
from fusion_ros.errors import ImageFormatError
from fusion_ros.messages.compressed_format import (
    DEPTH_HEADER_BYTES,
    PNG_START,
    CompressedFormat,
    size_px,
)
from fusion_ros.messages.images import check_size, checked_stamp_ns

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


class CompressedImageMessage(Protocol):
    """`sensor_msgs/CompressedImage`."""

    header: Any
    format: str
    data: Any


def compressed_visible_frame(message: CompressedImageMessage) -> Frame:
    """Decode an image of the visible camera, as ``bgr8``.

    Raises:
        ImageFormatError: It is no PNG or JPEG of 8 bit, is damaged, an unprocessed mosaic, or
            its stamp is zero.
    """
    stamp_ns = checked_stamp_ns(message.header)
    named = CompressedFormat.parse(message.format)
    # The camera's way up is a matter of its mounting, not of a tag in each image.
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH | cv2.IMREAD_IGNORE_ORIENTATION
    image = _decode(message, named, flags)
    is_mosaic = named.encoding.startswith("bayer") and "bgr8" not in named.codec
    if image.dtype != np.uint8 or is_mosaic:
        raise ImageFormatError(
            f"compressed visible image: expected 8-bit colour or grey, got '{message.format}' "
            f"({describe(image)}); is this the visible camera's topic, after debayering?"
        )
    if named.holds_rgb:
        image = cast("NDArray[np.uint8]", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return Frame(image, "bgr8", stamp_ns, message.header.frame_id)


def compressed_thermal_frame(message: CompressedImageMessage) -> Frame:
    """Decode an image of the thermal camera, as ``mono8`` or ``mono16``.

    A grey picture with three equal channels counts as grey.

    Raises:
        ImageFormatError: It is no PNG or JPEG, is damaged, coloured, has lost bits on the way,
            or its stamp is zero.
    """
    stamp_ns = checked_stamp_ns(message.header)
    named = CompressedFormat.parse(message.format)
    image = _decode(message, named, cv2.IMREAD_UNCHANGED)
    if image.ndim == 3 and bool((image[..., :3] == image[..., :1]).all()):
        image = np.ascontiguousarray(image[..., 0])
    if image.ndim != 2 or image.dtype not in (np.uint8, np.uint16):
        raise ImageFormatError(
            f"compressed thermal image: expected grey of 8 or 16 bit, got '{message.format}' "
            f"({describe(image)}); a colour-mapped picture has lost its temperatures: switch the "
            f"camera or driver to its grey output"
        )
    if named.has_16_bit and image.dtype == np.uint8:
        raise ImageFormatError(
            f"compressed thermal image: expected 16 bit, as its format '{message.format}' says, "
            f"got 8; JPEG cuts counts off: let image_transport compress with png"
        )
    encoding = "mono16" if image.dtype == np.uint16 else "mono8"
    return Frame(image, encoding, stamp_ns, message.header.frame_id)


def _decode(
    message: CompressedImageMessage, named: CompressedFormat, flags: int
) -> NDArray[np.uint8 | np.uint16]:
    data = bytes(message.data)
    if named.is_depth and not data.startswith(PNG_START):
        data = data[DEPTH_HEADER_BYTES:]
    check_size(*size_px(data))
    try:
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), flags)
    except cv2.error as err:
        raise ImageFormatError(f"compressed image: cannot be decoded: {err.err}") from err
    if image is None:
        raise ImageFormatError(
            f"compressed image: expected '{message.format}', got {len(data)} bytes that cannot "
            f"be decoded; the message is damaged"
        )
    return cast("NDArray[np.uint8 | np.uint16]", image)
