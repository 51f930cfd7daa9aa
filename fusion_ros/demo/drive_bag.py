# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Renders the drive into a bag."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fusion_ros.bags.camera_recording import CameraRecording
from fusion_ros.bags.image_messages import PinholeCamera
from fusion_ros.bags.recording_plan import START_NS
from fusion_ros.demo.scene.camera import VISIBLE_CAMERA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from fusion_ros.bags.bag_writer import BagWriter
    from fusion_ros.demo.scene.drive import Drive


def write_drive(drive: Drive, writer: BagWriter) -> Iterator[None]:
    """Write all images of a drive; yields after each, for progress."""
    seen = VISIBLE_CAMERA
    camera = PinholeCamera(
        seen.width, seen.height, (seen.focal_x, seen.focal_y), (seen.centre_x, seen.centre_y)
    )
    recording = CameraRecording(writer, camera)
    for image in drive:
        stamp_ns = START_NS + image.time_ns
        if image.is_thermal:
            recording.write_thermal(stamp_ns, image.pixels)
        else:
            recording.write_visible(stamp_ns, cast("NDArray[np.uint8]", image.pixels))
        yield
