# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Message classes by the names that bags use."""

from __future__ import annotations

import importlib
from typing import cast

from fusion_ros.errors import BagError


def message_class(msgtype: str) -> type:
    """The class of a message type, e.g. of ``sensor_msgs/msg/Image``.

    Raises:
        BagError: Its package is not installed, or has no such message.
    """
    package, _, name = msgtype.partition("/msg/")
    try:
        return cast("type", getattr(importlib.import_module(f"{package}.msg"), name))
    except (ImportError, AttributeError, ValueError) as err:
        raise BagError(
            f"message type {msgtype}: expected it to be installed, got: {err}; install the ROS "
            f"package '{package}', or leave the topic out"
        ) from err
