"""Finds samples that leave the line of the others and come back, for positions, counters and altitudes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

LONGEST_ISLAND_S = 60.0  # a stretch elsewhere that lasts longer may be true, and the way to it is what is wrong
LONGEST_STRAY_S, MOST_STRAYS = 60.0, 10  # at the ends nothing shows that it came back, so less is doubted there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Islands:
    """Which samples lie on islands, and which at doubtful ends."""

    on_island: npt.NDArray[np.bool_]
    at_end: npt.NDArray[np.bool_]


def find_islands(
    time_s: Channel, doubtful: npt.NDArray[np.bool_], is_plausible: Callable[[int, int], bool]
) -> Islands | None:
    """What the doubtful steps (n - 1 of them) between n samples mean; None where there is none.

    `is_plausible(a, b)` says whether one can have come from sample a to sample b. A stretch between two doubtful steps
    is an island if it lasts at most a minute and, without it, the sample before leads plausibly to one after it.
    """
    cuts = np.flatnonzero(doubtful) + 1
    if not len(cuts):
        return None
    starts = [0, *cuts.tolist()]
    start_s = [time_s.item(0), *time_s[cuts].tolist()]
    ends = [*cuts.tolist(), len(time_s)]
    on_island, at_end = np.zeros(len(time_s), dtype=bool), np.zeros(len(time_s), dtype=bool)
    first, last = _without_strays(time_s, starts, ends, at_end)
    piece, reached = first + 1, ends[first] - 1
    while piece <= last:
        back = _comes_back(start_s, starts, piece, last, reached, is_plausible)
        if back is not None:
            on_island[starts[piece] : starts[back]] = True
            piece = back
        reached = ends[piece] - 1
        piece += 1
    return Islands(on_island=on_island, at_end=at_end)


def _comes_back(
    start_s: list[float],
    starts: list[int],
    piece: int,
    last: int,
    reached: int,
    is_plausible: Callable[[int, int], bool],
) -> int | None:
    """The piece with which the line goes on from sample `reached`; None if none within a minute does."""
    for back in range(piece + 1, last + 1):
        if start_s[back] - start_s[piece] > LONGEST_ISLAND_S:
            return None
        if is_plausible(reached, starts[back]):
            return back
    return None


def _without_strays(
    time_s: Channel, starts: list[int], ends: list[int], at_end: npt.NDArray[np.bool_]
) -> tuple[int, int]:
    """The first and the last piece that is no stray; strays are marked in `at_end`."""

    def is_stray(piece: int, neighbour: int) -> bool:
        count = ends[piece] - starts[piece]
        lasted_s = float(time_s[ends[piece] - 1] - time_s[starts[piece]])
        return count <= MOST_STRAYS and lasted_s <= LONGEST_STRAY_S and 2 * count < ends[neighbour] - starts[neighbour]

    first, last = 0, len(starts) - 1
    if first < last and is_stray(first, first + 1):
        at_end[starts[first] : ends[first]] = True
        first += 1
    if first < last and is_stray(last, last - 1):
        at_end[starts[last] : ends[last]] = True
        last -= 1
    return first, last
