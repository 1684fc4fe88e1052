"""Impossible positions: null islands, frozen and stale receivers, jumps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from paceport.channels import steps_of, taken
from paceport.geodesy import EARTH_RADIUS_M, apart_m, haversine_m, steps_m
from paceport.lazy_dataclass import dataclass
from paceport.training.cleaning.gaps import SHORTEST_STEP_S
from paceport.training.cleaning.outlier_stretches import find_islands
from paceport.training.cleaning.repairs import Repair, RepairKind
from paceport.training.cleaning.small_spikes import position_spikes
from paceport.training.cleaning.sport_limits import SportLimits

if TYPE_CHECKING:
    import numpy.typing as npt

    from paceport.streams import Channel

NEIGHBOURS = 21
_ROUNDED_UP, _FAR_M = 1.0001, 100_000.0
TIMES_MEDIAN = 3.0
FROZEN_S, FROZEN_WAY_M = 10.0, 20.0
MOST_STALE, FEWEST_STALE, SMALLEST_STALE_SHARE = 5, 10, 0.05  # fewer are a runner who turned on the spot


@dataclass(slots=True, kw_only=True, eq=False)
class Positions:
    """The positions of a run while they are cleaned: NaN where unknown. `repairs` grows.

    Whoever changes a position calls `forget`: what was computed from the positions is kept for the next who asks.
    """

    time_s: Channel
    latitude_deg: Channel
    longitude_deg: Channel
    repairs: list[Repair]
    _known: npt.NDArray[np.intp] | None = None
    _steps_m: Channel | None = None
    _at_most_m: Channel | None = None

    def known(self) -> npt.NDArray[np.intp]:
        """The samples that have a position."""
        if self._known is None:
            is_known = np.isfinite(self.latitude_deg)
            is_known &= np.isfinite(self.longitude_deg)
            self._known = np.arange(len(is_known)) if is_known.all() else is_known.nonzero()[0]
        return self._known

    def steps_m(self) -> Channel:
        """Metres from each known position to the next, one value less than there are known ones."""
        if self._steps_m is None:
            self._steps_m = steps_m(*self.places())
        return self._steps_m

    def at_most_m(self) -> Channel:
        """No less than these steps, and hardly more: an eighth of their cost, and enough where nothing is far.

        East counts as where the positions are nearest to the equator. A step of 7 m or 20 m is told apart from a longer
        one; beyond a hundred kilometres the true one may be longer.
        """
        if self._at_most_m is None:
            latitude, longitude = self.places()
            north, east = steps_of(latitude), steps_of(longitude)
            east *= self._most_of_east()
            north *= north
            east *= east
            north += east
            self._at_most_m = np.sqrt(north, out=north)
            self._at_most_m *= EARTH_RADIUS_M * math.pi / 180 * _ROUNDED_UP
        return self._at_most_m

    def length_bounds_m(self) -> tuple[float, float]:
        """Between which lengths the sum of all steps lies."""
        at_most_m = self.at_most_m()
        if at_most_m.max() > _FAR_M:
            return (float(self.steps_m().sum()),) * 2
        most_m = float(at_most_m.sum())
        latitude, _ = self.places()
        least = math.cos(math.radians(max(abs(float(latitude.min())), abs(float(latitude.max())))))
        return most_m * max(least, 0.0) / self._most_of_east() / _ROUNDED_UP**2, most_m

    def _most_of_east(self) -> float:
        """The cosine of the latitude nearest to the equator."""
        latitude, _ = self.places()
        low, high = float(latitude.min()), float(latitude.max())
        return 1.0 if low <= 0.0 <= high else math.cos(math.radians(min(abs(low), abs(high))))

    def places(self) -> tuple[Channel, Channel]:
        """Latitude and longitude of the known positions, not to be changed."""
        known = self.known()
        return taken(self.latitude_deg, known), taken(self.longitude_deg, known)

    def forget(self) -> None:
        """Positions have changed."""
        self._known = self._steps_m = self._at_most_m = None

    def leave_out(self, places: npt.NDArray[np.intp], kind: RepairKind, size: float = 0.0) -> None:
        """Forget these positions, with a repair that says so."""
        if len(places):
            self.latitude_deg[places] = np.nan
            self.longitude_deg[places] = np.nan
            self.forget()
            self.repairs.append(Repair(kind=kind, at_s=float(self.time_s[places[0]]), size=size, samples=len(places)))


def clean_positions(positions: Positions, counter_m: Channel | None, limits: SportLimits) -> None:
    """Repair `positions` in place; `counter_m` is the device's distance, where it counted one."""
    known = positions.known()
    # Within half a metre of 0/0: a receiver that knows nothing yet.
    latitude, longitude = positions.places()
    is_null = np.abs(latitude) < 5e-6
    if is_null.any():
        is_null &= np.abs(longitude) < 5e-6
        positions.leave_out(known[is_null], "null position")
    if counter_m is None:
        _leave_out_stale(positions)
    else:
        _leave_out_frozen(positions, counter_m)
    if counter_m is None:  # a few metres aside matter where the distance is theirs
        _put_small_spikes_back(positions)
    _put_jumps_back(positions, limits)


