"""Over the years: every year's distance as it grew, when in the day runs begin, elevation profiles side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import MOST_DOTS, Chart, Panel, PanelPath, Row, Scale, Table, dots, line, round_steps
from paceport.report.date_axis import time_labels
from paceport.report.html_text import UNKNOWN, anchor_of, day_text, hours, name_text, short_name
from paceport.report.pages.run_rows import run_link
from paceport.report.pages.snapshot import Snapshot
from paceport.training.history.run import Run
from paceport.training.history.run_series import run_series
from paceport.training.history.volume import by_year
from paceport.units import Units

if TYPE_CHECKING:
    from paceport.logbook.database.store import Store

_LEAP = date(2024, 1, 1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PROFILES, _PROFILE_POINTS = 24, 80
_FEW_DOTS = 60  # fewer are drawn larger


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The elevation profile of one run, all at one scale: `area` in a box of 100 by 100."""

    name: str
    day: str
    climb: str
    link: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSum:
    """The sums of a year."""

    year: int
    runs: str
    distance: str
    time: str
    climb: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsPage:
    """Everything on the page; empty parts are left out."""

    cumulative: Chart
    sums: tuple[YearSum, ...]
    time_of_day: Chart | None
    profiles: tuple[Profile, ...]
    profile_note: str


def years_page(snapshot: Snapshot, store: Store, *, most_dots: int = MOST_DOTS) -> YearsPage:
    """The page of a snapshot that has a run; its charts have a dot for so many of the newest runs at the most."""
    history, units = snapshot.history, snapshot.units
    profiles, note = snapshot.once("profiles", lambda: _profiles(snapshot, store))
    return YearsPage(
        cumulative=snapshot.once("cumulative", lambda: cumulative_chart(history.runs, history.today, units)),
        sums=tuple(
            YearSum(
                year=total.key,
                runs=f"{total.runs:,}",
                distance=units.distance(total.distance_m, 0),
                time=hours(total.moving_time_s),
                climb=units.height(total.elevation_gain_m),
                link=snapshot.address(f"/runs?year={total.key}"),
            )
            for total in reversed(by_year(history.runs))
        ),
        time_of_day=snapshot.once(
            "time of day", lambda: time_of_day_chart(history.runs, units, snapshot.noun(), most=most_dots)
        ),
        profiles=profiles,
        profile_note=note,
    )


def cumulative_chart(runs: Sequence[Run], today: date, units: Units) -> Chart:
    """Each year's distance, day by day of the calendar; the current year in its own colour."""
    years: dict[int, list[float]] = {}
    for run in runs:
        days = years.setdefault(run.day.year, [0.0] * 366)
        days[_place(run.day)] += (run.distance_m or 0.0) / units.unit_m
    grown = {year: _sums(days, _place(today) if year == today.year else 365) for year, days in sorted(years.items())}
    most = max(max(values) for values in grown.values()) or 1.0
    scale = Scale(low=0.0, high=1.04 * most)
    newest = max(grown)
    marks = []
    for number, (year, values) in enumerate(sorted(grown.items(), reverse=True)):
        look = "line distance" if year == newest else f"line thin year{min(number, 6)}"
        marks.append(PanelPath(look, line((float(at), scale(value)) for at, value in enumerate(values))))
    shown = sorted(grown, reverse=True)
    so_far = " so far" if newest == today.year else ""
    return Chart(
        name="cumulative",
        title="Every year",
        summary=f"{newest}: {grown[newest][-1]:,.0f} {units.name}{so_far}; the most in a year: {most:,.0f}.",
        kind="plain",
        first=0.0,
        last=365.0,
        labels=_month_labels(),
        panels=(
            Panel(
                label=units.name,
                height_px=320,
                ticks=tuple((scale(value), f"{value:,g}") for value in round_steps(0.0, most, 5)),
                marks=tuple(reversed(marks)),
            ),
        ),
        table=_cumulative_table(grown),
        legend=tuple(
            ("distance line" if year == newest else f"year{min(number, 6)} line", str(year))
            for number, year in enumerate(shown)
        ),
        definitions=("totals",),
    )


def _month_labels() -> tuple[tuple[float, str], ...]:
    """Every other month, at its place in the year."""
    starts = ((month, _place(date(_LEAP.year, month, 1))) for month in range(1, 13, 2))
    return tuple((round(100 * place / 365, 2), _MONTHS[month - 1]) for month, place in starts)


