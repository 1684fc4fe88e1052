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
from collections.abc import Mapping, Sequence
from functools import cache
from math import isfinite
from threading import get_ident
from typing import TYPE_CHECKING, Any

import numpy as np
import zstandard

from paceport.lazy_dataclass import dataclass
from paceport.streams import Streams

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

    Integers = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.float64 | np.int32]

VERSION = 1
HEADER = struct.Struct("<BBBIIi")
HEADER_NUMBERS = tuple(struct.Struct(f"<{count}q") for count in range(3))
EXACT = 3
WIDTHS = (1, 2, 4, 8)
HAS_GAPS = 0x10
LEVEL, TRIAL_COUNT, FEWEST_TRIED = 6, 512, 3
FEW = 6
LARGEST_NUMBER = 2.0**52
LARGEST_SMALL_NUMBER = 2.0**27  # int32 holds its second differences, less a centre
LARGEST_COUNT = 1 << 22  # 48 days at one sample a second; a damaged count must not claim all memory
LARGEST_CENTRE = 2**31 - 1
# The share of a step that a value may lie beside the grid: noise of float32 in measured channels; times and positions
# have fine steps far below their coarse ones, so there only the noise of float64 is forgiven.
ON_GRID, ON_FINE_GRID = 1e-3, 1e-6
FINE = ("time_s", "latitude_deg", "longitude_deg")
_SIGNED_BYTES: Integers = (np.arange(256) >> 1) ^ -(np.arange(256) & 1)

# Channel → steps (numerator, denominator), coarse to fine; the first that fits all values is taken, and what fits none
# is rounded to the last, the channel's resolution. 180 / 2**31 degrees is what FIT devices count in: 9 mm at most.
Steps = tuple[tuple[int, int], ...]
_HALF_CIRCLE_DEG = 180
_POSITION: Steps = ((1, 10**6), (1, 10**7), (_HALF_CIRCLE_DEG, 2**31))
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
    return _encode_all({kind: channel})[kind]


def encode_streams(streams: Streams) -> dict[str, bytes]:
    """One block for each recorded channel, by its name."""
    return _encode_all(streams.channels())


