"""Streams ↔ compressed bytes: one self-describing block per channel.

Layout, little endian: version (1 byte) · form (1: two bits how often differenced, 3 for exact; two bits for the width
1, 2, 4 or 8; one bit for gaps) · numerator (1) · count, denominator, centre (4 each) · the first numbers (8 each, as
many as differenced) · zstd data. A value is number * numerator / denominator. Numbers are differenced up to twice,
less their centre, zigzagged to unsigned, cut to the narrowest width, and stored byte plane by byte plane. Where there
are gaps the data begins with a bit for each sample that is NaN. The exact form is float64 in byte planes. The
measurements behind these choices: docs/decisions.md#streams-on-disk.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import cache
from threading import get_ident
from typing import TYPE_CHECKING, Any

import numpy as np
import zstandard

from paceport.streams import Streams

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

    Integers = npt.NDArray[np.int64]

VERSION = 1
HEADER = struct.Struct("<BBBIIi")
EXACT = 3
WIDTHS = (1, 2, 4, 8)
HAS_GAPS = 0x10
LEVEL, TRIAL_COUNT = 6, 512
LARGEST_NUMBER = 2.0**52
LARGEST_COUNT = 1 << 22  # 48 days at one sample a second; a damaged count must not claim all memory
LARGEST_CENTRE = 2**31 - 1
# The share of a step that a value may lie beside the grid: noise of float32 in measured channels; times and positions
# have fine steps far below their coarse ones, so there only the noise of float64 is forgiven.
ON_GRID, ON_FINE_GRID = 1e-3, 1e-6
FINE = ("time_s", "latitude_deg", "longitude_deg")

# Channel → steps (numerator, denominator), coarse to fine; the first that fits all values is taken, and what fits none
# is rounded to the last, the channel's resolution. 180 / 2**31 degrees is what FIT devices count in: 9 mm at most.
Steps = tuple[tuple[int, int], ...]
_POSITION: Steps = ((1, 10**6), (1, 10**7), (180, 2**31))
STEPS: Mapping[str, Steps] = {
    "time_s": ((1, 1), (1, 1000)),
    "distance_m": ((1, 1), (1, 10), (1, 100)),
    "latitude_deg": _POSITION,
    "longitude_deg": _POSITION,
    "altitude_m": ((1, 1), (1, 5), (1, 10), (1, 100)),
    "speed_mps": ((1, 10), (1, 100), (1, 1000)),
    "heartrate_bpm": ((1, 1),),
    "cadence_spm": ((2, 1), (1, 1), (1, 64)),
    "power_w": ((1, 1),),
    "temperature_c": ((1, 1), (1, 10)),
}


def encode(channel: Channel, kind: str) -> bytes:
    """The channel as one block. `kind` is its name in Streams and decides the resolution; others are kept exactly.

    Values come back rounded to the resolution (STEPS); a channel that does not fit (infinite or huge values, times
    closer than a millisecond) comes back exact to the bit. NaN stays NaN.
    """
    known = None if np.isfinite(channel).all() else ~np.isnan(channel)
    values = channel if known is None else channel[known]
    step = _step(values, STEPS.get(kind, ()), ON_FINE_GRID if kind in FINE else ON_GRID)
    if step is None:
        return _exact(channel)
    numbers = np.rint(channel * (step[1] / step[0])) if step[0] != 180 else np.rint(channel / (step[0] / step[1]))
    if kind == "time_s" and not (numbers[1:] > numbers[:-1]).all():
        return _exact(channel)
    whole = numbers.astype(np.int64) if known is None else _bridged(numbers, known)
    gaps = b"" if known is None else np.packbits(~known).tobytes()
    form, centre = _best_form(whole)
    residues, first = _residues(whole, form, centre)
    packed_form = form | WIDTHS.index(residues.dtype.itemsize) << 2 | (HAS_GAPS if gaps else 0)
    header = HEADER.pack(VERSION, packed_form, step[0], len(channel), step[1], centre)
    return header + first.tobytes() + _compressed(gaps + _planes(residues), LEVEL)


def decode(block: bytes) -> Channel:
    """The channel in a block. Raises ValueError if it is no whole block of ours."""
    try:
        version, packed_form, numerator, count, denominator, centre = HEADER.unpack_from(block)
    except struct.error as error:
        raise ValueError("this is no block: too short") from error
    form, width = packed_form & 3, WIDTHS[packed_form >> 2 & 3]
    start = HEADER.size if form == EXACT else HEADER.size + 8 * form
    if version != VERSION or count > LARGEST_COUNT or not denominator or len(block) < start:
        raise ValueError(f"this is no whole block that version {VERSION} can read")
    gap_bytes = (count + 7) // 8 if packed_form & HAS_GAPS else 0
    plain = _decompressed(block[start:], gap_bytes + count * width)
    planes = np.frombuffer(plain, dtype=np.uint8, offset=gap_bytes).reshape(width, count)
    form_of_number = "f8" if form == EXACT else f"u{width}"
    raw = np.ascontiguousarray(planes.T).view(f"<{form_of_number}").reshape(count)
    if form == EXACT:
        return raw.astype(np.float64, copy=False)
    numbers = _restored(raw, np.frombuffer(block, dtype="<i8", count=form, offset=HEADER.size), centre)
    values = numbers * np.float64(numerator)
    if denominator != 1:
        values /= denominator
    if gap_bytes:
        values[np.unpackbits(np.frombuffer(plain, dtype=np.uint8, count=gap_bytes), count=count).astype(bool)] = np.nan
    return values


def encode_streams(streams: Streams) -> dict[str, bytes]:
    """One block for each recorded channel, by its name."""
    return {name: encode(channel, name) for name, channel in streams.channels().items()}


def decode_streams(blocks: Mapping[str, bytes]) -> Streams:
    """The streams of these blocks; `time_s` must be among them. Raises ValueError on a damaged block."""
    return Streams(**{name: decode(block) for name, block in blocks.items()})


def _step(values: Channel, steps: Steps, on_grid: float) -> tuple[int, int] | None:
    """The coarsest step on whose grid all values lie, else the last; None if they do not fit into numbers."""
    if not steps or not np.isfinite(values).all():
        return None
    largest = max(float(values.max()), -float(values.min())) if len(values) else 0.0
    few = values[:16].tolist()
    for numerator, denominator in steps:
        step = numerator / denominator
        if largest / step > LARGEST_NUMBER:
            return None
        # A few values tell most steps apart.
        if all(abs(value / step - round(value / step)) < on_grid for value in few):
            numbers = values / step
            if (np.abs(numbers - np.rint(numbers)) < on_grid).all():
                break
    return numerator, denominator


def _bridged(numbers: Channel, known: npt.NDArray[np.bool_]) -> Integers:
    """The numbers with the one before in place of each NaN, so that gaps cost nothing."""
    places = np.maximum.accumulate(np.where(known, np.arange(len(numbers)), -1))
    first = int(np.argmax(known)) if known.any() else 0
    return np.nan_to_num(numbers[np.where(places < 0, first, places)]).astype(np.int64)


def _best_form(numbers: Integers) -> tuple[int, int]:
    """How often to difference the numbers, and their centre then: what leaves the fewest bits in their middle.

    All of them would say the same, and so would compressing each: see docs/decisions.md#streams-on-disk.
    """
    begin = max(0, len(numbers) // 2 - TRIAL_COUNT // 2)
    residues = numbers[begin : begin + TRIAL_COUNT]
    best, fewest_bits = (0, 0), np.inf
    for form in (0, 1, 2):
        centre = max(-LARGEST_CENTRE, min(LARGEST_CENTRE, _median(residues)))
        bits = float(np.log2(np.abs(residues - centre) + 0.5).sum())
        if bits < fewest_bits:
            best, fewest_bits = (form, centre), bits
        residues = residues[1:] - residues[:-1]
    return best


def _residues(numbers: Integers, form: int, centre: int) -> tuple[npt.NDArray[Any], Integers]:
    """The numbers differenced `form` times, less `centre`, unsigned and narrow; the first ones."""
    first = np.zeros(form, dtype="<i8")
    used = min(form, len(numbers))
    residues = numbers
    for order in range(used):
        first[order] = residues[0]
        residues = residues[1:] - residues[:-1]
    unsigned = np.zeros(len(numbers), dtype=np.int64)
    residues = residues - centre
    np.bitwise_xor(residues << 1, residues >> 63, out=unsigned[used:])
    bits = unsigned.view(np.uint64)
    return bits.astype(np.min_scalar_type(int(bits.max()) if len(bits) else 0)), first


def _median(numbers: Integers) -> int:
    """The median, the higher one of an even count; 0 of nothing. numpy's own costs ten times as much at this length."""
    if not len(numbers):
        return 0
    middle = len(numbers) // 2
    partitioned = numbers.copy()
    partitioned.partition(middle)
    return int(partitioned[middle])