def _cumulative_table(grown: Mapping[int, Sequence[float]]) -> Table:
    """A row a week, each for one day of the calendar in every year."""
    shown = sorted(grown, reverse=True)
    rows = []
    for at in (*range(6, 365, 7), 365):
        day = _LEAP + timedelta(days=at)
        sums = (f"{grown[year][at]:,.0f}" if at < len(grown[year]) else "" for year in shown)
        rows.append(Row(at=float(at), cells=(f"{day.day} {_MONTHS[day.month - 1]}", *sums)))
    return Table(headings=("Until", *map(str, shown)), rows=tuple(rows))


def _sums(days: Sequence[float], last: int) -> list[float]:
    total, found = 0.0, []
    for day in days[: last + 1]:
        total += day
        found.append(total)
    return found


def _place(day: date) -> int:
    """The day of a leap year, so that one date has one place in every year."""
    return (day.replace(year=_LEAP.year) - _LEAP).days


def time_of_day_chart(runs: Sequence[Run], units: Units, noun: str = "runs", *, most: int = MOST_DOTS) -> Chart | None:
    """When in the day each run began, by date; early is above. Runs whose local time is not known are left out."""
    every = sorted((run for run in runs if run.timezone), key=lambda run: (run.start, run.id))
    known = every[-most:]
    if not known:
        return None
    first, last = min(run.day for run in known), max(run.day for run in known)
    # A little room at both sides, so that no dot is cut at the edge.
    room = timedelta(days=ceil((last - first).days / 60))
    first, last = first - room, last + room
    scale = Scale(low=24.0, high=0.0)
    places = [((run.day - first).days + 0.5, run.local_start.hour + run.local_start.minute / 60) for run in known]
    newest = f"newest {most:,} " if len(every) > most else ""
    look = "dot" if len(places) > _FEW_DOTS else "spot pace"
    morning = sum(hour < 12 for _, hour in places) / len(places)
    return Chart(
        name="time-of-day",
        title="Time of day",
        summary=f"{100 * morning:.0f} % of the {newest}{noun} began before noon. Each dot is one of them.",
        kind="plain",
        first=0.0,
        last=float((last - first).days + 1),
        labels=time_labels(first, last),
        panels=(
            Panel(
                height_px=260,
                ticks=tuple((scale(hour), f"{hour:02d}:00") for hour in (4, 8, 12, 16, 20)),
                marks=(PanelPath(look, dots((x, scale(hour)) for x, hour in places)),),
            ),
        ),
        table=_beginnings_table(list(zip(places, known, strict=True)), units),
    )


def _beginnings_table(beginnings: Sequence[tuple[tuple[float, float], Run]], units: Units) -> Table:
    rows = []
    for (x, _), run in beginnings:
        began, length = f"{run.local_start:%H:%M}", units.distance(run.distance_m, 1)
        rows.append(Row(at=x, cells=(day_text(run.day), name_text(run.name), began, length), anchor=anchor_of(run.id)))
    return Table(headings=("Day", "name", "began", units.name), rows=tuple(rows), text_columns=2)


def _profiles(snapshot: Snapshot, store: Store) -> tuple[tuple[Profile, ...], str]:
    """The profiles of the newest runs with an elevation, each as wide as the run is long and at one height."""
    newest = sorted((run for run in snapshot.history.runs if run.has_track), key=lambda run: run.start, reverse=True)
    found: list[tuple[Run, list[tuple[float, float]]]] = []
    for run in newest[: 2 * _PROFILES]:
        series = run_series(store, snapshot.history, run, points=_PROFILE_POINTS)
        if series is None or series.at_m is None or series.altitude_m is None or len(found) == _PROFILES:
            continue
        found.append((run, list(zip(series.at_m, series.altitude_m, strict=True))))
    if not found:
        return (), ""
    tallest = max(max(y for _, y in points) - min(y for _, y in points) for _, points in found)
    longest = max(points[-1][0] for _, points in found)
    units = snapshot.units
    note = (
        f"The newest {snapshot.counted(len(found))} with an elevation, all at one scale: "
        f"{units.distance(longest, 1)} {units.name} wide, {units.height(tallest)} {units.height_unit} high."
    )
    return tuple(_profile(run, points, max(tallest, 20.0), longest, units) for run, points in found), note


def _profile(run: Run, points: Sequence[tuple[float, float]], tallest: float, longest: float, units: Units) -> Profile:
    lowest, end = min(y for _, y in points), 100 * points[-1][0] / longest
    drawn = "".join(f"L{100 * x / longest:.1f} {92 - 84 * (y - lowest) / tallest:.1f}" for x, y in points)
    climb = units.height(run.elevation_gain_m)
    return Profile(
        name=short_name(run.name, 30),
        day=day_text(run.day),
        climb=f"{climb} {units.height_unit}" if climb != UNKNOWN else "",
        link=run_link(run.id),
        area=f"M0 100{drawn}L{end:.1f} 100z",
    )
