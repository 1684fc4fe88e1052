"""The moving seconds of a run at each speed: what times in pace zones and intensity are summed from, for any threshold.

No arrays are needed to read it: only `of` makes it of arrays.
"""

from __future__ import annotations

import json
import sys
from array import array
from operator import add
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.streams import Channel

STEP_MPS = 0.05
_FASTEST_MPS = 12.5  # nobody ran faster
_NUMBERS = frozenset({int, float})
_MOST_STEPS = 512  # twice as many as a tally has
# Of a row of numbers of 32 bits every second one, each in the place of 64 bits that two of them take.
_EVERY_SECOND = int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * (_MOST_STEPS // 2), "little")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedSeconds:
    """Moving seconds in steps of 0.05 m/s: those of `first_step` are from first_step · 0.05 m/s on."""

    first_step: int
    seconds: tuple[float, ...]

    @classmethod
    def of(cls, speed_mps: Channel, seconds: Channel) -> SpeedSeconds | None:
        """From the speed and the seconds of each interval; None without any. Impossible speeds are left out."""
        import numpy as np

        possible = (speed_mps >= 0) & (speed_mps < _FASTEST_MPS) & (seconds > 0)
        if not possible.all():
            speed_mps, seconds = speed_mps[possible], seconds[possible]
        if not len(seconds):
            return None
        steps = (speed_mps / STEP_MPS).astype(np.int64)
        first = int(steps.min())
        steps -= first
        sums = np.bincount(steps, weights=seconds)
        return cls(first_step=first, seconds=tuple(np.round(sums, 1).tolist()))

    def packed(self) -> bytes | None:
        """As `unpack_speed_seconds` reads it: the first step, then tenths of a second; None for more than they hold.

        They are unsigned numbers of 32 bits, the low byte first.
        """
        try:
            packed = array("I", [self.first_step, *(round(10.0 * one) for one in self.seconds)])
        except OverflowError:
            return None
        if sys.byteorder == "big":
            packed.byteswap()
        return packed.tobytes()

    def to_json(self) -> str:
        """As text to store, which SQL can read."""
        return json.dumps([self.first_step, *(int(one) if one == int(one) else one for one in self.seconds)])

    def add_to(self, steps: list[float]) -> None:
        """Add the seconds to those of other runs; `steps` begins at 0 m/s and is made longer where it must be."""
        end = self.first_step + len(self.seconds)
        steps.extend([0.0] * (end - len(steps)))
        steps[self.first_step : end] = map(add, steps[self.first_step : end], self.seconds)


class SpeedSums:
    """The seconds at each step of speed of many runs.

    What is packed is added as one long number, with 64 bits for each step so that no sum runs over: a question about
    all runs would spend most of its time unpacking it.
    """

    __slots__ = ("_even_tenths", "_more", "_odd_tenths")

    def __init__(self) -> None:
        self._even_tenths, self._odd_tenths = 0, 0
        self._more: list[float] = []

    def add(self, packed: bytes | None, text: str | None) -> bool:
        """Add a tally as it is stored, packed or as text; False where it is neither."""
        if type(packed) is bytes and packed and len(packed) % 4 == 0:
            first_step = int.from_bytes(packed[:4], "little")
            if first_step + len(packed) // 4 <= _MOST_STEPS:
                tenths = int.from_bytes(packed[4:], "little") << 32 * first_step
                self._even_tenths += tenths & _EVERY_SECOND
                self._odd_tenths += tenths >> 32 & _EVERY_SECOND
                return True
        tally = unpack_speed_seconds(packed) or parse_speed_seconds(text)
        if tally is not None:
            tally.add_to(self._more)
        return tally is not None

    def total(self) -> SpeedSeconds:
        """What was added."""
        pairs = max(_pairs(self._even_tenths), _pairs(self._odd_tenths))
        steps = [0.0] * (2 * pairs)
        for odd, tenths in enumerate((self._even_tenths, self._odd_tenths)):
            unpacked = array("Q", tenths.to_bytes(8 * pairs, "little"))
            if sys.byteorder == "big":
                unpacked.byteswap()
            steps[odd::2] = [one / 10.0 for one in unpacked]
        if self._more:
            SpeedSeconds(first_step=0, seconds=tuple(self._more)).add_to(steps)
        return SpeedSeconds(first_step=0, seconds=tuple(steps))


def _pairs(tenths: int) -> int:
    """How many steps of 64 bits a number has."""
    return -(-tenths.bit_length() // 64)


def unpack_speed_seconds(block: bytes | None) -> SpeedSeconds | None:
    """What `packed` wrote; None for anything else."""
    if type(block) is not bytes or len(block) % 4 or not block:
        return None
    packed = array("I", block)
    if sys.byteorder == "big":
        packed.byteswap()
    return SpeedSeconds(first_step=packed[0], seconds=tuple([tenths / 10.0 for tenths in packed[1:]]))


def parse_speed_seconds(text: str | None) -> SpeedSeconds | None:
    """What `to_json` wrote; None for anything else."""
    try:
        first, *seconds = json.loads(text or "[null]")
    except (ValueError, TypeError, RecursionError):
        return None
    is_tally = type(first) is int and first >= 0 and _NUMBERS.issuperset(map(type, seconds))
    return SpeedSeconds(first_step=first, seconds=tuple(seconds)) if is_tally else None
