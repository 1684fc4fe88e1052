"""What the numbers of a run need to know of the runner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from paceport.training.metrics.load_source import LoadChoice
    from paceport.training.metrics.trimp import Sex, TrimpVariant


class SeasonHeartRate(NamedTuple):
    """The maximum heart rate of one calendar year, and the inner edges of the zones that follow from it."""

    year: int
    max_bpm: float
    zone_edges_bpm: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AthleteFacts:
    """What the numbers of a run need to know of the runner; None is "not known" and makes what needs it not known.

    `zone_edges_bpm` are the inner edges of the heart rate zones, rising; empty without zones. `threshold_mps` and
    `threshold_w` are the speed and the power that can be held for about an hour. `load` is the source whose scale all
    loads are on, or "auto". `seasons` are the years whose maximum heart rate is another than `max_bpm`.
    """

    zone_edges_bpm: tuple[float, ...] = ()
    rest_bpm: float | None = None
    max_bpm: float | None = None
    threshold_bpm: float | None = None
    sex: Sex | None = None
    trimp_variant: TrimpVariant = "banister"
    threshold_mps: float | None = None
    threshold_w: float | None = None
    load: LoadChoice = "auto"
    seasons: tuple[SeasonHeartRate, ...] = ()

    def by_year(self) -> Callable[[int], AthleteFacts]:
        """What gives the facts as they were in a calendar year."""
        years = {
            one.year: replace(self, max_bpm=one.max_bpm, zone_edges_bpm=one.zone_edges_bpm, seasons=())
            for one in self.seasons
        }
        return lambda year: years.get(year, self)
