"""Runs and activities as values: complete, one line away from a data frame, safe and short to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import duckdb
import msgspec
import pandas
import polars
import pytest

from conftest import ROOT
from paceport.api import models
from paceport.api.models.activity import SummaryActivity
from paceport.api.models.decoding import ApiStruct
from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.profile.listing import Listing
from paceport.profile.profile import Profile
from paceport.profile.settings import Settings
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.training.history.run import Run
from sandbox_logbook import fill
from stored import stored_login


@pytest.fixture
def me(server: Address, world: World, clock: ManualClock, home: Path) -> Iterator[Profile]:
    """A login of the first athlete, and a logbook with nothing in it."""
    environ = {"PACEPORT_HOME": str(home), "PACEPORT_OAUTH_URL": server.url, "PACEPORT_API_URL": server.api_url}
    with Profile(settings=Settings.from_environment(environ), clock=clock) as profile:
        stored_login(profile, world)
        yield profile


@pytest.fixture
def runner(me: Profile, population: Population) -> Profile:
    """The same with thirty activities in the logbook, nothing computed yet."""
    with me.logbook() as store:
        fill(store, population.activities(population.people[1].id)[:30])
    return me


def test_runs_are_computed_on_the_way_and_come_newest_first(runner: Profile) -> None:
    runs = runner.runs()

    assert len(runs) > 10
    assert [run.start for run in runs] == sorted((run.start for run in runs), reverse=True)
    assert any(run.load for run in runs)
    assert any(run.polyline for run in runs)


def test_a_bound_is_a_day_where_the_run_was_or_a_moment(runner: Profile) -> None:
    runs = runner.runs()
    middle = runs[len(runs) // 2]

    by_text, by_day = runner.runs(after=str(middle.day)), runner.runs(after=middle.day)
    by_moment = runner.runs(before=middle.start)

    assert by_text.to_dicts() == by_day.to_dicts()
    assert {run.id for run in by_day} == {run.id for run in runs if run.day >= middle.day}
    assert {run.id for run in by_moment} == {run.id for run in runs if run.start < middle.start}
    with pytest.raises(UsageError, match="is no date"):
        runner.runs(after="2026-13-01")
    with pytest.raises(UsageError, match="time zone"):
        runner.runs(after=datetime(2026, 1, 1))  # the mistake that is refused


def test_an_empty_home_has_no_runs_and_none_is_made(me: Profile) -> None:
    assert len(me.runs()) == 0
    assert not me.data.exists()
    assert repr(me.runs()) == "<0 runs>"


def test_own_runs_alone_leave_out_the_api(runner: Profile, population: Population, clock: ManualClock) -> None:
    own = runner.runs()
    with runner.logbook() as store:
        cached = population.activities(population.people[1].id)[30:40]
        fill(store, cached, expires_at=clock.now() + timedelta(days=3))

    assert len(runner.runs()) > len(own)
    assert {run.id for run in runner.runs(own_only=True)} == {run.id for run in own}


def test_activities_are_read_in_as_few_requests_as_their_number_needs(me: Profile, world: World) -> None:
    newest = me.activities(limit=3)

    assert len(newest) == 3
    assert isinstance(newest[0], SummaryActivity)
    assert world.requests.total() == 1


def test_runs_become_frames_of_three_libraries_with_types(runner: Profile) -> None:
    runs = runner.runs()

    in_pandas = pandas.DataFrame(runs.to_dicts())
    in_polars = polars.DataFrame(runs.to_dicts(), infer_schema_length=None)
    rows = import_module("pyarrow").Table.from_pylist(runs.to_dicts())

    assert in_pandas["distance_m"].sum() == pytest.approx(in_polars["distance_m"].sum())
    assert str(in_pandas["start"].dt.tz) == "UTC"
    assert in_polars.schema["local_start"] == polars.Datetime("us")
    assert duckdb.execute("SELECT count(*), max(local_start) FROM rows").fetchall() == [
        (len(rows), runs[0].local_start)
    ]
    assert len(rows) == len(runs)


def test_activities_become_frames_too(me: Profile) -> None:
    values = me.activities(limit=10).to_dicts()

    assert len(pandas.DataFrame(values)) == len(polars.DataFrame(values, infer_schema_length=None)) == 10
    assert import_module("pyarrow").Table.from_pylist(values).num_rows == 10


def activity(number: int, name: str = "x") -> SummaryActivity:
    return SummaryActivity(id=number, name=name, start_utc=datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=number))


def listing(count: int, name: str = "x") -> Listing[SummaryActivity]:
    return Listing((activity(at, name) for at in range(count)), noun="activities", columns=("id", "name"))


def test_a_notebook_shows_the_first_twenty_and_how_many_more(runner: Profile) -> None:
    shown = listing(1589)._repr_html_()

    assert shown.count("<tr>") == 1 + 20 + 1
    assert "… 1,569 more" in shown
    assert "more" not in listing(20)._repr_html_()
    assert runner.runs()._repr_html_().count("<th>") == 8


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a\x1b[31mb", "&lt;"])
def test_nothing_in_a_name_is_obeyed_by_a_notebook(name: str) -> None:
    for shown in (listing(2, name)._repr_html_(), activity(1, name)._repr_html_()):
        assert set(re.findall(r"</?(\w+)", shown)) <= {"table", "thead", "tbody", "tr", "th", "td"}
        assert "\x1b" not in shown


def test_a_plain_repr_is_short(runner: Profile) -> None:
    runs = runner.runs()

    assert len(repr(runs[0])) < 200
    assert repr(runs[0]).startswith(f"Run(id={runs[0].id}, local_start=")
    assert repr(runs) == f"<{len(runs)} runs, {runs[-1].day} to {runs[0].day}>"
    assert repr(listing(1589)) == f"<1,589 activities, {date(2026, 1, 1) - timedelta(days=1588)} to 2026-01-01>"
    assert repr(activity(7, "y" * 500)).endswith("…)")
    assert len(repr(activity(7, "y" * 500))) < 200


def test_a_part_of_a_listing_is_a_listing() -> None:
    assert isinstance(listing(5)[1:3], Listing)
    assert [row.id for row in listing(5)[1:3]] == [1, 2]
    assert listing(5)[-1].id == 4


SECTION = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|(?: (?:`(\w+)`)? ?\|)? (\S[^|]*) \|$", re.MULTILINE)
MODELS = [
    value
    for value in vars(models).values()
    if isinstance(value, type) and issubclass(value, ApiStruct) and not value.__name__.startswith("_")
]


def documented(name: str) -> dict[str, str]:
    """The fields that the page describes under a heading, with the name each has at Strava."""
    page = (ROOT / "docs" / "reference" / "models.md").read_text(encoding="utf-8")
    section = dict(SECTION.findall(page)).get(name, "")
    rows = {field: wire or field for field, wire, meaning in ROW.findall(section) if meaning.strip()}
    return documented("SummaryActivity") | rows if "All fields of [SummaryActivity]" in section else rows


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_of_a_model_is_described_with_its_name_at_strava(model: type[ApiStruct]) -> None:
    assert documented(model.__name__) == {each.name: each.encode_name for each in msgspec.structs.fields(model)}


def test_every_field_of_a_run_is_described() -> None:
    assert set(documented("Run")) == {each.name for each in fields(Run)}
    assert all(f"`{each.name}`" in (Run.__doc__ or "") for each in fields(Run))
