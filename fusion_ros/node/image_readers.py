# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Image messages to frames: our own conversion first, `cv_bridge` for the rest where it works."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from fusion_ros.core.frames import Frame
from fusion_ros.errors import ImageFormatError
from fusion_ros.messages.encodings import THERMAL_ENCODINGS, VISIBLE_ENCODINGS
from fusion_ros.messages.images import stamp_ns, thermal_frame, visible_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray


def read_visible(message: Any) -> Frame:
    """Visible image message to frame; raises `ImageFormatError`."""
    if message.encoding in VISIBLE_ENCODINGS or stamp_ns(message.header) <= 0:
        return visible_frame(message)
    return _by_cv_bridge(message, "bgr8", visible_frame)


def read_thermal(message: Any) -> Frame:
    """Thermal image message to frame; raises `ImageFormatError`.

    Colour encodings are refused: grey made from false colour is no temperature.
    """
    is_grey = message.encoding.startswith(("mono", "8UC1", "16UC1", "8SC1", "16SC1"))
    if message.encoding in THERMAL_ENCODINGS or stamp_ns(message.header) <= 0 or not is_grey:
        return thermal_frame(message)
    return _by_cv_bridge(message, "mono16", thermal_frame)


def _by_cv_bridge(message: Any, target: str, plain: Callable[[Any], Frame]) -> Frame:
    convert, obstacle = _bridge()
    if convert is None:
        try:
            return plain(message)
        except ImageFormatError as refusal:
            raise ImageFormatError(f"{refusal} (cv_bridge cannot help: {obstacle})") from None
    try:
        image = convert(message, target)
    # cv_bridge raises whatever its compiled part does; the message is refused, not the node.
    except Exception as err:
        raise ImageFormatError(
            f"encoding: expected what cv_bridge can turn into {target}, got "
            f"'{message.encoding}' ({err})"
        ) from err
    return Frame(image, target, stamp_ns(message.header), message.header.frame_id)


@functools.cache
def _bridge() -> tuple[Callable[[Any, str], NDArray[np.uint8 | np.uint16]] | None, str]:
    """cv_bridge's conversion, or None and why not; tried once, for a failed import is slow."""
    try:
        from cv_bridge import CvBridge

        return CvBridge().imgmsg_to_cv2, ""
    # Built for another NumPy it dies of more than ImportError.
    except Exception as err:
        return None, str(err) or type(err).__name__