def _leave_out_stale(positions: Positions) -> None:
    """Points that go back to exactly an earlier place, up to five before: they carry a late heart rate, no position."""
    known = positions.known()
    if len(known) < 3:
        return
    latitude, longitude = positions.places()
    same_as_last = np.concatenate(([False], (steps_of(latitude) == 0) & (steps_of(longitude) == 0)))
    stale = np.zeros(len(known), dtype=bool)
    for back in range(2, MOST_STALE + 1):
        if len(known) > back:
            stale[back:] |= (latitude[back:] == latitude[:-back]) & (longitude[back:] == longitude[:-back])
    stale &= ~same_as_last & ~np.roll(same_as_last, 1)
    if stale.sum() >= max(FEWEST_STALE, SMALLEST_STALE_SHARE * len(known)):
        positions.leave_out(known[stale], "stale position")


def _leave_out_frozen(positions: Positions, counter_m: Channel) -> None:
    """Positions that repeat for more than ten seconds while the counter moves on; the first of each stays."""
    known = positions.known()
    if len(known) < 2:
        return
    latitude, longitude = positions.places()
    same = latitude[1:] == latitude[:-1]
    same &= longitude[1:] == longitude[:-1]
    if not same.any():
        return
    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False]))))
    firsts, lasts = edges[::2], edges[1::2]
    lasted_s = positions.time_s[known[lasts]] - positions.time_s[known[firsts]]
    way_m = counter_m[known[lasts]] - counter_m[known[firsts]]
    for at in np.flatnonzero((lasted_s > FROZEN_S) & (way_m > FROZEN_WAY_M)).tolist():
        positions.leave_out(known[firsts[at] + 1 : lasts[at] + 1], "frozen position", float(way_m[at]))


def _put_jumps_back(positions: Positions, limits: SportLimits) -> None:
    known = positions.known()
    if len(known) < 3 or positions.at_most_m().max() <= limits.doubtful_mps * SHORTEST_STEP_S:
        return
    time_s = taken(positions.time_s, known)
    speed_mps = positions.steps_m() / np.maximum(steps_of(time_s), SHORTEST_STEP_S)
    doubtful = doubtful_steps(speed_mps, limits)
    if not doubtful.any():
        return
    latitude, longitude = positions.latitude_deg[known], positions.longitude_deg[known]
    places, times = list(zip(latitude.tolist(), longitude.tolist(), strict=True)), time_s.tolist()

    def is_plausible(before: int, after: int) -> bool:
        most_m = limits.gap_mps * max(times[after] - times[before], SHORTEST_STEP_S)
        return bool(apart_m(*places[before], *places[after]) <= most_m)

    islands = find_islands(time_s, doubtful, is_plausible)
    assert islands is not None
    stray = islands.at_end & _leads_beyond(islands.at_end, speed_mps, limits)
    positions.leave_out(known[stray], "stray end")
    _put_on_line(positions, known, islands.on_island, stays=~islands.on_island & ~stray)


def _put_small_spikes_back(positions: Positions) -> None:
    known = positions.known()
    spikes = position_spikes(taken(positions.time_s, known), *positions.places())
    _put_on_line(positions, known, spikes, stays=~spikes)


def _put_on_line(
    positions: Positions, known: npt.NDArray[np.intp], jumped: npt.NDArray[np.bool_], *, stays: npt.NDArray[np.bool_]
) -> None:
    """Move the `jumped` of the known positions onto the line between those that stay, and note by how much."""
    if not jumped.any():
        return
    time_s, moved = taken(positions.time_s, known), known[jumped]
    latitude, longitude = positions.latitude_deg[moved], positions.longitude_deg[moved]
    for channel in (positions.latitude_deg, positions.longitude_deg):
        channel[moved] = np.interp(time_s[jumped], time_s[stays], channel[known[stays]])
    positions.forget()
    moved_m = haversine_m(latitude, longitude, positions.latitude_deg[moved], positions.longitude_deg[moved])
    positions.repairs.append(
        Repair(kind="position jump", at_s=float(time_s[jumped][0]), size=float(moved_m.max()), samples=len(moved))
    )


def doubtful_steps(speed_mps: Channel, limits: SportLimits) -> npt.NDArray[np.bool_]:
    """Which steps nobody makes: beyond the sport, or far faster than the steps round them."""
    doubtful = speed_mps > limits.fastest_mps
    for place in np.flatnonzero((speed_mps > limits.doubtful_mps) & ~doubtful).tolist():
        first = max(0, place - NEIGHBOURS // 2)
        around = speed_mps[first : place + NEIGHBOURS // 2 + 1]
        doubtful[place] = speed_mps[place] > TIMES_MEDIAN * float(np.median(around))
    return doubtful


def _leads_beyond(at_end: npt.NDArray[np.bool_], speed_mps: Channel, limits: SportLimits) -> npt.NDArray[np.bool_]:
    """Whether the step between each end and the rest is beyond the sport, not only doubtful."""
    beyond = np.zeros(len(at_end), dtype=bool)
    borders = np.flatnonzero(np.diff(at_end.astype(np.int8)))
    for border in borders.tolist():
        if speed_mps[border] > limits.fastest_mps:
            beyond[: border + 1] |= at_end[: border + 1] & bool(at_end[border])
            beyond[border + 1 :] |= at_end[border + 1 :] & bool(at_end[border + 1])
    return beyond
