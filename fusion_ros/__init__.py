# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fusion of thermal and visible images, as a library and as ROS 2 nodes.

>>> from fusion_ros import FramePair, load_backend
>>> fused = load_backend("mm_lut").fuse(FramePair(visible=bgr, thermal=grey))
"""

from __future__ import annotations

from pkgutil import extend_path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fusion_ros.core.frames import FramePair, FusedFrame
    from fusion_ros.pipeline import FusionPipeline, load_backend

__version__ = "0.1.0"
__all__ = ["FramePair", "FusedFrame", "FusionPipeline", "load_backend"]

# The generated messages (`fusion_ros.msg`) live in the overlay, these modules perhaps elsewhere.
__path__ = extend_path(__path__, __name__)

_EXPORTS = {
    "FramePair": "fusion_ros.core.frames",
    "FusedFrame": "fusion_ros.core.frames",
    "FusionPipeline": "fusion_ros.pipeline",
    "load_backend": "fusion_ros.pipeline",
}


def __getattr__(name: str) -> object:
    """Import public names when they are first used: `import fusion_ros` stays instant."""
    import importlib

    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
