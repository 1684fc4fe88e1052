"""The checksum of FIT files, many bytes at once."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

TRINOMIAL = 0xC001  # x^15 + x + 1; bit 0 is x^15, as in FIT's own checksums
FOLDED = 15
SMALLEST_UNIT, LARGEST_UNIT = 256, 8192  # bytes; below numpy costs more than it saves, above nothing gets quicker


def fit_crc(content: bytes | memoryview) -> int:
    """The CRC-16 of `content`, as FIT headers and footers hold it.

    Its polynomial is (x + 1)(x^15 + x + 1). The remainder by the first factor is the parity. For the second, x^15 is
    worth x + 1; squared again and again, that holds for steps of any 2^k bits too. So with units of 2^k bits, the
    first of sixteen is added to the last two; folded with ever smaller units, fifteen bits are left.
    Source: FIT protocol, "CRC"; the polynomial is that of CRC-16/ARC.
    """
    size = len(content) + 2  # the checksum is the remainder of the content times x^16
    unit = SMALLEST_UNIT
    while FOLDED * unit < size and unit < LARGEST_UNIT:
        unit *= 2
    padded = b"".join((bytes(-size % (FOLDED * unit)), content, b"\0\0"))  # leading zeros change nothing
    folded = np.frombuffer(padded, dtype=np.uint64)
    parity = int(np.bitwise_xor.reduce(folded)).bit_count() & 1
    while unit >= SMALLEST_UNIT:
        folded = _fold_units(folded, unit)
        unit //= 2
    remainder = _fold_bits(int.from_bytes(folded.tobytes(), "little"), unit=8 * unit) << 1
    # The one value of sixteen bits with both remainders: x^15 + x + 1 has an odd number of terms.
    return remainder ^ (TRINOMIAL if remainder.bit_count() & 1 != parity else 0)


def _fold_units(words: "npt.NDArray[np.uint64]", unit: int) -> "npt.NDArray[np.uint64]":
    """The last fifteen units of `unit` bytes, with all units before them folded onto them."""
    units = words.reshape(-1, FOLDED, unit // 8)
    folded: npt.NDArray[np.uint64] = units[0]
    for following in units[1:]:
        first, folded = folded, folded ^ following
        folded[:-1] ^= first[1:]
        folded[-2:] ^= first[0]  # what the first unit puts on the last of its own fifteen is folded at once
    return folded.ravel()


def _fold_bits(bits: int, *, unit: int) -> int:
    """The same for what is small: the remainder by x^15 + x + 1 of fifteen times two `unit` bits."""
    while unit:
        count = FOLDED * unit
        first, beyond = bits & ((1 << count) - 1), bits & ((1 << unit) - 1)
        bits = bits >> count ^ first ^ first >> unit ^ beyond << count - unit ^ beyond << count - 2 * unit
        unit //= 2
    return bits
