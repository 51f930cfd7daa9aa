# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from array import array
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ImageFormatError
from fusion_ros.messages.encodings import PIXEL_LAYOUTS, THERMAL_ENCODINGS, VISIBLE_ENCODINGS
from fusion_ros.messages.images import (
    thermal_counts,
    thermal_frame,
    visible_bgr,
    visible_frame,
)

HEIGHT, WIDTH = 5, 7


def message(image, encoding, padding=0, big_endian=False, sec=12, nanosec=34):
    stored = image.astype(image.dtype.newbyteorder(">" if big_endian else "<"))
    rows = np.frombuffer(stored.tobytes(), np.uint8).reshape(image.shape[0], -1)
    padded = np.pad(rows, ((0, 0), (0, padding)), constant_values=77)
    return SimpleNamespace(
        header=SimpleNamespace(stamp=SimpleNamespace(sec=sec, nanosec=nanosec), frame_id="cam"),
        height=image.shape[0],
        width=image.shape[1],
        encoding=encoding,
        is_bigendian=int(big_endian),
        step=padded.shape[1],
        data=array("B", padded.tobytes()),
    )


def sample(encoding):
    layout = PIXEL_LAYOUTS[encoding]
    shape = (HEIGHT, WIDTH) if layout.channels == 1 else (HEIGHT, WIDTH, layout.channels)
    top = np.iinfo(layout.dtype).max
    return np.random.default_rng(0).integers(0, top, shape, dtype=layout.dtype, endpoint=True)


EXPECTED_BGR = {
    "bgr8": lambda image: image,
    "rgb8": lambda image: image[..., ::-1],
    "bgra8": lambda image: image[..., :3],
    "rgba8": lambda image: image[..., 2::-1],
    "mono8": lambda image: np.repeat(image[..., None], 3, axis=-1),
    "8UC1": lambda image: np.repeat(image[..., None], 3, axis=-1),
}


@pytest.mark.parametrize("padding", [0, 3])
@pytest.mark.parametrize("encoding", VISIBLE_ENCODINGS)
def test_every_visible_encoding_becomes_bgr_with_and_without_padded_rows(encoding, padding):
    image = sample(encoding)
    frame = visible_frame(message(image, encoding, padding))
    np.testing.assert_array_equal(visible_bgr(frame), EXPECTED_BGR[encoding](image))
    assert (frame.stamp_ns, frame.frame_id) == (12_000_000_034, "cam")


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("padding", [0, 5])
@pytest.mark.parametrize("encoding", THERMAL_ENCODINGS)
def test_every_thermal_encoding_keeps_its_counts(encoding, padding, big_endian):
    image = sample(encoding)
    counts = thermal_counts(thermal_frame(message(image, encoding, padding, big_endian)))
    np.testing.assert_array_equal(counts, image)
    assert counts.dtype == image.dtype
    assert counts.dtype.isnative


def test_a_bgr8_frame_shares_the_memory_of_its_message():
    source = message(sample("bgr8"), "bgr8")
    bgr = visible_bgr(visible_frame(source))
    source.data[0] = 200 if bgr[0, 0, 0] != 200 else 100
    assert bgr[0, 0, 0] == source.data[0]


def test_read_only_buffers_are_accepted():
    source = message(sample("bgr8"), "bgr8")
    source.data = np.frombuffer(source.data.tobytes(), np.uint8)
    assert visible_bgr(visible_frame(source)).shape == (HEIGHT, WIDTH, 3)


def test_the_last_row_may_lack_its_padding():
    source = message(sample("mono8"), "mono8", padding=4)
    source.data = source.data[:-4]
    np.testing.assert_array_equal(thermal_frame(source).image, sample("mono8"))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"data": array("B", bytes(20))}, "truncated"),
        ({"step": 3}, "step: expected at least"),
        ({"height": 0}, "size: expected"),
        ({"width": 1_000_000}, "size: expected"),
        ({"encoding": "32FC1"}, "got '32FC1'"),
        ({"encoding": "mono16"}, "visible camera's topic"),
        ({"encoding": ""}, "got ''"),
        (
            {"header": SimpleNamespace(stamp=SimpleNamespace(sec=0, nanosec=0), frame_id="")},
            "got zero",
        ),
    ],
)
def test_a_malformed_message_is_refused_with_what_was_expected(change, complaint):
    source = message(sample("bgr8"), "bgr8")
    vars(source).update(change)
    with pytest.raises(ImageFormatError, match=complaint):
        visible_frame(source)


def test_a_false_colour_thermal_image_is_refused_with_advice():
    with pytest.raises(ImageFormatError, match="lost its temperatures"):
        thermal_frame(message(sample("bgr8"), "bgr8"))


def test_conversion_agrees_with_opencv():
    image = sample("rgb8")
    converted = visible_bgr(visible_frame(message(image, "rgb8")))
    np.testing.assert_array_equal(converted, cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
