"""How regularly: streaks, Eddington numbers."""

from __future__ import annotations

from paceport.lazy_dataclass import dataclass
from paceport.training.history.history import History
from paceport.training.metrics.eddington import Eddington, eddington
from paceport.training.metrics.streaks import Streaks, streaks
from paceport.units import MILE_M


@dataclass(frozen=True, slots=True, kw_only=True)
class StreaksAndEddington:
    """Streaks and Eddington numbers in km and in miles."""

    streaks: Streaks
    eddington_km: Eddington
    eddington_mile: Eddington


def streaks_and_eddington(history: History) -> StreaksAndEddington:
    """Streaks up to today, and Eddington numbers."""
    outings = [run.run_facts() for run in history.runs]
    return StreaksAndEddington(
        streaks=streaks([one.day for one in outings], today=history.today),
        eddington_km=eddington(outings, 1000.0),
        eddington_mile=eddington(outings, MILE_M),
    )
