# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Makes a recording out of two folders of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_ros.bags.camera_recording import CameraRecording
from fusion_ros.bags.image_files import read_thermal, read_visible
from fusion_ros.bags.image_messages import PinholeCamera
from fusion_ros.bags.recording_plan import plan_frames
from fusion_ros.core.image_folders import match_by_stem
from fusion_ros.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fusion_ros.bags.bag_writer import BagWriter
    from fusion_ros.bags.recording_plan import RecordingPlan


class FolderBag:
    """Visible and thermal images that become a recording.

    Attributes:
        frames: What will be written, in order.
    """

    def __init__(self, visible: Path, thermal: Path, plan: RecordingPlan) -> None:
        """Pair the images by file name and lay out the frames.

        Raises:
            ConfigError: A folder is missing or empty, or an image has no partner.
        """
        self._pairs = list(match_by_stem([visible, thermal]).values())
        self.frames = plan_frames(plan, len(self._pairs))

    def write(self, writer: BagWriter) -> Iterator[int]:
        """Write all frames; yields after each, for progress.

        Raises:
            ImageFormatError: An image cannot be read; the message names the file.
            ConfigError: The visible images differ in size.
        """
        recording: CameraRecording | None = None
        for number, frame in enumerate(self.frames):
            visible_path, thermal_path = self._pairs[frame.image_index]
            if recording is None:
                height, width = read_visible(visible_path).shape[:2]
                recording = CameraRecording(writer, PinholeCamera(width, height))
            if frame.stream == "thermal":
                recording.write_thermal(frame.stamp_ns, read_thermal(thermal_path))
            else:
                image = read_visible(visible_path)
                if image.shape[:2] != (height, width):
                    raise ConfigError(
                        f"{visible_path}: expected {width}x{height} as the first image, got "
                        f"{image.shape[1]}x{image.shape[0]}; a camera has one size"
                    )
                recording.write_visible(frame.stamp_ns, image)
            yield number + 1
