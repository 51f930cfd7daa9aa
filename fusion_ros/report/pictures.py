# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""Sample frames as the page shows them: JPEG inside the page, with words beside."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from markupsafe import Markup

from fusion_ros.errors import ImageFormatError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fusion_ros.report.sample_frame import SampleFrame

# Larger images are reduced: the page is to be mailed, and the recording holds every pixel.
LONGEST_SIDE_PX = 1280
QUALITY = {"visible": 86, "thermal": 86, "fused": 88, "guidance": 75}


@dataclass(frozen=True, slots=True)
class Picture:
    """One layer of a sample: an image as a ``data:`` address."""

    layer: str
    source: Markup


@dataclass(frozen=True, slots=True)
class ShownSample:
    """A sample frame ready to be shown.

    Attributes:
        title: Why the frame was chosen.
        t_s: Time since the first visible image [s].
        stamp_ns: Of the visible image [ns].
        width: Of the pictures [px].
        height: Of the pictures [px].
        original: Size of the frame itself, e.g. ``1920 x 1080``.
        reduced: Whether the pictures are smaller than the frame.
        pictures: The layers visible, thermal, fused, guidance.
        scores: Metrics of the frame.
    """

    title: str
    t_s: float
    stamp_ns: int
    width: int
    height: int
    original: str
    reduced: bool
    pictures: tuple[Picture, ...]
    scores: Mapping[str, float]


def shown_sample(sample: SampleFrame) -> ShownSample:
    """Reduce and encode the images of a sample.

    Raises:
        ImageFormatError: The images have not one size, or an image cannot be encoded.
    """
    height, width = sample.fused.shape[:2]
    layers = {
        "visible": sample.visible,
        "thermal": sample.thermal,
        "fused": sample.fused,
        "guidance": sample.guidance,
    }
    for layer, image in layers.items():
        if image.shape[:2] != (height, width):
            raise ImageFormatError(
                f"report: expected the {layer} image of a sample on the fused image's grid "
                f"{width} x {height}, got {image.shape[1]} x {image.shape[0]}"
            )
    # The weight is no picture of the scene: it gets colours of its own.
    layers["guidance"] = np.asarray(cv2.applyColorMap(sample.guidance, cv2.COLORMAP_INFERNO))
    size = _reduced(width, height)
    return ShownSample(
        title=", ".join(sample.labels) or "frame",
        t_s=sample.t_s,
        stamp_ns=sample.stamp_ns,
        width=size[0],
        height=size[1],
        original=f"{width} x {height}",
        reduced=size != (width, height),
        pictures=tuple(
            Picture(layer, _jpeg(image, size, QUALITY[layer])) for layer, image in layers.items()
        ),
        scores=sample.scores,
    )


def _reduced(width: int, height: int) -> tuple[int, int]:
    factor = min(1.0, LONGEST_SIDE_PX / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))


def _jpeg(image: NDArray[np.uint8], size: tuple[int, int], quality: int) -> Markup:
    if size != (image.shape[1], image.shape[0]):
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    encoded, data = cv2.imencode(".jpg", image, options)
    if not encoded:
        raise ImageFormatError(f"report: an image of shape {image.shape} cannot become a JPEG")
    return Markup("data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii"))
