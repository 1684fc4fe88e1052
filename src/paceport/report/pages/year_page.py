"""The year in review: its picture to be saved, and its facts with the runs they come from."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass

from paceport.report.html_text import day_text, name_text
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.year_facts import YearFacts, year_facts, years_with_runs
from paceport.training.history.year_figures import MONTHS, year_figures
from paceport.training.metrics.span_names import span_name
from paceport.units import duration_text


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFact:
    """What was special: its name, its value, the run it comes from, and that run's page; "" where it is no run."""

    name: str
    value: str
    run: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    """The page of a year; `compared` are (year, length, share of the longest in percent, whether it is this one)."""

    year: int
    years: tuple[int, ...]
    distance: str
    figures: tuple[tuple[str, str], ...]
    facts: tuple[YearFact, ...]
    compared: tuple[tuple[int, str, float, bool], ...]


def year_page(snapshot: Snapshot, year: int | None) -> YearPage:
    """The page of one year, of the newest with a run where that is none."""
    facts, units = chosen_year(snapshot, year), snapshot.units
    most = max((length_m for _, length_m in facts.years), default=0.0) or 1.0
    return YearPage(
        year=facts.year,
        years=tuple(years_with_runs(snapshot.history)),
        distance=units.distance(facts.distance_m, 0),
        figures=tuple(year_figures(facts, units)[:3]),
        facts=tuple(_facts(facts, snapshot)),
        compared=tuple(
            (one, units.distance(length_m, 0), round(100 * length_m / most, 1), one == facts.year)
            for one, length_m in reversed(facts.years)
        ),
    )


def chosen_year(snapshot: Snapshot, year: int | None) -> YearFacts:
    """The facts of one year, of the newest with a run where that is none."""
    known = years_with_runs(snapshot.history)
    chosen = year if year in known and year is not None else known[0]
    return snapshot.once(("year facts", chosen), lambda: year_facts(snapshot.history, chosen))


def _facts(facts: YearFacts, snapshot: Snapshot) -> list[YearFact]:
    found, units = [], snapshot.units
    if facts.best_month is not None:
        far = f"{units.distance(facts.months_m[facts.best_month - 1], 0)} {units.name}"
        first = f"{facts.year}-{facts.best_month:02d}"
        last = monthrange(facts.year, facts.best_month)[1]
        link = snapshot.address(f"/runs?from={first}-01&to={first}-{last}")
        found.append(YearFact(name="Best month", value=far, run=MONTHS[facts.best_month - 1], link=link))
    if facts.longest is not None:
        far = f"{units.distance(facts.longest.distance_m, 1)} {units.name}"
        found.append(_of_run(f"Longest {snapshot.noun(1)}", far, facts.longest))
    if facts.fastest is not None:
        time = duration_text(facts.fastest.elapsed_time_s)
        found.append(_of_run(f"Fastest {span_name(facts.fastest.span_m)}", time, facts.fastest.run))
    for name, run in facts.firsts:
        found.append(_of_run(name.capitalize(), f"{units.distance(run.distance_m, 1)} {units.name}", run))
    return found


def _of_run(name: str, value: str, run: Run) -> YearFact:
    return YearFact(name=name, value=value, run=f"{name_text(run.name)}, {day_text(run.day)}", link=run_link(run.id))
