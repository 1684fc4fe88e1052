"""Logbooks as they should not be: every command answers, shows nothing hostile, and never makes up a number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from paceport.clock import ManualClock
from paceport.formats.stream_codec import encode_streams
from paceport.logbook.database.activity_record import ActivityRecord, EncodedTrack, ImportSource
from paceport.logbook.database.store import Store
from paceport.sandbox.athletes.population import Population
from paceport.streams import Streams
from sandbox_logbook import fill
from shell import Shell

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/bold] <b>&amp;\u202e" + "x" * 10_000
WORDS = (
    ("runs",),
    ("run", "last"),
    ("run", "last", "--table"),
    ("records",),
    ("records", "5k"),
    ("trends",),
    ("trends", "--all"),
    ("trends", "routes"),
    ("trends", "vo2max", "durability", "heat", "hills"),
    ("zones",),
    ("predict", "--models"),
    ("curve",),
)


def run(number: int, start: datetime, **more: object) -> ActivityRecord:
    values: dict[str, object] = {"source": "archive", "sport": "Run", "content": str(number), **more}
    return ActivityRecord(id=number, start=start, **values)  # type: ignore[arg-type]  # a test's shorthand


def straight(seconds: float, speed_mps: float, count: int = 400) -> EncodedTrack:
    time_s = np.linspace(0.0, seconds, count)
    return EncodedTrack(blocks=encode_streams(Streams(time_s=time_s, distance_m=time_s * speed_mps)))


ONE_RUN = [(run(1, NOON, distance_m=5000.0, moving_time_s=1500.0), EncodedTrack())]
NO_TIME = [(run(1, NOON, distance_m=5000.0, moving_time_s=0.0, elapsed_time_s=0.0), EncodedTrack())]
NOTHING_KNOWN = [(run(1, NOON), EncodedTrack())]
FAR = [(run(1, NOON, distance_m=300_000.0, samples=400), straight(86_000.0, 300_000 / 86_000))]
LONG_AGO = [(run(1, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), samples=400), straight(1500.0, 4.0))]
TO_COME = [(run(1, NOON + timedelta(days=4000), samples=400), straight(1500.0, 4.0))]
SAME_SECOND = [(run(number, NOON, samples=400), straight(1500.0, 4.0)) for number in (1, 2)]
TOO_FAST = [(run(1, NOON, samples=400), straight(600.0, 12.0))]
NAMED = [(run(1, NOON, name=HOSTILE, gear=HOSTILE, device_name=HOSTILE, samples=400), straight(1500.0, 4.0))]
STANDING = [(run(1, NOON, samples=400), straight(1500.0, 0.0))]
LOGBOOKS = {
    "one run": ONE_RUN,
    "a run of no time": NO_TIME,
    "a run of which nothing is known": NOTHING_KNOWN,
    "300 km in a day": FAR,
    "1970": LONG_AGO,
    "a run that is still to come": TO_COME,
    "two runs of one second": SAME_SECOND,
    "faster than anybody": TOO_FAST,
    "a name of 10,000 characters": NAMED,
    "standing all the time": STANDING,
}


@pytest.fixture(params=LOGBOOKS, ids=lambda name: name.replace(" ", "-"))
def odd(request: pytest.FixtureRequest, shell: Shell, home: Path, clock: ManualClock) -> Shell:
    """A shell with one of these logbooks."""
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        for record, parts in LOGBOOKS[request.param]:
            store.own.save(record, ImportSource(), parts)
    return shell


def test_every_command_answers(odd: Shell, request: pytest.FixtureRequest) -> None:
    is_to_come = request.node.callspec.params["odd"] == "a run that is still to come"
    for words in WORDS:
        for is_terminal in (True, False):
            ended = odd(*words, is_terminal=is_terminal, environ={"NO_COLOR": "1"})

            shown = ended.out + ended.err
            is_refused = is_to_come and "Every run in the logbook is dated in the future" in ended.err
            assert ended.code == int(is_refused), (words, ended.err)
            assert not is_refused or words[0] not in {"runs", "run"}
            assert "\x1b]0;" not in shown
            assert "\u202e" not in shown
            assert "nan" not in shown.split()
            assert max(map(len, shown.splitlines())) < 1000
        assert odd(*words, "--json").code == int(is_refused)


def test_what_is_faster_than_anybody_is_no_record_and_named(shell: Shell, home: Path, clock: ManualClock) -> None:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        store.own.save(TOO_FAST[0][0], ImportSource(), TOO_FAST[0][1])

    text = shell("records").out

    assert "faster than the world record" in text
    assert "No records" in text


def test_not_known_is_a_dash_and_never_zero(shell: Shell, home: Path, clock: ManualClock) -> None:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        store.own.save(NOTHING_KNOWN[0][0], ImportSource(), EncodedTrack())

    line = shell("runs").out.splitlines()[1].split()

    # Date, time and its zone, then seven figures, all unknown; id and name.
    assert line == ["2026-11-20", "12:00", "UTC", *["-"] * 7, "1", "-"]


def test_says_how_much_is_borrowed_and_until_when(
    shell: Shell, home: Path, clock: ManualClock, population: Population
) -> None:
    runs = [one for one in population.activities(population.people[1].id)[:12] if one.is_run]
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        fill(store, runs[:2])
        fill(store, runs[2:5], expires_at=clock.now() + timedelta(days=3))

    joined, own = shell("runs"), shell("runs", "--own-only")
    clock.advance(4 * 86_400)
    later = shell("runs")

    assert "3 of 5 runs come from Strava's API and expire on 2026-11-25 08:00 UTC" in joined.err
    assert "API" not in own.err
    assert len(own.out.splitlines()) == len(later.out.splitlines()) == 3


def test_own_only_of_a_borrowed_logbook_says_so(
    shell: Shell, home: Path, clock: ManualClock, population: Population
) -> None:
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        run_ = next(one for one in population.activities(population.people[1].id) if one.is_run)
        fill(store, [run_], expires_at=clock.now() + timedelta(days=3))

    ended = shell("records", "--own-only")

    assert ended.code == 1
    assert "--own-only" in ended.err


def test_the_settings_reach_the_numbers(shell: Shell, home: Path, clock: ManualClock, population: Population) -> None:
    runs = [one for one in population.activities(population.people[1].id)[:12] if one.is_run]
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        fill(store, runs)
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(
        f'units = "mi"\n[athlete]\nzones = [100, 120, 130]\nnot_records = [{runs[0].id}]\nsex = "female"\n'
    )

    zones, records = shell("zones"), shell("records", "--json")

    assert "100 to 120" in zones.out
    assert "your settings" in zones.err
    assert "min/mi" in shell("runs").out
    assert f'"run_id": {runs[0].id}' not in records.out.split('"excluded"')[0]


@pytest.mark.parametrize(
    "line",
    [
        'sex = "x"',
        "max_heartrate = 900",
        "zones = [150, 120]",
        "zones = 7",
        "rest_heartrate = true",
        "colour = 1",
        "not_records = [1.5]",
        "max_heartrate = 150\nrest_heartrate = 160",
    ],
)
def test_a_setting_that_cannot_be_is_named(shell: Shell, home: Path, line: str) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(f"[athlete]\n{line}\n")

    ended = shell("zones")

    assert ended.code == 2
    assert line.split(" =")[-2].split("\n")[-1] in ended.err
