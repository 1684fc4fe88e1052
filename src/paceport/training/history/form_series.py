"""Form over the days: fitness and fatigue from the loads of all activities, and what share of them has a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.sports import sport_group
from paceport.training.history.history import History
from paceport.training.history.run import Run
from paceport.training.metrics.fitness_and_form import (
    Form,
    FormConvention,
    Strain,
    acute_chronic_ratio,
    daily_loads,
    form,
    strain,
)

RECENT_DAYS = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSeries:
    """Day by day from the first activity to today; empty where none has a load.

    `loads` and `values` run alongside `days`. `acute_chronic` is the coupled ratio (None: not known), `strain` that of
    the last seven days. `known_runs` of the `recent_runs` activities in the last 42 days have a load: where few do, the
    numbers say little. `sports` and `sources` are those of these days: (kind of sport, activities, load) and (source
    of the load, activities), the most first. `variant` names how a TRIMP is computed, `convention` which day's form it
    is.
    """

    days: tuple[date, ...]
    loads: tuple[float, ...]
    values: tuple[Form, ...]
    acute_chronic: float | None
    strain: Strain | None
    recent_runs: int
    known_runs: int
    variant: str
    convention: FormConvention
    sports: tuple[tuple[str, int, float], ...] = ()
    sources: tuple[tuple[str, int], ...] = ()


def form_series(history: History, *, convention: FormConvention = "previous-day") -> FormSeries:
    """Fitness, fatigue and form of every day, from the sports that count. docs/metrics.md#form."""
    today = history.today
    counted = history.counted_in_form()
    known = [(run.day, run.load) for run in counted if run.load is not None and run.day <= today]
    first = min((day for day, _ in known), default=None)
    loads = daily_loads(known, first=first, last=today) if first is not None else []
    since = today - timedelta(days=RECENT_DAYS - 1)
    recent = [run for run in counted if since <= run.day <= today]
    return FormSeries(
        days=tuple(first + timedelta(days=number) for number in range(len(loads))) if first else (),
        loads=tuple(loads),
        values=tuple(form(loads, convention=convention)),
        acute_chronic=acute_chronic_ratio(loads),
        strain=strain(loads),
        recent_runs=len(recent),
        known_runs=sum(run.load is not None for run in recent),
        variant=history.facts.athlete.trimp_variant,
        convention=convention,
        sports=_by_sport(recent),
        sources=tuple(Counter(run.load_source for run in recent if run.load_source is not None).most_common()),
    )


def _by_sport(runs: Sequence[Run]) -> tuple[tuple[str, int, float], ...]:
    counts = Counter(sport_group(run.sport) for run in runs)
    loads = dict.fromkeys(counts, 0.0)
    for run in runs:
        loads[sport_group(run.sport)] += run.load or 0.0
    return tuple((kind, count, loads[kind]) for kind, count in counts.most_common())
