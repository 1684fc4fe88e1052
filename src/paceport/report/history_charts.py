"""The charts that stand on several pages: weeks, pace, records and zones of a history."""

from __future__ import annotations

from datetime import date, timedelta

from paceport.report.chart import Chart
from paceport.report.charts_pace import pace_chart
from paceport.report.charts_progress import record_chart, zones_chart
from paceport.report.charts_volume import Week, weeks_chart
from paceport.report.html_text import day_text
from paceport.training.history.form_series import FormSeries
from paceport.training.history.history import History
from paceport.training.history.progress import pace_trend, records
from paceport.training.history.sport_figures import speed_kind
from paceport.training.history.volume import by_week
from paceport.training.history.zone_times import zone_times
from paceport.training.metrics.span_names import span_name
from paceport.units import Units, duration_text


def first_day(history: History) -> date:
    """The day of the oldest run."""
    return min(run.day for run in history.runs)


def last_day(history: History) -> date:
    """The day of the newest run."""
    return max(run.day for run in history.runs)


def weeks_section(history: History, series: FormSeries, units: Units) -> Chart:
    """Distance week by week, with form below."""
    totals = by_week(history.runs, first=first_day(history), last=max(last_day(history), history.today))
    by_date = dict(zip(series.days, series.values, strict=True))
    last = series.days[-1] if series.days else None
    weeks = []
    for total in totals:
        sunday = total.key + timedelta(days=6)
        weeks.append(Week(total=total, form=by_date.get(min(sunday, last)) if last and last >= total.key else None))
    return weeks_chart(weeks, units, history.sports)


def pace_section(history: History, units: Units) -> Chart | None:
    """Pace of all runs with its trend; None where no run has one, or other sports are among them."""
    if speed_kind({run.sport for run in history.runs}) != "pace":
        return None
    trend = pace_trend(history.runs)
    return pace_chart(trend, first_day(history), last_day(history), units) if trend.points else None


def record_charts(history: History, units: Units) -> tuple[Chart, ...]:
    """How each record fell, shortest distance first."""
    runs, book = history.by_id(), records(history)
    first, last = first_day(history), max(last_day(history), history.today)
    return tuple(record_chart(span_m, progress, runs, first, last, units) for span_m, progress in book.progress.items())


def left_out_records(history: History) -> tuple[str, ...]:
    """What would have been a record and does not count, in sentences; the newest ten."""
    runs = history.by_id()
    return tuple(
        f"{span_name(one.attempt.span_m)} in {duration_text(one.attempt.elapsed_time_s)} on "
        f"{day_text(runs[one.attempt.run_id].day)}: {one.reason}."
        for one in records(history).excluded[-10:]
    )


def zones_section(history: History) -> Chart | None:
    """Time in heart rate zones over three periods; None without a heart rate."""
    parts = []
    for title, days in (("4 weeks", 28), ("12 months", 365), ("all", None)):
        since = None if days is None else history.today - timedelta(days=days - 1)
        runs = [run for run in history.runs if since is None or run.day >= since]
        parts.append((title, zone_times(history, runs)))
    return zones_chart(parts, history.sports) if sum(parts[-1][1].total_s) > 0 else None
