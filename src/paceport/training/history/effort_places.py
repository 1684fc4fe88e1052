"""The best efforts of one run with their places among those of all runs, and why some do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.training.metrics.personal_records import Attempt, best_attempts, why_implausible

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store
    from paceport.training.history.history import History
    from paceport.training.history.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEffort:
    """An effort of a run. With `doubt`, why it does not count, it has no places."""

    span_m: float
    elapsed_time_s: float
    place: int | None
    place_in_year: int | None
    doubt: str | None


def effort_places(store: Store, history: History, run: Run) -> tuple[PlacedEffort, ...]:
    """The efforts of a run of that history, the shortest first; of one distance the one that counts first.

    docs/metrics.md#personal-records.
    """
    starts = {one.id: one.start for one in history.runs}
    rows = [row for row in store.run_rows.efforts(own_only=history.is_own_only) if row[0] in starts]
    spans = {span_m for run_id, span_m, _, _ in rows if run_id == run.id}
    attempts = [Attempt(row[0], starts[row[0]], row[1], row[2], row[3]) for row in rows if row[1] in spans]
    years = {one.id: one.day.year for one in history.runs}
    places = {
        span_m: next((one for one in ranked if one.attempt.run_id == run.id), None)
        for span_m, ranked in best_attempts(attempts, year_of=years).items()
    }
    found = []
    for one in attempts:
        if one.run_id != run.id:
            continue
        doubt = one.excluded_because or why_implausible(one.span_m, one.elapsed_time_s)
        place = None if doubt else places.get(one.span_m)
        found.append(
            PlacedEffort(
                span_m=one.span_m,
                elapsed_time_s=one.elapsed_time_s,
                place=place.place if place else None,
                place_in_year=place.place_in_year if place else None,
                doubt=doubt,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.span_m, one.doubt is not None)))
