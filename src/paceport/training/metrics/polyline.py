"""Tracks as short text, and tracks with fewer points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paceport.geodesy import METRES_PER_DEGREE

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

    _Places = npt.NDArray[np.complex128]

_SHIFTS = 5 * np.arange(13)
_LONG_STRETCH = 800  # points
_MOST_CHUNKS = 12  # of five bits each in one number: more is no coordinate


def encode(latitude_deg: Channel, longitude_deg: Channel, *, precision: int = 5) -> str:
    """The points in Google's encoded polyline format. Positions must be known; empty gives the empty string."""
    places = np.empty(2 * len(latitude_deg))
    places[::2], places[1::2] = latitude_deg, longitude_deg
    # Half away from zero, as the format's page does it; numpy would round half to even.
    rounded = np.abs(places)
    rounded *= 10.0**precision
    rounded += 0.5
    whole = np.copysign(np.floor(rounded), places).astype(np.int64)
    steps = whole.copy()
    steps[2:] -= whole[:-2]
    values = (steps << 1) ^ (steps >> 63)
    left = values[:, np.newaxis] >> _SHIFTS[: max(1, -(-int(values.max(initial=0)).bit_length() // 5))]
    letters: npt.NDArray[np.uint8] = ((left & 0x1F) + 63 + 0x20 * (left > 0x1F)).astype(np.uint8)
    # A number ends where nothing is left of it; 0 is one letter.
    left[:, 0] = 1
    return letters[left > 0].tobytes().decode("ascii")


def decode(text: str, *, precision: int = 5) -> tuple[Channel, Channel]:
    """Latitudes and longitudes of an encoded polyline, in degrees.

    Raises ValueError where the text is cut off in the middle of a point or holds a character the format does not use.
    """
    # Letters of other alphabets are wrong, too; what encodes them is twenty times as slow.
    codes = np.frombuffer(text.encode(), np.uint8) if text.isascii() else np.array([ord(letter) for letter in text])
    chunks = codes.astype(np.int64) - 63
    if ((chunks < 0) | (chunks >= 64)).any():
        letter = text[int(np.argmax((chunks < 0) | (chunks >= 64)))]
        raise ValueError(f"an encoded polyline does not use the character {letter!r}")
    if not len(chunks):
        return chunks.astype(np.float64), chunks.astype(np.float64)
    ends = chunks < 0x20
    starts = np.flatnonzero(np.concatenate(([True], ends[:-1])))
    place = np.arange(len(chunks)) - np.repeat(starts, np.diff(np.append(starts, len(chunks))))
    if place.max() >= _MOST_CHUNKS:
        raise ValueError("an encoded polyline holds a number that is no coordinate")
    if not ends[-1] or len(starts) % 2:
        raise ValueError("the encoded polyline is cut off")
    values = np.add.reduceat((chunks & 0x1F) << (5 * place), starts)
    numbers = np.where(values & 1, ~(values >> 1), values >> 1)
    points = np.cumsum(numbers.astype(np.float64).reshape(-1, 2), axis=0) / 10.0**precision
    return points[:, 0], points[:, 1]


def decode_all(texts: Sequence[str], *, precision: int = 5) -> list[tuple[Channel, Channel] | None]:
    """What `decode` gives for each of the texts; None for one that it refuses.

    Thousands of short tracks are decoded as one: that takes a tenth of the time.
    """
    joined = "".join(texts)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    if not joined or not joined.isascii() or not lengths.all():
        return [_decoded(text, precision) for text in texts]
    chunks = np.frombuffer(joined.encode(), np.uint8).astype(np.int64) - 63
    ends = chunks < 0x20
    starts = np.flatnonzero(np.concatenate(([True], ends[:-1])))
    place = np.arange(len(chunks)) - np.repeat(starts, np.diff(np.append(starts, len(chunks))))
    last_letters = np.cumsum(lengths) - 1
    numbers_until = np.cumsum(ends)[last_letters]
    is_whole = ends[last_letters].all() and not (numbers_until % 2).any()
    if not is_whole or place.max() >= _MOST_CHUNKS or ((chunks < 0) | (chunks >= 64)).any():
        return [_decoded(text, precision) for text in texts]
    values = np.add.reduceat((chunks & 0x1F) << (5 * place), starts)
    numbers = np.where(values & 1, ~(values >> 1), values >> 1).reshape(-1, 2)
    sums = np.concatenate((np.zeros((1, 2), np.int64), np.cumsum(numbers, axis=0)))
    found: list[tuple[Channel, Channel] | None] = []
    begin = 0
    for end in (numbers_until // 2).tolist():
        points = (sums[begin + 1 : end + 1] - sums[begin]) / 10.0**precision
        found.append((points[:, 0], points[:, 1]))
        begin = end
    return found


def _decoded(text: str, precision: int) -> tuple[Channel, Channel] | None:
    try:
        return decode(text, precision=precision)
    except ValueError:
        return None


def simplify(latitude_deg: Channel, longitude_deg: Channel, *, tolerance_m: float = 5.0) -> tuple[Channel, Channel]:
    """The track with the points left out that lie within `tolerance_m` of the line through the others.

    First and last point stay; unknown positions go. Douglas and Peucker's method (1973), on a local flat projection.
    """
    latitude, longitude = latitude_deg, longitude_deg
    known = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if not known.all():
        latitude, longitude = latitude[known], longitude[known]
    if len(latitude) < 3:
        return latitude, longitude
    # Metres east and north as one complex number: to turn and stretch a line is one multiplication then.
    place = np.empty(len(latitude), dtype=np.complex128)
    place.real = longitude * (METRES_PER_DEGREE * np.cos(np.radians(latitude.mean())))
    place.imag = latitude * METRES_PER_DEGREE
    keep = np.zeros(len(latitude), dtype=bool)
    keep[[0, -1]] = True
    firsts, lasts = np.array([0]), np.array([len(latitude) - 1])
    while len(firsts):
        farthest, away_m = _farthest_of_each(place, firsts, lasts)
        split = away_m > tolerance_m
        keep[farthest[split]] = True
        # The halves of every stretch that was split, but those with nothing between their ends.
        firsts, lasts = (
            np.concatenate(pair) for pair in ((firsts[split], farthest[split]), (farthest[split], lasts[split]))
        )
        is_open = lasts - firsts > 1
        firsts, lasts = firsts[is_open], lasts[is_open]
    return latitude[keep], longitude[keep]


def _farthest_of_each(
    place: _Places, firsts: npt.NDArray[np.intp], lasts: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], Channel]:
    """The point farthest from the straight line of each stretch, and how far it lies from it."""
    if (lasts - firsts).sum() > _LONG_STRETCH * len(firsts):
        # A few long ones: each by itself costs less than the numbers that tell many apart.
        found = [_farthest(place, *ends) for ends in zip(firsts.tolist(), lasts.tolist(), strict=True)]
        return np.array([point for point, _ in found]), np.array([away_m for _, away_m in found])
    return _farthest_at_once(place, firsts, lasts)


def _farthest(place: _Places, first: int, last: int) -> tuple[int, float]:
    turned = place[first : last + 1] - place[first]
    line = complex(turned[-1])
    if line:
        turned *= line.conjugate() / abs(line)
    squared = _squared_distances(turned, abs(line))
    point = int(squared.argmax())
    return first + point, float(squared[point]) ** 0.5


def _farthest_at_once(
    place: _Places, firsts: npt.NDArray[np.intp], lasts: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], Channel]:
    counts = lasts - firsts + 1
    starts = np.cumsum(counts) - counts
    line = place[lasts] - place[firsts]
    length_m = np.abs(line)
    turn = np.where(length_m > 0, line.conj() / np.where(length_m > 0, length_m, 1.0), 1.0)
    points = np.arange(int(counts.sum()))
    points += np.repeat(firsts - starts, counts)
    turned = place.take(points)
    turned -= np.repeat(place[firsts], counts)
    turned *= np.repeat(turn, counts)
    squared = _squared_distances(turned, np.repeat(length_m, counts))
    most = np.maximum.reduceat(squared, starts)
    # The first of the farthest points of each stretch.
    is_most = np.flatnonzero(squared == np.repeat(most, counts))
    return points[is_most[np.searchsorted(is_most, starts)]], np.sqrt(most)


def _squared_distances(turned: _Places, length_m: Channel | float) -> Channel:
    """The squared distance of points from a line that was turned to lie east of 0, so long; each has one of its own."""
    along_m, aside_m = turned.real, turned.imag
    beyond_m = along_m - length_m  # past the end it is above 0; what is before the start is added as below 0
    np.maximum(beyond_m, 0.0, out=beyond_m)
    beyond_m += np.minimum(along_m, 0.0)
    beyond_m *= beyond_m
    beyond_m += aside_m * aside_m
    return beyond_m
