# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Fused frames to messages, on the node's output topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from rclpy.qos_overriding_options import QoSOverridingOptions
from sensor_msgs.msg import CameraInfo, Image

from fusion_ros.msg import FusionTiming
from fusion_ros.node.topics import (
    FUSED_IMAGE,
    FUSED_INFO,
    GUIDANCE_IMAGE,
    TIMING,
    output_qos,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rclpy.node import Node

    from fusion_ros.core.frames import FusedFrame


class FusionPublishers:
    """The four outputs of the node."""

    def __init__(self, node: Node, encoding: str) -> None:
        """Create the publishers.

        Args:
            node: Their node.
            encoding: Of the fused image, ``bgr8`` or ``rgb8``.
        """
        self._node = node
        self._encoding = encoding
        self._fused = self._advertise(Image, FUSED_IMAGE)
        self._info = self._advertise(CameraInfo, FUSED_INFO)
        self._guidance = self._advertise(Image, GUIDANCE_IMAGE)
        self._timing = self._advertise(FusionTiming, TIMING)

    def guidance_is_wanted(self) -> bool:
        """Whether somebody listens to the guidance."""
        return bool(self._guidance.get_subscription_count() > 0)

    def publish_images(self, fused: FusedFrame, header: Any, info: CameraInfo | None) -> None:
        """Publish the fused image, its camera info, and the guidance if there is one.

        Args:
            fused: The result.
            header: The visible image's header; all outputs carry it unchanged.
            info: Calibration of the visible camera, None while it has sent none.
        """
        image = fused.image
        if self._encoding == "rgb8":
            image = cast("NDArray[np.uint8]", cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
        self._fused.publish(_image_message(image, self._encoding, header))
        self._info.publish(_info_message(info, header, image.shape))
        if fused.guidance is not None:
            grey = cast("NDArray[np.uint8]", cv2.convertScaleAbs(fused.guidance, alpha=255.0))
            self._guidance.publish(_image_message(grey, "mono8", header))

    def publish_timing(self, timing: FusionTiming) -> None:
        """Publish the timing of a frame."""
        self._timing.publish(timing)

    def destroy(self) -> None:
        """Withdraw the publishers."""
        for publisher in (self._fused, self._info, self._guidance, self._timing):
            self._node.destroy_publisher(publisher)

    def _advertise(self, message_type: type, topic: str) -> Any:
        return self._node.create_publisher(
            message_type,
            topic,
            output_qos(),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(),
        )


def _image_message(image: NDArray[np.uint8], encoding: str, header: Any) -> Image:
    message = Image(header=header, encoding=encoding)
    message.height, message.width = image.shape[:2]
    message.step = image.strides[0]
    # Filling the message's own array is the one way that is fast on every distribution:
    # assigning an array checks or copies each element on some of them.
    message.data.frombytes(np.ascontiguousarray(image).data.cast("B"))
    return message


def _info_message(info: CameraInfo | None, header: Any, shape: tuple[int, ...]) -> CameraInfo:
    """The visible camera's calibration under the fused image's header.

    Without a calibration for this size the matrices stay zero, which by convention says
    "uncalibrated"; the message is sent all the same, for readers that wait for both.
    """
    height, width = shape[:2]
    if info is None or (info.height, info.width) != (height, width):
        return CameraInfo(header=header, height=height, width=width)
    return CameraInfo(
        header=header,
        height=height,
        width=width,
        distortion_model=info.distortion_model,
        d=info.d,
        k=info.k,
        r=info.r,
        p=info.p,
        binning_x=info.binning_x,
        binning_y=info.binning_y,
        roi=info.roi,
    )
