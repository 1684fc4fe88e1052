"""Charts of how much was run: year against year, week by week with form, and the calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from paceport.lazy_dataclass import dataclass
from paceport.report.chart import Chart, Panel, PanelPath, Row, Scale, Table, bars, line, round_steps
from paceport.report.date_axis import time_labels
from paceport.report.html_text import counted, day_text, hours, whole_number, with_article
from paceport.sports import RUN_SPORTS
from paceport.training.history.sport_figures import noun
from paceport.training.history.volume import YearBesideLast
from paceport.training.metrics.fitness_and_form import Form
from paceport.training.metrics.totals import Total, week_of
from paceport.units import Units

_LEVELS = 5
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A calendar week: its sums, named by its Monday, and the form at its end (None: not known)."""

    total: Total[date]
    form: Form | None


_LEAP_YEAR = date(2024, 1, 1)


def years_chart(years: YearBesideLast, today: date, units: Units) -> Chart:
    """This year's distance as it grew, against last year's."""
    high_m = max(years.this[-1], years.last[-1], units.unit_m)
    scale = Scale(low=0.0, high=high_m * 1.04)
    now, before = units.distance(years.this[-1], 1), units.distance(years.last_so_far_m, 1)
    grown = [
        line((float(at), scale(value)) for at, value in _by_date(year, values))
        for year, values in ((years.year - 1, years.last), (years.year, years.this))
    ]
    return Chart(
        name="years",
        title=f"{years.year} against {years.year - 1}",
        summary=f"By {day_text(today)}: {now} {units.name}. On the same day a year before: {before} {units.name}.",
        kind="plain",
        first=0.0,
        last=365.0,
        labels=tuple((round(100 * _day_of_year(month) / 365, 2), _MONTHS[month - 1]) for month in range(1, 13, 2)),
        panels=(
            Panel(
                height_px=240,
                label=units.name,
                ticks=_lengths(scale, high_m, units),
                marks=(
                    *((PanelPath("line thin fourth", grown[0]),) if years.last[-1] else ()),
                    PanelPath("line distance", grown[1]),
                ),
            ),
        ),
        table=Table(
            headings=("Until", f"{years.year}, {units.name}", f"{years.year - 1}, {units.name}"),
            rows=tuple(_year_rows(years, units)),
        ),
        legend=(
            ("distance line", str(years.year)),
            *((("fourth", str(years.year - 1)),) if years.last[-1] else ()),
        ),
        definitions=("totals",),
    )


def _year_rows(years: YearBesideLast, units: Units) -> Iterator[Row]:
    """A row a week, one for today and one for the end of the year, each for one day of the calendar in both years."""
    this, last = dict(_by_date(years.year, years.this)), dict(_by_date(years.year - 1, years.last))
    for at in sorted({*range(6, 364, 7), max(this), 365}):
        day = _LEAP_YEAR + timedelta(days=at)
        mine = "" if at > max(this) else units.distance(this.get(at, this.get(at - 1, 0.0)), 1)
        before = units.distance(last.get(at, last.get(at - 1, 0.0)), 1)
        yield Row(at=float(at), cells=(f"{day.day} {_MONTHS[day.month - 1]}", mine, before))


def _by_date(year: int, values: Sequence[float]) -> Iterator[tuple[int, float]]:
    """Values of the days of a year, each at its place in a leap year, so that one date has one place in every year."""
    for number, value in enumerate(values):
        day = date(year, 1, 1) + timedelta(days=number)
        yield (day.replace(year=_LEAP_YEAR.year) - _LEAP_YEAR).days, value


def _day_of_year(month: int) -> int:
    return (date(_LEAP_YEAR.year, month, 1) - _LEAP_YEAR).days


def _lengths(scale: Scale, high_m: float, units: Units, most: int = 4) -> tuple[tuple[float, str], ...]:
    steps = round_steps(0.0, high_m / units.unit_m, most)
    return tuple((scale(step * units.unit_m), f"{step:,g}") for step in steps)


def weeks_chart(weeks: Sequence[Week], units: Units, sports: Collection[str] | None = RUN_SPORTS) -> Chart:
    """Distance week by week, and below it fitness, fatigue and form. `weeks` follow each other without a gap.

    They are of these sports; None stands for all.
    """
    origin, end = weeks[0].total.key, weeks[-1].total.key + timedelta(days=7)
    lengths_m = [week.total.distance_m or 0.0 for week in weeks]
    high_m = max(*lengths_m, units.unit_m)
    scale = Scale(low=0.0, high=high_m * 1.04)
    tops = ((7.0 * number + 0.5, scale(length_m)) for number, length_m in enumerate(lengths_m))
    volume = Panel(
        label=units.name, ticks=_lengths(scale, high_m, units, 3), marks=(PanelPath("bar distance", bars(tops, 6.0)),)
    )
    has_form = any(week.form is not None for week in weeks)
    ran = sum(week.total.runs > 0 for week in weeks)
    mean_m = sum(lengths_m) / len(weeks)
    return Chart(
        name="weeks",
        title="Week by week",
        summary=f"{ran:,} of {len(weeks):,} weeks with {with_article(noun(sports, 1))}. "
        f"{units.distance(mean_m, 1)} {units.name} in the average week, {units.distance(high_m, 1)} {units.name} "
        "in the longest.",
        kind="time",
        origin=origin.isoformat(),
        first=0.0,
        last=7.0 * len(weeks),
        labels=time_labels(origin, end),
        panels=(volume, _form_panel(weeks)) if has_form else (volume,),
        table=_weeks_table(weeks, units, noun(sports), has_form=has_form),
        legend=(("distance", "distance"), *(_FORM_LEGEND if has_form else ())),
        definitions=("totals", *(("fitness", "fatigue", "form", "trimp") if has_form else ())),
    )