def _restored(raw: npt.NDArray[Any], first: Integers, centre: int) -> Integers:
    """The numbers whose residues these are."""
    signed = ((raw >> 1) ^ -(raw & 1)).view(raw.dtype.str.replace("u", "i")).astype(np.int64)
    if centre:
        signed += centre
    for order in range(len(first) - 1, -1, -1):
        if order < len(signed):
            signed[: order + 1] = 0
            signed[order] = first[order]
        np.cumsum(signed, out=signed)
    return signed


def _exact(channel: Channel) -> bytes:
    header = HEADER.pack(VERSION, EXACT | WIDTHS.index(8) << 2, 1, len(channel), 1, 0)
    return header + _compressed(_planes(channel.astype("<f8")), LEVEL)


def _planes(values: npt.NDArray[Any]) -> bytes:
    """All first bytes, then all second bytes …"""
    if values.itemsize == 1:
        return values.tobytes()
    little = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return np.ascontiguousarray(little.view(np.uint8).reshape(len(values), -1).T).tobytes() if len(values) else b""


def _compressed(content: bytes, level: int) -> bytes:
    return _compressor(level, get_ident()).compress(content)


def _decompressed(content: bytes, size: int) -> bytes:
    try:
        if zstandard.frame_content_size(content) != -1:  # we write none, and a damaged one would claim all memory
            raise ValueError("this block is damaged: it states a size")
        plain = _decompressor(get_ident()).decompress(content, max_output_size=max(1, size))  # 0 means unlimited
    except zstandard.ZstdError as error:
        raise ValueError(f"this block is damaged: {error}") from error
    if len(plain) != size:
        raise ValueError(f"this block is damaged: {len(plain)} bytes instead of {size}")
    return plain


@cache
def _compressor(level: int, thread: int) -> zstandard.ZstdCompressor:  # noqa: ARG001  # one for each thread
    """They are not safe to share between threads, and making one costs as much as using it."""
    return zstandard.ZstdCompressor(level=level, write_content_size=False)


@cache
def _decompressor(thread: int) -> zstandard.ZstdDecompressor:  # noqa: ARG001  # one for each thread
    return zstandard.ZstdDecompressor()
