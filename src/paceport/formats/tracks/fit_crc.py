"""The checksum of FIT files, many bytes at once."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

POLYNOMIAL = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit first
PERIOD = 32767  # the polynomial divides x^32767 - 1, so bits that lie this far apart count alike
LANES = 128


def fit_crc(content: bytes | memoryview) -> int:
    """The CRC-16 of `content`, as FIT headers and footers hold it.

    A CRC is linear, and bits 32,767 apart count alike: pieces of as many bytes, then of as many bits, are folded onto
    each other. Of the 4 kB that are left, rows of 128 words are folded in the same way, each step moving the remainder
    so far by one row, and only the last row is walked word by word. Source: FIT protocol, "CRC"; the polynomial is that
    of CRC-16/ARC.
    """
    padded = bytes(-len(content) % PERIOD) + bytes(content)  # leading zeros change nothing
    pieces = np.frombuffer(padded, dtype=np.uint8).reshape(-1, PERIOD)
    bits = int.from_bytes(np.bitwise_xor.reduce(pieces, axis=0).tobytes(), "little")
    period = 0
    while bits:
        period ^= bits & ((1 << PERIOD) - 1)
        bits >>= PERIOD
    rows = np.frombuffer((period << 1).to_bytes((PERIOD + 1) // 8, "little"), dtype="<u2").reshape(-1, LANES)
    advance = _advance_row()
    folded = np.zeros(LANES, dtype=np.uint16)
    for row in rows:
        folded = advance[folded] ^ row
    word_table = _word_list()
    remainder = 0
    for word in folded.tolist():
        remainder = word_table[remainder ^ word]
    return remainder


@cache
def _advance_word() -> "npt.NDArray[np.uint16]":
    """For each remainder: what it becomes after sixteen more zero bits."""
    table = np.arange(1 << 16, dtype=np.uint16)
    for _ in range(16):
        table = np.where(table & 1, (table >> 1) ^ np.uint16(POLYNOMIAL), table >> 1)
    return table


@cache
def _word_list() -> list[int]:
    return list(map(int, _advance_word()))


@cache
def _advance_row() -> "npt.NDArray[np.uint16]":
    """For each remainder: what it becomes after one row of zeros; a row is a power of two, so squaring does it."""
    table = _advance_word()
    for _ in range(LANES.bit_length() - 1):
        table = table[table]
    return table
