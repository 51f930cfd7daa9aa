# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from array import array
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from fusion_ros.errors import ImageFormatError
from fusion_ros.messages.compressed_images import (
    compressed_thermal_frame,
    compressed_visible_frame,
)
from fusion_ros.messages.images import thermal_counts, visible_bgr

HEIGHT, WIDTH = 24, 40
RANDOM = np.random.default_rng(1)
COUNTS = RANDOM.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16)
GREY = cv2.GaussianBlur(RANDOM.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8), (0, 0), 3)
COLOUR = np.dstack([GREY, 255 - GREY, np.full_like(GREY, 40)])


def encoded(image, suffix):
    return cv2.imencode(suffix, image)[1].tobytes()


def message(data, text, sec=12, nanosec=34):
    header = SimpleNamespace(stamp=SimpleNamespace(sec=sec, nanosec=nanosec), frame_id="cam")
    return SimpleNamespace(header=header, format=text, data=array("B", data))


@pytest.mark.parametrize(
    "text",
    [
        "png",
        "bgr8; png compressed bgr8",
        "rgb8; png compressed bgr8",
        "bayer_rggb8; png compressed bgr8",
    ],
)
def test_a_colour_png_comes_out_as_bgr_whatever_the_camera_had(text):
    frame = compressed_visible_frame(message(encoded(COLOUR, ".png"), text))
    np.testing.assert_array_equal(visible_bgr(frame), COLOUR)
    assert (frame.encoding, frame.stamp_ns, frame.frame_id) == ("bgr8", 12_000_000_034, "cam")


@pytest.mark.parametrize("text", ["jpeg", "jpg", "rgb8; jpeg compressed bgr8"])
def test_a_colour_jpeg_comes_out_as_opencv_decodes_it(text):
    data = encoded(COLOUR, ".jpg")
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(compressed_visible_frame(message(data, text)).image, expected)


def test_channels_that_were_compressed_as_rgb_are_put_back():
    data = encoded(COLOUR[..., ::-1], ".png")
    frame = compressed_visible_frame(message(data, "rgb8; png compressed rgb8"))
    np.testing.assert_array_equal(frame.image, COLOUR)


def test_a_grey_visible_image_becomes_bgr():
    frame = compressed_visible_frame(message(encoded(GREY, ".png"), "mono8; png compressed "))
    np.testing.assert_array_equal(frame.image, np.dstack([GREY] * 3))


def test_a_tag_about_the_way_up_turns_nothing():
    data = encoded(COLOUR, ".jpg")
    turned = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    tag = b"\xff\xe1" + (len(turned) + 2).to_bytes(2, "big") + turned
    frame = compressed_visible_frame(message(data[:2] + tag + data[2:], "jpeg"))
    assert frame.image.shape == COLOUR.shape


@pytest.mark.parametrize(
    "text",
    ["mono16; png compressed ", "16UC1; png compressed ", "16UC1; png compressed 16UC1", "png"],
)
def test_sixteen_bit_thermal_counts_survive_png(text):
    frame = compressed_thermal_frame(message(encoded(COUNTS, ".png"), text))
    np.testing.assert_array_equal(thermal_counts(frame), COUNTS)
    assert frame.encoding == "mono16"


@pytest.mark.parametrize("text", ["16UC1; compressedDepth png", "16UC1; compressedDepth"])
@pytest.mark.parametrize("header", [bytes(12), b""])
def test_the_header_of_compressed_depth_is_skipped_where_there_is_one(text, header):
    frame = compressed_thermal_frame(message(header + encoded(COUNTS, ".png"), text))
    np.testing.assert_array_equal(frame.image, COUNTS)


@pytest.mark.parametrize("image", [GREY, np.dstack([GREY] * 3)], ids=["one channel", "three"])
def test_a_grey_jpeg_is_a_thermal_image_however_many_channels_it_has(image):
    data = encoded(image, ".jpg")
    frame = compressed_thermal_frame(message(data, "mono8; jpeg compressed mono8"))
    assert (frame.encoding, frame.image.shape) == ("mono8", GREY.shape)
    assert np.abs(frame.image.astype(int) - GREY).max() < 10


def test_a_false_colour_thermal_image_is_refused_with_advice():
    data = encoded(cv2.applyColorMap(GREY, cv2.COLORMAP_JET), ".jpg")
    with pytest.raises(ImageFormatError, match=r"bgr8; jpeg.*lost its temperatures.*grey output"):
        compressed_thermal_frame(message(data, "bgr8; jpeg compressed bgr8"))


def test_counts_that_jpeg_has_cut_to_eight_bit_are_refused_with_advice():
    data = encoded(GREY, ".jpg")
    with pytest.raises(ImageFormatError, match=r"expected 16 bit.*with png"):
        compressed_thermal_frame(message(data, "mono16; jpeg compressed mono8"))


@pytest.mark.parametrize(
    ("image", "text"), [(COUNTS, "png"), (GREY, "bayer_rggb8; png compressed ")]
)
def test_what_no_visible_camera_shows_is_refused(image, text):
    with pytest.raises(ImageFormatError, match="visible camera's topic"):
        compressed_visible_frame(message(encoded(image, ".png"), text))


PNG, JPEG = encoded(COUNTS, ".png"), encoded(COLOUR, ".jpg")


@pytest.mark.parametrize("read", [compressed_visible_frame, compressed_thermal_frame])
@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "expected a PNG or JPEG"),
        (b"RIFF....WEBP", "expected a PNG or JPEG"),
        (PNG[:200], "truncated"),
        (PNG[:8] + b"IEND", "truncated"),
        (PNG[:200] + bytes(100) + PNG[300:], "cannot be decoded"),
        (JPEG[:300], "truncated"),
        (JPEG[:-2], "truncated"),
        (
            b"\xff\xd8\xff\xe0\x00\x04ab\xff\xda\x00\x02\xff\xd9" + bytes(20),
            "no frame header|found none",
        ),
        (PNG[:16] + (20_000).to_bytes(4, "big") + PNG[20:], "size: expected 1 to 16384"),
        (
            JPEG.replace(bytes([8, 0, HEIGHT, 0, WIDTH]), bytes([8, 0, 0, 0, WIDTH])),
            "size: expected",
        ),
    ],
)
def test_damaged_data_are_refused(read, data, complaint):
    with pytest.raises(ImageFormatError, match=complaint):
        read(message(data, "jpeg"))


@pytest.mark.parametrize("read", [compressed_visible_frame, compressed_thermal_frame])
def test_random_damage_never_ends_in_another_error(read):
    random = np.random.default_rng(5)
    for data in (PNG, JPEG):
        for _ in range(60):
            hurt = np.frombuffer(data, np.uint8).copy()
            hurt[random.integers(0, hurt.size, 5)] = random.integers(0, 256, 5)
            try:
                frame = read(message(hurt.tobytes(), "16UC1; compressedDepth png"))
            except ImageFormatError:
                continue
            assert frame.image.dtype in (np.uint8, np.uint16)


def test_a_zero_stamp_is_refused_before_anything_is_decoded():
    with pytest.raises(ImageFormatError, match="got zero"):
        compressed_thermal_frame(message(b"", "png", sec=0, nanosec=0))