_FORM_LEGEND = (("second", "fitness"), ("third", "fatigue"), ("fourth", "form"))


def _form_panel(weeks: Sequence[Week]) -> Panel:
    known = [week.form for week in weeks if week.form is not None]
    values = [value for form in known for value in (form.fitness, form.fatigue, form.form)]
    low, high = min(0.0, *values), max(1.0, *values)
    scale = Scale(low=low - 0.04 * (high - low), high=high + 0.04 * (high - low))
    places = [(7.0 * number + 6.5, week.form) for number, week in enumerate(weeks)]

    def drawn(name: str) -> str:
        return line((x, None if form is None else scale(getattr(form, name))) for x, form in places)

    return Panel(
        label="load a day",
        ticks=scale.ticks(round_steps(low, high, 3), whole_number),
        marks=(
            PanelPath("zero", f"M0 {scale(0.0):g}H{7 * len(weeks)}"),
            PanelPath("line thin fourth", drawn("form")),
            PanelPath("line thin third", drawn("fatigue")),
            PanelPath("line second", drawn("fitness")),
        ),
    )


def _weeks_table(weeks: Sequence[Week], units: Units, several: str, *, has_form: bool) -> Table:
    rows = []
    for number, week in enumerate(weeks):
        total, form = week.total, week.form
        cells = [
            day_text(total.key),
            units.distance(total.distance_m, 1),
            str(total.runs),
            hours(total.moving_time_s),
            units.height(total.elevation_gain_m),
        ]
        if has_form:
            values = (None, None, None) if form is None else (form.fitness, form.fatigue, form.form)
            cells += [whole_number(value) for value in (total.load, *values)]
        sums = ((total.distance_m or 0.0) / units.unit_m, total.runs, total.moving_time_s or 0.0)
        rows.append(Row(at=7.0 * number + 3.5, cells=tuple(cells), sums=tuple(round(value, 2) for value in sums)))
    headings = ["Week of", units.name, several, "time, h", f"climb, {units.height_unit}"]
    if has_form:
        headings += ["load", "fitness", "fatigue", "form"]
    return Table(headings=tuple(headings), rows=tuple(rows))


def calendar_charts(
    days: Sequence[Total[date]], units: Units, sports: Collection[str] | None = RUN_SPORTS
) -> tuple[Chart, ...]:
    """One map of days for each year with a run, newest first.

    The activities are of these sports, None for all. The five colours part the days with a run into fifths by their
    distance, over all years.
    """
    by_day = {total.key: total for total in days}
    lengths = sorted(total.distance_m or 0.0 for total in days)
    edges = [lengths[len(lengths) * number // _LEVELS] for number in range(1, _LEVELS)] if lengths else []
    years = sorted({day.year for day in by_day}, reverse=True)
    return tuple(_year_map(year, by_day, edges, units, sports) for year in years)


def _year_map(
    year: int,
    by_day: Mapping[date, Total[date]],
    edges: Sequence[float],
    units: Units,
    sports: Collection[str] | None,
) -> Chart:
    start, end = week_of(date(year, 1, 1)), date(year, 12, 31)
    columns = (end - start).days // 7 + 1
    boxes: dict[int, list[str]] = {level: [] for level in range(_LEVELS + 1)}
    rows = []
    for offset in range((date(year, 1, 1) - start).days, (end - start).days + 1):
        total = by_day.get(start + timedelta(days=offset))
        length_m = (total.distance_m or 0.0) if total else 0.0
        level = 1 + sum(length_m >= edge for edge in edges) if total else 0
        boxes[level].append(f"M{offset // 7 * 10 + 1} {offset % 7 * 10 + 1}h8v8h-8z")
        if total:
            cells = (day_text(total.key), str(total.runs), units.distance(total.distance_m, 1))
            rows.append(Row(at=float(offset), cells=cells, anchor=f"day-{total.key}"))
    of_year = [total for day, total in by_day.items() if day.year == year]
    length_m, runs = sum(total.distance_m or 0.0 for total in of_year), sum(total.runs for total in of_year)
    starts = ((date(year, month, 1) - start).days // 7 for month in range(1, 13))
    return Chart(
        name=f"calendar-{year}",
        title=str(year),
        summary=f"{runs:,} {noun(sports, runs)} on {counted(len(rows), 'day')}, "
        f"{units.distance(length_m, 0)} {units.name}.",
        kind="calendar",
        first=0.0,
        last=10.0 * columns,
        labels=tuple((round(100 * place / columns, 2), _MONTHS[number]) for number, place in enumerate(starts)),
        panels=(
            Panel(marks=tuple(PanelPath(f"level{level}", "".join(paths)) for level, paths in boxes.items() if paths)),
        ),
        table=Table(headings=("Day", noun(sports), units.name), rows=tuple(rows)),
    )
