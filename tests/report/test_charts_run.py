from math import nan

from paceport.report.charts_run import run_chart
from paceport.report.html_text import UNKNOWN
from paceport.training.history.series import RunSeries
from paceport.units import Units


def series(**changed: object) -> RunSeries:
    values: dict[str, object] = {
        "at_m": (0.0, 1000.0, 2000.0),
        "at_s": (0.0, 300.0, 610.0),
        "speed_mps": (3.0, 3.3, 3.2),
        "heartrate_bpm": (130.0, nan, 150.0),
        "altitude_m": (100.0, 120.0, 110.0),
        "cadence_spm": None,
    }
    return RunSeries(**(values | changed))  # type: ignore[arg-type]  # a test names fields


def test_each_channel_has_a_panel_and_a_column() -> None:
    chart = run_chart("one", series(), Units("km", unknown=UNKNOWN))

    assert chart is not None
    assert len(chart.panels) == 3
    assert chart.table.headings == ("km", "pace, min/km", "heart rate, bpm", "elevation, m")
    assert chart.table.rows[1].cells == ("1.00", "5:03", UNKNOWN, "120")


def test_a_missing_heart_rate_has_no_panel() -> None:
    for nothing in (None, (nan, nan, nan)):
        chart = run_chart("one", series(heartrate_bpm=nothing), Units("km"))

        assert chart is not None
        assert len(chart.panels) == 2
        assert not any("bpm" in heading for heading in chart.table.headings)


def test_only_what_is_drawn_is_defined() -> None:
    every = run_chart("one", series(), Units("km"))
    few = run_chart("one", series(heartrate_bpm=None, altitude_m=None), Units("km"))

    assert every is not None
    assert every.definitions == ("moving-time", "heart-rate", "elevation-gain")
    assert few is not None
    assert few.definitions == ("moving-time",)


def test_a_gap_breaks_the_line() -> None:
    chart = run_chart("one", series(), Units("km"))

    assert chart is not None
    assert chart.panels[1].marks[0].path.count("M") == 2


def test_a_treadmill_run_without_distance_is_drawn_over_time() -> None:
    chart = run_chart("one", series(at_m=None, speed_mps=None), Units("km"))

    assert chart is not None
    assert chart.table.headings[0] == "time"
    assert chart.table.rows[1].cells[0] == "5:00"


def test_a_run_of_no_length_or_of_nothing_known_has_no_chart() -> None:
    assert run_chart("one", series(at_m=(0.0, 0.0, 0.0)), Units("km")) is None
    assert run_chart("one", series(speed_mps=None, heartrate_bpm=None, altitude_m=None), Units("km")) is None


def test_heights_follow_the_unit() -> None:
    chart = run_chart("one", series(altitude_m=(304.8, 304.8, 304.8)), Units("mi"))

    assert chart is not None
    assert chart.table.rows[0].cells[-1] == "1,000"
