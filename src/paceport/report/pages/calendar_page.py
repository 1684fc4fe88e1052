"""The calendar: a year as twelve months whose days lead to their runs, and all years as maps of days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart
from paceport.report.charts_volume import calendar_charts
from paceport.report.html_text import day_text, hours
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.volume import by_day, by_month, overall
from paceport.training.metrics.totals import Total

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LEVELS = 5
_MOST_MAPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day of a month: how full it is (0 to 5), its distance, and where its runs are; `number` 0 is no day."""

    number: int
    level: int = 0
    distance: str = ""
    link: str | None = None
    title: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMonth:
    """A month: its sums and its weeks of seven days, Monday first."""

    name: str
    sums: str
    link: str
    weeks: tuple[tuple[CalendarDay, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """One year in months, and the newest years as maps of days; `left_years` are older ones without a map."""

    year: int
    years: tuple[int, ...]
    sums: str
    months: tuple[CalendarMonth, ...]
    maps: tuple[Chart, ...]
    left_years: int


def calendar_page(snapshot: Snapshot, year: int | None) -> CalendarPage:
    """The calendar of a year; of the newest year with a run where that year has none."""
    known = snapshot.once("calendar days", lambda: _days_of(snapshot))
    chosen = year if year is not None and year in known.years else next(iter(known.years))
    months = {total.key.month: total for total in by_month(known.years[chosen])}
    last = known.of.today.month if chosen == known.of.today.year else 12
    maps = snapshot.once("calendar maps", lambda: _maps(known))
    return CalendarPage(
        year=chosen,
        years=tuple(known.years),
        sums=_sums(overall(known.years[chosen]), known.of),
        months=tuple(_month(chosen, number, months.get(number), known) for number in range(last, 0, -1)),
        maps=maps,
        left_years=len(known.years) - len(maps),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """What is known of each day; `years` has the runs of each year, the newest year first."""

    totals: Mapping[date, Total[date]]
    runs: Mapping[date, Sequence[Run]]
    years: Mapping[int, Sequence[Run]]
    edges: Sequence[float]
    of: Snapshot


def _days_of(snapshot: Snapshot) -> _Days:
    runs: dict[date, list[Run]] = {}
    for run in snapshot.history.runs:
        runs.setdefault(run.day, []).append(run)
    years: dict[int, list[Run]] = {}
    for day in sorted(runs, reverse=True):
        years.setdefault(day.year, []).extend(runs[day])
    totals = {total.key: total for total in by_day(snapshot.history.runs)}
    lengths = sorted(total.distance_m or 0.0 for total in totals.values())
    edges = [lengths[len(lengths) * number // _LEVELS] for number in range(1, _LEVELS)]
    return _Days(totals=totals, runs=runs, years=years, edges=edges, of=snapshot)


def _maps(known: _Days) -> tuple[Chart, ...]:
    first = list(known.years)[:_MOST_MAPS][-1]
    days = [total for day, total in known.totals.items() if day.year >= first]
    return calendar_charts(days, known.of.units, known.of.history.sports)


def _month(year: int, number: int, total: Total[date] | None, known: _Days) -> CalendarMonth:
    first_weekday, length = monthrange(year, number)
    days = [CalendarDay(number=0)] * first_weekday
    days += [_day(date(year, number, day), known) for day in range(1, length + 1)]
    days += [CalendarDay(number=0)] * (-len(days) % 7)
    return CalendarMonth(
        name=_MONTHS[number - 1],
        sums=_sums(total, known.of) if total else f"no {known.of.noun(1)}",
        link=known.of.address(f"/runs?from={date(year, number, 1)}&to={date(year, number, length)}"),
        weeks=tuple(tuple(days[start : start + 7]) for start in range(0, len(days), 7)),
    )


def _day(day: date, known: _Days) -> CalendarDay:
    total, runs = known.totals.get(day), known.runs.get(day, ())
    if total is None:
        return CalendarDay(number=day.day, is_today=day == known.of.today)
    length_m = total.distance_m or 0.0
    units = known.of.units
    distance = units.distance(total.distance_m, 1) if total.distance_m else hours(total.moving_time_s)
    unit = units.name if total.distance_m else "h"
    return CalendarDay(
        number=day.day,
        level=1 + sum(length_m >= edge for edge in known.edges),
        distance=distance,
        # A single run is one click away; several are listed.
        link=run_link(runs[0].id) if len(runs) == 1 else known.of.address(f"/runs?from={day}&to={day}"),
        title=f"{day_text(day)}: {known.of.counted(total.runs)}, {distance} {unit}",
        is_today=day == known.of.today,
    )


def _sums(total: Total[date] | Total[str], of: Snapshot) -> str:
    distance = f"{of.units.distance(total.distance_m, 0)} {of.units.name} · " if total.distance_m else ""
    return f"{of.counted(total.runs)} · {distance}{hours(total.moving_time_s)} h"
