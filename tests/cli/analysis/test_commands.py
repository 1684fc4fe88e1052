"""The analysis commands, as a person types them, over a computed logbook."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from shell import Ended, Shell

EVERY = (
    ("runs",),
    ("run", "last"),
    ("records",),
    ("records", "5k"),
    ("trends",),
    ("trends", "routes"),
    ("zones",),
    ("zones", "--months"),
    ("trends", "vo2max"),
    ("trends", "durability"),
    ("trends", "heat"),
    ("trends", "hills"),
    ("predict", "--models"),
    ("curve",),
    ("curve", "--adjusted"),
)


@pytest.fixture(scope="session")
def runs(population: Population) -> list[Activity]:
    newest = population.activities(population.people[1].id)[:60]
    return [one for one in newest if one.is_run]


def answer(ended: Ended) -> Any:  # noqa: ANN401  # JSON of many shapes
    assert ended.code == 0, ended.err
    return json.loads(ended.out)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_answers_on_a_terminal_and_in_a_pipe(analyst: Shell, words: tuple[str, ...]) -> None:
    on_terminal, in_pipe = analyst(*words, is_terminal=True), analyst(*words)

    assert (on_terminal.code, in_pipe.code) == (0, 0), on_terminal.err + in_pipe.err
    assert on_terminal.out.strip()
    assert "\x1b" not in in_pipe.out
    assert not any(0x2800 <= ord(char) <= 0x28FF for char in in_pipe.out), "a plot in a pipe"


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize("width", [20, 57, 160])
def test_no_line_leaves_the_terminal_but_sentences(analyst: Shell, words: tuple[str, ...], width: int) -> None:
    ended = analyst(*words, is_terminal=True, width=width, environ={"NO_COLOR": "1"})

    drawn = [line for line in ended.out.splitlines() if any(char in line for char in "⠤⣀█▁┤│")]
    assert ended.code == 0
    assert all(len(line) <= width for line in drawn)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_json_is_json_in_si_units(analyst: Shell, words: tuple[str, ...]) -> None:
    text = json.dumps(answer(analyst(*words, "--json")))

    assert "NaN" not in text
    assert '_km":' not in text.replace("splits_km", "").replace("eddington_km", "")


@pytest.mark.parametrize("width", [45, 58, 62, 66, 70, 90, 160])
def test_runs_explains_the_columns_that_are_there_and_no_others(analyst: Shell, width: int) -> None:
    ended = analyst("runs", "--limit", "9", is_terminal=True, width=width, environ={"NO_COLOR": "1"})

    table = ended.out.partition("left out")[0]
    for heading in ("GAP", "Load"):
        assert (f"{heading}:" in ended.err) == (heading in table), (heading, ended.out)


def test_where_no_run_fits_runs_says_so_and_explains_no_column(analyst: Shell) -> None:
    ended = analyst("runs", "--name", "no such name")

    assert ended.out == "No run fits.\n"
    assert "Load" not in ended.err
    assert "moving" not in ended.err


def test_runs_lists_every_run_newest_first(analyst: Shell, runs: list[Activity]) -> None:
    listed = answer(analyst("runs", "--json"))

    assert [one["id"] for one in listed] == [one.id for one in sorted(runs, key=lambda run: run.start, reverse=True)]


@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        (("--after", "2026-09-01"), lambda run: run["local_start"] >= "2026-09-01"),
        (("--before", "2026-09-01"), lambda run: run["local_start"] < "2026-09-01"),
        (("--min-distance", "10k"), lambda run: (run["distance_m"] or 0) >= 10_000),
        (("--max-distance", "5 miles"), lambda run: (run["distance_m"] or 1e9) <= 5 * 1609.344),
        (("--faster-than", "6:20"), lambda run: (run["speed_mps"] or 0) >= 1000 / 380),
        (("--slower-than", "6:20"), lambda run: (run["speed_mps"] or 1e9) <= 1000 / 380),
        (("--name", "MORNING"), lambda run: "morning" in run["name"].lower()),
        (("--gear", "G12"), lambda run: "g12" in run["gear"]),
        (("--race",), lambda run: run["is_race"]),
    ],
)
def test_each_filter_keeps_what_it_says(analyst: Shell, words: tuple[str, ...], keeps: Any) -> None:  # noqa: ANN401  # a question about JSON
    every, kept = answer(analyst("runs", "--json")), answer(analyst("runs", "--json", "--units", "km", *words))

    assert kept == [run for run in every if keeps(run)]
    assert words[0] in ("--race", "--gear") or 0 < len(kept) < len(every)


def test_a_pace_is_asked_for_in_the_unit_in_force(analyst: Shell) -> None:
    in_km = answer(analyst("runs", "--json", "--faster-than", "6:00", "--units", "km"))
    in_miles = answer(analyst("runs", "--json", "--faster-than", "9:39", "--units", "mi"))

    assert [run["id"] for run in in_km] == [run["id"] for run in in_miles]


@pytest.mark.parametrize("sort", ["distance", "pace", "climb", "load"])
def test_sorting_puts_the_largest_first_and_the_unknown_last(analyst: Shell, sort: str) -> None:
    field = {"distance": "distance_m", "pace": "speed_mps", "climb": "elevation_gain_m", "load": "load"}[sort]
    values = [run[field] for run in answer(analyst("runs", "--json", "--sort", sort))]
    known = [value for value in values if value is not None]

    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known


def test_csv_holds_the_same_runs(analyst: Shell) -> None:
    rows = list(csv.DictReader(io.StringIO(analyst("runs", "--csv").out)))

    assert [int(row["id"]) for row in rows] == [run["id"] for run in answer(analyst("runs", "--json"))]


def test_miles_change_words_and_not_the_json(analyst: Shell) -> None:
    km, miles = analyst("run", "last", "--units", "km"), analyst("run", "last", "--units", "mi")

    assert "min/km" in km.out
    assert "min/mi" in miles.out
    assert "min/km" not in miles.out
    assert answer(analyst("run", "last", "--json", "--units", "mi")) == answer(analyst("run", "last", "--json"))


def test_the_splits_of_a_run_add_up_to_it(analyst: Shell) -> None:
    run = answer(analyst("run", "last", "--json"))

    for name in ("splits_km", "splits_mile"):
        assert sum(one["distance_m"] for one in run[name]) == pytest.approx(run["distance_m"], rel=0.005)
        assert sum(one["moving_time_s"] for one in run[name]) == pytest.approx(run["moving_time_s"], rel=0.01)


def test_weeks_months_and_years_come_to_the_same_sum(analyst: Shell) -> None:
    runs = answer(analyst("runs", "--json"))
    trends = answer(analyst("trends", "--all", "--json"))
    whole = sum(run["distance_m"] or 0 for run in runs)

    for period in ("weeks", "months", "years"):
        assert sum(one["distance_m"] or 0 for one in trends[period]) == pytest.approx(whole)
        assert sum(one["runs"] for one in trends[period]) == len(runs)


def test_records_never_get_worse(analyst: Shell) -> None:
    records = answer(analyst("records", "--json"))["records"]

    assert len(records) > 5
    for one in records:
        times = [step["elapsed_time_s"] for step in one["progress"]]
        moments = [step["local_start"] for step in one["progress"]]
        assert times == sorted(set(times), reverse=True)
        assert moments == sorted(moments)


def test_zones_add_up_to_the_moving_time_with_a_heart_rate(analyst: Shell) -> None:
    zones = answer(analyst("zones", "--json"))

    assert sum(zones["total_s"]) == pytest.approx(sum(sum(month) for _, month in zones["months"]))
    assert len(zones["total_s"]) == len(zones["edges_bpm"]) + 1
    assert 0 < zones["known_runs"] <= zones["runs"]


@pytest.mark.parametrize("words", [("trends", "volume"), ("trends", "form"), ("trends", "pace"), ("run", "last")])
def test_every_plot_has_a_table_twin(analyst: Shell, words: tuple[str, ...]) -> None:
    plotted = analyst(*words, is_terminal=True, environ={"NO_COLOR": "1"})
    tabled = analyst(*words, "--table", is_terminal=True, environ={"NO_COLOR": "1"})

    marks = "⠤⣀⠒⠉┤│"
    assert any(mark in plotted.out for mark in marks)
    assert not any(mark in tabled.out for mark in marks)
    assert len(tabled.out.splitlines()) > 10


def test_numbers_name_their_definition(analyst: Shell) -> None:
    assert "TSB: fitness minus fatigue of the day before" in analyst("trends", "form").out
    assert "Banister's TRIMP" in analyst("trends", "form").out
    assert "Strava's model" in analyst("run", "last").out
    assert "Minetti's" in analyst("run", "last").out


@pytest.mark.parametrize("distance", ["10k", "half", "8 km"])
def test_predict_takes_any_distance(analyst: Shell, distance: str) -> None:
    found = answer(analyst("predict", distance, "--json"))

    (one,) = found["recommended"]
    assert one["low_s"] <= one["time_s"] <= one["high_s"]
    assert {each["model"] for each in found["model_times"]} >= {"riegel", "vdot"}


@pytest.mark.parametrize(
    "words",
    [
        ("run", "12"),
        ("run", "--", "-12"),
        ("run", "x" * 5000),
        ("records", "7k"),
        ("predict", "far"),
        ("runs", "--faster-than", "fast"),
        ("runs", "--min-distance", "long"),
        ("explain-metric", "happiness"),
    ],
    ids=lambda words: " ".join(words)[:30],
)
def test_what_cannot_be_is_a_usage_error_with_a_repair(analyst: Shell, words: tuple[str, ...]) -> None:
    ended = analyst(*words)

    assert ended.code == 2
    assert "Fix: " in ended.err
    assert len(ended.err) < 1000


@pytest.mark.parametrize("name", ["form", "gap", "Grade adjusted pace", "TSB", "load"])
def test_explain_metric_says_formula_and_source(analyst: Shell, name: str) -> None:
    text = analyst("explain-metric", name).out

    assert "Formula: " in text
    assert "Source: " in text


def test_explain_metric_lists_all_without_a_name(analyst: Shell) -> None:
    from paceport.training.metrics.definitions import metrics

    listed = analyst("explain-metric").out

    assert all(metric.name in listed for metric in metrics())


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_an_empty_logbook_says_how_to_fill_it(shell: Shell, home: Path, words: tuple[str, ...]) -> None:
    ended = shell(*words)

    assert ended.code == 1
    assert "paceport import" in ended.err
    assert not (home / "data").exists()
