"""`records`: the ten best, a season, what is doubted, and what a person decides."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from paceport.cli.analysis.record_tables import standard_distance_m
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource, ResultRecord
from paceport.logbook.database.store import Store
from paceport.parse_quantities import parse_race_distance_m
from paceport.training.history.up_to_date import STORED_RESULTS_VERSION
from paceport.training.metrics.race_prediction import riegel_s
from paceport.training.metrics.span_names import SPAN_NAMES
from shell import Shell

FIRST = datetime(2025, 6, 1, 7, tzinfo=UTC)
RIDE = 99


@pytest.fixture
def runner(shell: Shell, home: Path) -> Shell:
    """A logbook of fourteen runs, each faster than the one before, over two years, and of one ride called a run."""
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=shell.clock) as store:
        for number in range(1, 15):
            save(store, number, 1700.0 - number, FIRST + timedelta(days=20 * number))
        save(store, RIDE, 800.0, FIRST + timedelta(days=300))
    return shell


def save(store: Store, number: int, five_km_s: float, start: datetime) -> None:
    record = ActivityRecord(
        id=number, source="archive", sport="Run", start=start, content="c", samples=9, name=f"Run {number}",
        distance_m=8300.0, elapsed_time_s=2900.0, moving_time_s=2900.0, timezone="UTC", zone_source="setting",
    )  # fmt: skip
    store.own.save(record, ImportSource(), EncodedTrack())
    efforts = tuple((span_m, riegel_s(5000.0, five_km_s, span_m), 1.0) for span_m in (1000.0, 5000.0))
    store.save_results(
        [ResultRecord(activity_id=number, version=STORED_RESULTS_VERSION, content="c", figures={}, efforts=efforts)]
    )


def best(shell: Shell, *words: str) -> list[int]:
    """The runs with the best 5 km, in order."""
    (record,) = json.loads(shell("records", "5k", "--json", *words).out)["records"]
    return [one["run_id"] for one in record["best"]]


def test_the_ten_best_of_a_distance_are_ten_runs(runner: Shell) -> None:
    assert best(runner) == list(range(14, 4, -1))
    assert best(runner, "--best", "3") == [14, 13, 12]


def test_a_year_has_records_of_its_own_with_their_place_among_all(runner: Shell) -> None:
    assert best(runner, "--year", "2025") == list(range(10, 0, -1))

    text = runner("records", "5k", "--season", "2025", "--best", "1").out
    assert "5 km in 2025" in text
    assert [line.split()[:3] for line in text.splitlines() if line.endswith("Run 10")][-1] == ["1", "5", "28:10"]


def test_what_is_doubted_is_shown_with_its_reason_and_does_not_count(runner: Shell) -> None:
    text = runner("records").out

    standing, _, excluded = text.partition("Faster than the record at that time, but not counted")
    assert "Run 99" not in standing
    assert str(RIDE) in excluded
    assert "your other runs make possible" in " ".join(excluded.split())


def test_confirm_reject_and_undo_change_what_counts(runner: Shell) -> None:
    confirmed = runner("records", "--confirm", str(RIDE))
    assert (confirmed.code, best(runner)[0]) == (0, RIDE)
    assert f"run {RIDE} is confirmed" in confirmed.err

    assert runner("records", "--reject", str(RIDE)).code == 0
    assert best(runner)[0] == 14
    (word,) = json.loads(runner("records", "--json").out)["decided"]
    assert (word["run_id"], word["is_confirmed"]) == (RIDE, False)

    assert runner("records", "--undo", str(RIDE)).code == 0
    assert json.loads(runner("records", "--json").out)["decided"] == []
    assert runner("records", "--undo", str(RIDE)).code == 2


def test_last_is_the_newest_run(runner: Shell) -> None:
    assert runner("records", "--reject", "last").code == 0

    # The newest run is the ride.
    assert json.loads(runner("records", "--json").out)["decided"][0]["run_id"] == RIDE


@pytest.mark.parametrize(
    "words", [("--confirm", "12345"), ("--confirm", "1", "--reject", "2"), ("--best", "0"), ("--year", "26")]
)
def test_what_cannot_be_meant_is_refused(runner: Shell, words: tuple[str, ...]) -> None:
    assert runner("records", *words).code == 2


def test_every_distance_with_its_best(runner: Shell) -> None:
    standing = runner("records", "--best", "2").out.partition("Faster than")[0]

    rows = [row for row in standing.splitlines() if row.startswith(("1 km", "5 km"))]
    assert [row.split()[-1] for row in rows] == ["14", "13", "14", "13"]


def test_a_run_of_the_cache_cannot_be_decided_on(runner: Shell, home: Path) -> None:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=runner.clock) as store:
        record = ActivityRecord(id=7000, source="api", sport="Run", start=FIRST, content="c", name="Cached")
        store.cached.save(record, expires_at=runner.clock.now() + timedelta(days=6))

    ended = runner("records", "--confirm", "7000")

    assert (ended.code, "not in your own data" in ended.err) == (2, True)


def test_the_line_that_shows_more_works_whatever_was_run(runner: Shell) -> None:
    told = runner("records", "--year", "2025").err

    assert "paceport records 5k --year 2025" in told
    assert runner("records", "5k", "--year", "2025").out.startswith("5 km in 2025")


@pytest.mark.parametrize("span_m", list(SPAN_NAMES))
def test_the_nearest_distance_is_named_as_the_command_takes_it(runner: Shell, span_m: float) -> None:
    fix = runner("records", f"{span_m * 1.02 / 1000:.4f}km").err.split("Fix: paceport records ")[1].strip()

    assert standard_distance_m(parse_race_distance_m(fix)) == span_m


def test_a_year_counts_its_own_runs_alone_and_says_where_it_has_none(runner: Shell) -> None:
    assert json.loads(runner("records", "--json", "--year", "2026").out)["coverage"]["runs"] == 5

    for words in (("--year", "2020"), ("5k", "--year", "2020")):
        text = runner("records", *words).out
        assert "there is no run of 2020; the first is of 2025, the last of 2026" in text
        assert "0 of 0 runs" in text


def test_what_is_rejected_or_only_cached_is_not_offered_to_be_confirmed(runner: Shell, home: Path) -> None:
    assert f"--confirm {RIDE}" in runner("records").err
    runner("records", "--reject", str(RIDE))
    assert "--confirm" not in runner("records").err
    assert f"records --undo {RIDE}" in runner("run", str(RIDE)).err

    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=runner.clock) as store:
        record = ActivityRecord(id=7000, source="api", sport="Run", start=FIRST, content="c", name="Cached", samples=9)
        store.cached.save(record, expires_at=runner.clock.now() + timedelta(days=6))
        efforts = ((5000.0, 800.0, 1.0),)
        doubted = {"doubt": "it moves like a ride", "efforts": efforts, "version": STORED_RESULTS_VERSION}
        store.save_results([ResultRecord(activity_id=7000, content="c", figures={}, **doubted)])  # type: ignore[arg-type]  # its fields
    assert "cannot be confirmed" in " ".join(runner("records").err.split())
    assert "--confirm" not in runner("run", "7000").err


def test_a_run_shows_the_time_that_has_the_place(runner: Shell, home: Path) -> None:
    slow, fast = ({"elapsed_time_s": each_s, "start_s": 1.0, "end_s": 1.0 + each_s} for each_s in (1400.0, 1200.0))
    figures = {
        "best_efforts": [slow | {"span_m": 5000.0, "start_m": 3.0}],
        "doubtful_efforts": [{"effort": fast | {"span_m": 5000.0, "start_m": 2000.0}, "doubt": "in a vehicle"}],
    }
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=runner.clock) as store:
        rows = {"efforts": ((5000.0, 1400.0, 1.0),), "doubtful_efforts": ((5000.0, 1200.0, 1.0, "in a vehicle"),)}
        record = ResultRecord(
            activity_id=14,
            content="c",
            version=STORED_RESULTS_VERSION,
            figures=figures,
            **rows,  # type: ignore[arg-type]  # its fields
        )
        store.save_results([record])

    def shown() -> list[str]:
        return next(line for line in runner("run", "14").out.splitlines() if line.startswith("5 km")).split()

    assert shown()[2] == "23:20"
    runner("records", "--confirm", "14")
    assert shown()[2] == "20:00"


def test_a_place_beyond_the_hundredth_is_named_too(analyst: Shell, home: Path) -> None:
    newest = json.loads(analyst("runs", "--limit", "1", "--json").out)[0]["id"]
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=analyst.clock) as store:
        for number in range(1, 113):
            save(store, number, 1000.0 + number, FIRST + timedelta(days=number))

    ended = analyst("run", str(newest))

    assert ended.code == 0, ended.err
    place = r"1\d\d(st|nd|rd|th) of all, \d+(st|nd|rd|th) of 2026"
    assert re.search(rf"^1 km .* {place}$", ended.out, re.MULTILINE), ended.out
