"""Any endpoint, by any method, with fields and files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.api.conftest import Pick
from paceport.sandbox.state.world import World
from sandbox.files import fit
from shell import Shell


def test_a_path_alone_is_read(writer: Shell, world: World) -> None:
    shown = json.loads(writer("api", "/athlete").out)

    assert shown["id"] == world.people[0].id


def test_a_query_is_made_of_fields(writer: Shell) -> None:
    rows = json.loads(writer("api", "get", "/athlete/activities", "-f", "per_page=3", "-f", "page=2").out)

    assert len(rows) == 3


def test_all_reads_a_list_to_its_end(writer: Shell, world: World) -> None:
    world.sign_in(world.people[-1].id)
    writer("login", "--for", "upload", "--profile", "last")

    rows = json.loads(writer("api", "/athlete/activities", "--all", "-f", "per_page=4", "--profile", "last").out)

    assert [row["id"] for row in rows] == [row.id for row in world.activities(world.people[-1].id)]
    assert len(rows) > 4


def test_all_of_what_has_no_pages_is_refused(writer: Shell) -> None:
    ended = writer("api", "/athlete", "--all")

    assert ended.code == 2
    assert "no pages" in ended.err


def test_a_put_keeps_false_false(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(sport_type="Run", visibility="everyone")
    world.edit_activity(replace(run, commute=True))

    ended = writer("api", "PUT", f"/activities/{run.id}", "-f", "commute=false", "-f", "name=2024")

    assert ended.code == 0, ended.err
    assert world.activity_store.find(run.id) == replace(run, commute=False, name="2024")


def test_a_post_carries_a_form(writer: Shell, world: World) -> None:
    form = ("name=By hand", "sport_type=Walk", "start_date_local=2026-11-20T07:30:00", "elapsed_time=600")

    shown = json.loads(writer("api", "POST", "/activities", *(word for field in form for word in ("-f", field))).out)

    kept = world.activity_store.find(shown["id"])
    assert kept is not None
    assert (kept.name, kept.sport_type) == ("By hand", "Walk")


def test_a_file_travels_as_multipart(writer: Shell, tmp_path: Path) -> None:
    path = tmp_path / "run.fit"
    path.write_bytes(fit())

    shown = json.loads(
        writer("api", "POST", "/uploads", "-F", f"file=@{path}", "-F", "data_type=fit", "-f", "name=Out").out
    )
    state = json.loads(writer("api", f"/uploads/{shown['id']}").out)

    assert state["error"] is None
    assert state["id"] == shown["id"]


def test_a_file_that_is_not_there_is_named(writer: Shell, world: World) -> None:
    sent = world.requests.total()

    ended = writer("api", "POST", "/uploads", "-F", "file=@nowhere.fit")

    assert ended.code == 1
    assert "nowhere.fit" in ended.err
    assert world.requests.total() == sent


def test_deleting_is_known_to_be_gone(writer: Shell, world: World) -> None:
    sent = world.requests.total()

    ended = writer("api", "DELETE", "/activities/5")

    assert ended.code == 1
    assert "removed on 2017-01-17" in ended.err
    assert world.requests.total() == sent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("PATCH", "/athlete"), "not a supported method"),
        (("GET", "/athlete", "-f", "x"), "not KEY=VALUE"),
        (("GET", "/athlete", "-f", "a=1", "-f", "a=2"), "given twice"),
        (("GET", "/athlete", "-F", f"file=@{__file__}"), "sends no file"),
        (("GET", "https://example.com/athlete"), "not a path of the API"),
        (("GET", "/../oauth/token"), "not a path of the API"),
    ],
)
def test_what_makes_no_call_sends_nothing(writer: Shell, world: World, words: tuple[str, ...], said: str) -> None:
    sent = world.requests.total()

    ended = writer("api", *words)

    assert ended.code == 2, ended.err
    assert said in ended.err
    assert world.requests.total() == sent


def test_include_shows_status_and_limits_on_stderr(writer: Shell) -> None:
    ended = writer("api", "/athlete", "--include")

    assert "HTTP 200" in ended.err
    assert "x-ratelimit-usage" in ended.err.lower()
    assert json.loads(ended.out)["id"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_dry_run_sends_nothing(writer: Shell, world: World, method: str) -> None:
    sent = world.requests.total()

    ended = writer("api", method, "/activities/5", "-f", "commute=false", "--dry-run")

    assert ended.code == 0
    assert f"Would send  {method} http" in ended.out
    assert "commute" in ended.out
    assert world.requests.total() == sent


def test_a_dry_run_of_a_removed_call_says_so(writer: Shell) -> None:
    assert "removed 2017-01-17" in writer("api", "DELETE", "/activities/5", "--dry-run").out


def test_what_a_terminal_would_obey_is_escaped(writer: Shell, world: World, pick: Pick) -> None:
    run = pick(sport_type="Run", visibility="everyone")
    world.edit_activity(replace(run, name="\x1b[31mred\u202e"))

    ended = writer("api", f"/activities/{run.id}")

    assert "\x1b" not in ended.out
    assert json.loads(ended.out)["name"] == "\x1b[31mred\u202e"


def test_the_apps_own_calls_are_given_id_and_secret(writer: Shell, world: World) -> None:
    ended = writer("api", "/push_subscriptions", "--include")

    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == []
    assert world.app.client_secret not in ended.out + ended.err


def test_a_dry_run_of_the_apps_own_calls_shows_no_secret(writer: Shell, world: World) -> None:
    ended = writer("api", "POST", "/push_subscriptions", "-f", "callback_url=https://example.com/x", "--dry-run")

    assert ended.code == 0
    assert world.app.client_secret not in ended.out + ended.err
