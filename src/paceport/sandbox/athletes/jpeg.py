"""A JPEG of one colour, written by hand: enough for an invented photo that can really be downloaded and opened."""

from __future__ import annotations

import struct

LARGEST_SIDE = 5000
# One quantization step of 8 for all, so that a level is written as it is: 8 x the level of a block of 8 x 8 pixels.
_STEP = 8
# Huffman tables. DC: a code of one bit for size 0, codes of four bits for sizes 1 to 7, as many as levels need;
# AC: one code, for the end of a block.
_DC_BITS = bytes([1, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
_DC_VALUES = bytes(range(8))
_AC_BITS = bytes([1, *([0] * 15)])
_AC_VALUES = bytes([0])


def plain_jpeg(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A baseline JPEG of these pixels in one colour (red, green, blue, each 0 to 255).

    Raises ValueError for a side of less than 1 or more than 5000 pixels.
    """
    if not (1 <= width <= LARGEST_SIDE and 1 <= height <= LARGEST_SIDE):
        raise ValueError(f"a picture of {width} x {height} pixels cannot be made")
    blocks = -(-width // 8) * -(-height // 8)
    first = "".join(_first_block(level) for level in _levels(colour))
    # Every later block differs from the one before by nothing: code 0 for the level, code 0 for the end.
    bits = first + "00" * 3 * (blocks - 1)
    padded = bits + "1" * (-len(bits) % 8)
    body = int(padded, 2).to_bytes(len(padded) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"".join((*_head(width, height), body, b"\xff\xd9"))


def _levels(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Brightness, blueness and redness round zero."""
    red, green, blue = colour
    bright = 0.299 * red + 0.587 * green + 0.114 * blue
    levels = (bright - 128, (blue - bright) * 0.564, (red - bright) * 0.713)
    one, two, three = (max(-127, min(127, round(level))) for level in levels)
    return one, two, three


def _first_block(level: int) -> str:
    size = abs(level).bit_length()
    # Canonical codes: 0 for size 0, then 1000 to 1110 for sizes 1 to 7; 1111 is not allowed.
    code = f"{0b1000 + size - 1:04b}" if size else "0"
    value = "" if size == 0 else f"{level if level > 0 else level + (1 << size) - 1:0{size}b}"
    return code + value + "0"


def _head(width: int, height: int) -> tuple[bytes, ...]:
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    scan = b"\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"
    return (
        b"\xff\xd8",
        _part(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        _part(0xDB, b"\x00" + bytes([_STEP]) * 64),
        _part(0xC0, frame),
        _part(0xC4, b"\x00" + _DC_BITS + _DC_VALUES),
        _part(0xC4, b"\x10" + _AC_BITS + _AC_VALUES),
        _part(0xDA, scan),
    )


def _part(kind: int, content: bytes) -> bytes:
    return bytes([0xFF, kind]) + struct.pack(">H", len(content) + 2) + content
