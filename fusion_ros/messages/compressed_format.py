# SPDX-FileCopyrightText: 2026 fusion_ros contributors
# SPDX-License-Identifier: Apache-2.0
"""What a `sensor_msgs/CompressedImage` says of itself, before anything is decoded.

Convention:
    `format` is ``<codec>``, or ``<encoding>; <codec> compressed <encoding within the file>``, or
    ``<encoding>; compressedDepth <codec>``, as image_transport's plugins write it. Only the
    bytes tell the codec for certain.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from fusion_ros.errors import ImageFormatError

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND"
# Its first chunk begins with the size; length and name of the chunk come before.
PNG_SIZE_OFFSET = len(PNG_START) + 8
JPEG_START = b"\xff\xd8\xff"
JPEG_SCAN, JPEG_END = b"\xff\xda", b"\xff\xd9"
# compressedDepth puts a format number and two quantization parameters before the image; counts
# of 16 bit are not quantized, so nothing in there is needed.
DEPTH_HEADER_BYTES = 12
# Frame headers of JPEG; 0xC4, 0xC8 and 0xCC are other things.
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class CompressedFormat:
    """The fields of `format`, in lower case.

    Attributes:
        encoding: Pixel encoding of the image that was compressed; empty where it is not said.
        codec: The rest.
    """

    encoding: str
    codec: str

    @classmethod
    def parse(cls, text: str) -> CompressedFormat:
        """Split the field `format` of a message."""
        encoding, mark, codec = text.lower().partition(";")
        return cls(encoding.strip(), codec.strip()) if mark else cls("", text.lower().strip())

    @property
    def is_depth(self) -> bool:
        """Whether a header of `DEPTH_HEADER_BYTES` precedes the image."""
        return self.codec.startswith("compresseddepth")

    @property
    def holds_rgb(self) -> bool:
        """Whether red and blue were exchanged when the image was compressed."""
        return "compressed rgb" in self.codec

    @property
    def has_16_bit(self) -> bool:
        """Whether the image had 16 bit before it was compressed."""
        return self.encoding in ("mono16", "16uc1", "16sc1")


def size_px(data: bytes) -> tuple[int, int]:
    """Width and height of a whole PNG or JPEG, without decoding it.

    Raises:
        ImageFormatError: It is neither, or cut off.
    """
    if data.startswith(PNG_START):
        _require_end(data, data.rfind(PNG_END) >= PNG_SIZE_OFFSET + 8)
        width, height = struct.unpack_from(">II", data, PNG_SIZE_OFFSET)
        return int(width), int(height)
    if data.startswith(JPEG_START):
        _require_end(data, data.rfind(JPEG_END) > data.rfind(JPEG_SCAN) > 0)
        return _jpeg_size(data)
    raise ImageFormatError(
        f"data: expected a PNG or JPEG image, got {len(data)} bytes that begin with "
        f"{data[:8].hex() or 'nothing'}; record image_raw/compressed with jpeg or png"
    )


def _require_end(data: bytes, has_end: bool) -> None:
    if not has_end:
        raise ImageFormatError(
            f"data: expected a whole image, got {len(data)} bytes without its end; the message "
            f"is truncated"
        )


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
    raise ImageFormatError("data: expected a JPEG with a frame header, found none; it is damaged")