def _encode_all(channels: Mapping[str, Channel]) -> dict[str, bytes]:
    """Each channel as a block; all are of one length. Their forms are chosen together, which is quicker."""
    counted = {name: _count(channel, name) for name, channel in channels.items()}
    numbers = [each.numbers for each in counted.values() if each is not None]
    forms = iter(_best_forms(numbers))
    return {
        name: _exact(channels[name]) if each is None else _block(each, *next(forms)) for name, each in counted.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Counted:
    """A channel as whole numbers of a step, and the bits of its gaps.

    Float64 holds all numbers, and is quick; int32, for small ones, is twice as quick.
    """

    numbers: Numbers
    numerator: int
    denominator: int
    gaps: bytes


def _count(channel: Channel, kind: str) -> _Counted | None:
    """The channel in whole numbers; None where it must be kept exactly."""
    values, known, gaps = channel, None, b""
    extremes = _extremes(channel)
    if extremes is None:
        known = ~np.isnan(channel)
        values = channel[known]
        extremes = _extremes(values)
    chosen = _whole_numbers(values, extremes, STEPS.get(kind, ()), ON_FINE_GRID if kind in FINE else ON_GRID)
    if chosen is None:
        return None
    (numerator, denominator), numbers = chosen
    if kind == "time_s" and (known is not None or not (numbers[1:] > numbers[:-1]).all()):
        return None
    if known is not None:
        gaps = np.packbits(~known).tobytes()
        numbers = _bridged(numbers, known)
    return _Counted(numbers=numbers, numerator=numerator, denominator=denominator, gaps=gaps)


def _block(counted: _Counted, form: int, centre: int) -> bytes:
    residues, first = _residues(counted.numbers, form, centre)
    packed_form = form | WIDTHS.index(residues.dtype.itemsize) << 2 | (HAS_GAPS if counted.gaps else 0)
    count = len(counted.numbers)
    header = HEADER.pack(VERSION, packed_form, counted.numerator, count, counted.denominator, centre)
    return header + first.tobytes() + _compressed(counted.gaps + _planes(residues), LEVEL)


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
    if form == EXACT:
        return np.ascontiguousarray(planes.T).view("<f8").reshape(count).astype(np.float64, copy=False)
    first = HEADER_NUMBERS[form].unpack_from(block, HEADER.size)
    values = _restored(planes, first, centre).astype(np.float64)
    if numerator != 1:
        values *= numerator
    if denominator != 1:
        values /= denominator
    if gap_bytes:
        values[np.unpackbits(np.frombuffer(plain, dtype=np.uint8, count=gap_bytes), count=count).astype(bool)] = np.nan
    return values


def decode_streams(blocks: Mapping[str, bytes]) -> Streams:
    """The streams of these blocks; `time_s` must be among them. Raises ValueError on a damaged block."""
    return Streams(**{name: decode(block) for name, block in blocks.items()})


def _extremes(values: Channel) -> tuple[float, float] | None:
    """The lowest and the highest value; None where one of them is not finite. Nothing gives (0, 0)."""
    if not len(values):
        return 0.0, 0.0
    low, high = float(values.min()), float(values.max())  # NaN wins both
    return (low, high) if isfinite(low) and isfinite(high) else None


def _whole_numbers(
    values: Channel, extremes: tuple[float, float] | None, steps: Steps, on_grid: float
) -> tuple[tuple[int, int], Numbers] | None:
    """The coarsest step on whose grid all values lie, else the last, and the values counted in it.

    None if they do not fit into numbers.
    """
    if not steps or extremes is None:
        return None
    largest = max(extremes[1], -extremes[0])
    few = values[:FEW].tolist()
    for numerator, denominator in steps:
        step = numerator / denominator
        if largest / step > LARGEST_NUMBER:
            return None
        # A few values tell most steps apart.
        if not all(abs(value / step - round(value / step)) < on_grid for value in few):
            continue
        numbers = values / step if step != 1 else values
        whole = np.rint(numbers)
        beside = numbers - whole
        # Where the squares of all lie within, each does.
        if beside.dot(beside) < on_grid**2 or max(beside.max(initial=0.0), -beside.min(initial=0.0)) < on_grid:
            return (numerator, denominator), _narrow(whole, largest / step)
    numbers = values / step if numerator == _HALF_CIRCLE_DEG else values * (denominator / numerator)
    return (numerator, denominator), _narrow(np.rint(numbers), largest / step)


def _narrow(numbers: Channel, largest: float) -> Numbers:
    return numbers.astype(np.int32) if largest < LARGEST_SMALL_NUMBER else numbers


def _bridged(numbers: Numbers, known: npt.NDArray[np.bool_]) -> Numbers:
    """The known numbers, with the one before in place of each gap, so that gaps cost nothing; the first before all."""
    if not len(numbers):
        return np.zeros(len(known))
    places: npt.NDArray[np.intp] = np.maximum(np.cumsum(known) - 1, 0)
    return numbers.take(places)


def _best_forms(channels: Sequence[Numbers]) -> list[tuple[int, int]]:
    """For each channel, how often to difference its numbers, and their centre then: what leaves the fewest bits.

    Looks at the middle of the channels, which are of one length. All of them would say the same, and so would
    compressing each: see docs/decisions.md#streams-on-disk.
    """
    count = len(channels[0]) if channels else 0
    if count < FEWEST_TRIED:
        return [(0, 0)] * len(channels)
    begin = max(0, count // 2 - TRIAL_COUNT // 2)
    plain = np.array([numbers[begin : begin + TRIAL_COUNT] for numbers in channels], dtype=np.float64)
    once = plain[:, 1:] - plain[:, :-1]
    twice = once[:, 1:] - once[:, :-1]
    residues = np.concatenate((plain[:, 2:], once[:, 1:], twice))
    middle = residues.shape[1] // 2
    # The higher median of an even count; numpy's own costs ten times as much.
    centres = np.partition(residues, middle, axis=1)[:, middle].clip(-LARGEST_CENTRE, LARGEST_CENTRE)
    residues -= centres[:, np.newaxis]
    sizes = np.abs(residues, out=residues)
    sizes += 0.5
    # The bits of a float64, read as a whole number, grow with its logarithm, and that is all that is compared here.
    bits = (sizes.view(np.int64) >> 32).sum(axis=1).reshape(3, -1)
    forms, by_form = bits.argmin(axis=0).tolist(), centres.reshape(3, -1).tolist()
    return [(form, int(by_form[form][place])) for place, form in enumerate(forms)]


def _residues(numbers: Numbers, form: int, centre: int) -> tuple[npt.NDArray[Any], Integers]:
    """The numbers differenced `form` times, less `centre`, unsigned and narrow; the first ones."""
    first = np.zeros(form, dtype="<i8")
    residues: npt.NDArray[Any] = numbers
    for order in range(form):
        first[order] = residues[0]
        residues = residues[1:] - residues[:-1]
    if centre:
        residues = residues - centre
    highest, lowest = int(residues.max(initial=0)), int(residues.min(initial=0))
    width = next(width for width in WIDTHS if max(highest, -1 - lowest) < 1 << 8 * width - 1)
    whole = residues.astype(f"i{width}")
    unsigned = np.zeros(len(numbers), dtype=whole.dtype)
    # The sum is `whole << 1`, which takes ten times as long for single bytes.
    np.bitwise_xor(whole + whole, whole >> 8 * width - 1, out=unsigned[form:])
    return unsigned.view(f"u{width}"), first


def _restored(planes: npt.NDArray[np.uint8], first: Sequence[int], centre: int) -> Integers:
    """The numbers whose residues these are, in byte planes."""
    signed = _signed(planes)
    if centre:
        signed += centre
    for order in range(len(first) - 1, -1, -1):
        if order < len(signed):
            signed[: order + 1] = 0
            signed[order] = first[order]
        signed.cumsum(out=signed)
    return signed


def _signed(planes: npt.NDArray[np.uint8]) -> Integers:
    """The residues in byte planes, zigzagged no more."""
    width = len(planes)
    if width == 1:
        signed: Integers = _SIGNED_BYTES.take(planes[0])
        return signed
    raw: npt.NDArray[Any] = planes[-1].astype(f"u{width}")
    for plane in planes[-2::-1]:
        raw <<= 8
        raw |= plane
    halves = raw >> 1
    raw &= 1
    halves ^= np.negative(raw, out=raw)
    return halves.view(f"i{width}").astype(np.int64)


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
