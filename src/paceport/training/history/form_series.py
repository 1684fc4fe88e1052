"""Form over the days: fitness and fatigue from the loads of all runs, and what share of the runs has a load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from paceport.training.history.history import History
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
    """Day by day from the first run to today; empty where no run has a load.

    `loads` and `values` run alongside `days`. `acute_chronic` is the coupled ratio (None: not known), `strain` that of
    the last seven days. `known_runs` of the `recent_runs` in the last 42 days have a load: where few do, the
    numbers say little. `variant` names how a load is computed, `convention` which day's form it is.
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


def form_series(history: History, *, convention: FormConvention = "previous-day") -> FormSeries:
    """Fitness, fatigue and form of every day. docs/metrics.md#form."""
    today = history.today
    known = [(run.day, run.load) for run in history.runs if run.load is not None and run.day <= today]
    first = min((day for day, _ in known), default=None)
    loads = daily_loads(known, first=first, last=today) if first is not None else []
    since = today - timedelta(days=RECENT_DAYS - 1)
    recent = [run for run in history.runs if since <= run.day <= today]
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
    )
