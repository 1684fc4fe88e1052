"""The best efforts of one run with their places among those of all runs, and why some do not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.logbook.database.record_views import LATER
from paceport.training.metrics.personal_records import why_implausible

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

    Runs that are dated in the future count neither for themselves nor against others.
    docs/metrics.md#personal-records.
    """
    rows = store.run_rows.efforts(own_only=history.is_own_only)
    history, later = history.split_by_today()
    is_later = any(one.id == run.id for one in later)
    mine = sorted(
        (span_m, doubt is not None, elapsed_s, doubt)
        for run_id, span_m, elapsed_s, own_doubt in rows
        if run_id == run.id
        for doubt in (LATER if is_later else own_doubt or why_implausible(span_m, elapsed_s),)
    )
    counted = {span_m: elapsed_s for span_m, is_doubted, elapsed_s, _ in reversed(mine) if not is_doubted}
    better = _better_runs(history, run, counted, rows)
    found = []
    for span_m, _, elapsed_s, doubt in mine:
        before = None if doubt else better[span_m]
        found.append(
            PlacedEffort(
                span_m=span_m,
                elapsed_time_s=elapsed_s,
                place=None if before is None else 1 + len(before),
                place_in_year=None if before is None else 1 + sum(one.day.year == run.day.year for one in before),
                doubt=doubt,
            )
        )
    return tuple(found)


def _better_runs(
    history: History, run: Run, counted: Mapping[float, float], rows: Iterable[tuple[int, float, float, str | None]]
) -> dict[float, list[Run]]:
    """The other runs that were faster over each distance, or as fast earlier; `counted` are the run's own times."""
    runs = history.by_id()
    better: dict[float, dict[int, Run]] = {span_m: {} for span_m in counted}
    for run_id, span_m, elapsed_s, doubt in rows:
        limit_s = counted.get(span_m)
        if limit_s is None or elapsed_s > limit_s or doubt is not None or run_id == run.id:
            continue
        other = runs.get(run_id)
        if other is None or why_implausible(span_m, elapsed_s) is not None:
            continue
        if elapsed_s < limit_s or (other.start, other.id) < (run.start, run.id):
            better[span_m][run_id] = other
    return {span_m: list(found.values()) for span_m, found in better.items()}
