import re
from datetime import UTC, date, datetime, timedelta

from paceport.report.charts_progress import record_chart, shoes_chart, zones_chart
from paceport.report.html_text import UNKNOWN
from paceport.training.history.zone_times import ZoneTimes
from paceport.training.metrics.personal_records import Attempt, personal_records
from paceport.training.metrics.totals import Total
from paceport.units import Units

KM = Units("km", unknown=UNKNOWN)


def zone_times(*total_s: float) -> ZoneTimes:
    return ZoneTimes(
        edges_bpm=(120.0, 140.0, 160.0, 175.0), known_by="test", total_s=total_s, months=(), runs=2, known_runs=1
    )


def test_the_shares_of_a_period_fill_its_bar() -> None:
    chart = zones_chart([("all", zone_times(100, 200, 300, 400, 0))])

    widths = [float(re.findall(r"h([\d.]+)v", mark.path)[0]) for mark in chart.panels[0].marks]

    begins = [float(re.findall(r"M([\d.]+) ", mark.path)[0]) for mark in chart.panels[0].marks]

    assert widths == [10, 20, 30, 40, 0]
    assert begins == [0, 10, 30, 60, 100]
    assert [row.cells[3] for row in chart.table.rows] == ["10 %", "20 %", "30 %", "40 %", "0 %"]
    assert "30 % in zones 1 and 2, from 1 of 2 runs" in chart.summary


def test_a_period_without_heart_rate_is_left_out() -> None:
    chart = zones_chart([("4 weeks", zone_times()), ("all", zone_times(1, 1, 1, 1, 1))])

    assert {row.cells[0] for row in chart.table.rows} == {"all"}


def test_zones_touch_but_do_not_overlap() -> None:
    chart = zones_chart([("all", zone_times(1, 1, 1, 1, 1))])

    assert [text for _, text in chart.legend] == [
        "Zone 1, up to 119 bpm", "Zone 2, 120 to 139 bpm", "Zone 3, 140 to 159 bpm", "Zone 4, 160 to 174 bpm",
        "Zone 5, from 175 bpm",
    ]  # fmt: skip


def test_a_record_falls_in_steps_and_the_last_one_stands() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    times = [(1, 1500.0), (20, 1450.0), (40, 1475.0), (90, 1400.0)]
    attempts = [
        Attempt(run_id=day, at=first + timedelta(days=day), span_m=5000.0, elapsed_time_s=time_s)
        for day, time_s in times
    ]
    records = personal_records(attempts).progress[5000.0]

    chart = record_chart(5000.0, records, {}, date(2026, 1, 1), date(2026, 6, 1), KM)

    heights = [float(piece) for piece in re.findall(r"V([\d.]+)", chart.panels[0].marks[0].path)]
    assert chart.summary == "23:20, 4:40 min/km, on 1 Apr 2026"
    assert [row.cells[2] for row in chart.table.rows] == ["25:00", "24:10", "23:20"]
    assert [row.cells[4] for row in chart.table.rows] == [UNKNOWN, "0:50", "0:50"]
    assert heights == sorted(heights, reverse=True)
    assert chart.title == "5 km"


def test_the_farthest_pair_has_the_longest_bar() -> None:
    def pair(name: str, distance_m: float | None) -> tuple[Total[str], date, date]:
        total = Total(key=name, runs=3, distance_m=distance_m, moving_time_s=None, elevation_gain_m=None, load=None)
        return total, date(2026, 1, 1), date(2026, 2, 1)

    chart = shoes_chart([pair("Blue", 500e3), pair("Red", 250e3), pair("New", None)], KM)

    widths = [float(re.findall(r"h([\d.]+)v", mark.path)[0]) for mark in chart.panels[0].marks]
    assert widths == [100, 50, 0]
    assert chart.table.rows[2].cells[1] == UNKNOWN
