"""The checksum of FIT files, many bytes at once."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

POLYNOMIAL = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit first
LANES = 1024


def fit_crc(content: bytes | memoryview) -> int:
    """The CRC-16 of `content`, as FIT headers and footers hold it.

    A CRC is linear: rows of 1,024 words are folded onto each other, each step moving the remainder so far by one row,
    and only the last row is walked word by word. Source: FIT protocol, "CRC"; the polynomial is that of CRC-16/ARC.
    """
    padded = bytes(-len(content) % (2 * LANES)) + bytes(content)  # leading zeros change nothing
    rows = np.frombuffer(padded, dtype="<u2").reshape(-1, LANES)
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
