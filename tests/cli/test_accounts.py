"""`accounts`: what is stored of athletes, moved between stores, opened on a machine, and removed to the last row."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import psycopg
import pytest

from cli.test_every_width import COLOUR, WIDTHS, assert_lines_fit, assert_nothing_is_cut, assert_words_are_whole
from makers.export_writer import activities, files
from makers.gpx_writer import write_gpx
from makers.track_point import TrackPoint
from oauth.test_move_login import Died, die_after
from paceport.clock import ManualClock
from paceport.errors import MissingExtra
from paceport.install import install_line
from paceport.oauth.keeper.refresh_context import StoreContext
from paceport.oauth.move_login import move_to_shared
from paceport.profile.account import _place
from paceport.profile.open_token_store import open_token_store
from paceport.profile.settings import Settings
from paceport.sandbox.state.world import World
from paceport.secret import Secret
from paceport.storage.postgres.athlete_rows import AthleteRows, OwnFile, StoredReply
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from shell import Shell


@pytest.fixture
def service(shell: Shell, database_url: str) -> Shell:
    """A shell of a service: PostgreSQL is named, and the login still lies in files."""
    shell.environ |= {"DATABASE_URL": database_url, "PACEPORT_KEY": "c" * 64}
    assert shell("login", "--for", "everything").code == 0
    return shell


def use_vault(home: Path, vault: str) -> None:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(f'vault = "{vault}"\n')


def athlete_of(shell: Shell) -> int:
    return int(json.loads(shell("accounts", "--json").out)[0]["athlete"]["id"])


@pytest.fixture
def shared(service: Shell, home: Path) -> Shell:
    """The same, with the login in PostgreSQL."""
    assert service("accounts", "move", "--all", "--to", "postgres:").code == 0
    use_vault(home, "postgres:")
    return service


@pytest.fixture
def database(database_url: str, clock: ManualClock) -> Iterator[Database]:
    opened = Database(Secret(database_url), clock=clock)
    yield opened
    opened.close()


def rows_of_member(database: Database, athlete: int, clock: ManualClock) -> AthleteRows:
    """The rows of an athlete who has joined the service; joining twice changes nothing."""
    Members(database).join(athlete, oauth_origin="http://localhost", client_id="1", now=clock.now())
    return AthleteRows(database, athlete)


def test_a_login_in_postgres_works_like_any_other(shared: Shell, clock: ManualClock, home: Path) -> None:
    first = shared("token")
    clock.advance(6 * 3600)
    second = shared("token")

    assert (first.code, second.code) == (0, 0), second.err
    assert first.out != second.out
    assert shared("api", "/athlete").code == 0
    assert not list((home / "state" / "grants").glob("*.json"))


def test_moving_there_and_back_keeps_the_login(shared: Shell, home: Path, database_url: str) -> None:
    athlete = str(athlete_of(shared))

    back = shared("accounts", "move", athlete, "--to", "file")
    use_vault(home, "file")

    assert back.code == 0, back.err
    assert "and nowhere else" in back.err
    assert shared("token").code == 0
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM paceport.grant_record").fetchone() == (0,)


def test_list_and_show_tell_what_is_stored_and_no_secret(shared: Shell) -> None:
    athlete, token = athlete_of(shared), shared("token").out.strip()

    listed, shown = shared("accounts"), shared("accounts", "show", str(athlete), "--json")

    assert str(athlete) in listed.out
    assert json.loads(shown.out)["stored"]["grant_record"] == 1
    assert token not in listed.out + shown.out


def test_a_removed_athlete_leaves_no_row(shared: Shell, database: Database, world: World, clock: ManualClock) -> None:
    athlete, token = athlete_of(shared), shared("token").out.strip()
    rows = rows_of_member(database, athlete, clock)
    rows.add_own_file(OwnFile(name="run.gpx", content=b"x"))
    now = clock.now()
    rows.save_reply(
        StoredReply(kind="summary", object_id=1, body=b"{}", fetched_at=now, expires_at=now + timedelta(days=7))
    )
    rows_of_member(database, athlete + 1, clock).add_own_file(OwnFile(name="run.gpx", content=b"x"))

    ended = shared("accounts", "remove", str(athlete), "--yes", "--json")

    proof = json.loads(ended.out)
    assert ended.code == 0, ended.err
    assert proof["revoked"]
    assert world.grants.holder(token, world.now()) is None
    assert {name: row["left"] for name, row in proof["tables"].items()} == dict.fromkeys(proof["tables"], 0)
    assert [proof["tables"][name]["erased"] for name in ("reply", "own_file", "grant_record")] == [1, 1, 1]
    assert AthleteRows(database, athlete + 1).counts()["own_file"] == 1


def test_a_removal_is_asked_about(shared: Shell) -> None:
    athlete = str(athlete_of(shared))

    ended = shared("accounts", "remove", athlete, stdin="n\n")

    assert "Nothing was changed" in ended.err
    assert shared("token").code == 0


def test_an_opened_logbook_has_what_was_synced(shared: Shell, database: Database, clock: ManualClock) -> None:
    athlete = athlete_of(shared)
    rows, until = AthleteRows(database, athlete), clock.now() + timedelta(days=3)
    listed = json.loads(shared("api", "/athlete/activities", "-f", "per_page=3").out)
    for each in listed:
        detail = shared("api", f"/activities/{each['id']}").out.encode()
        streams = shared(
            "api", f"/activities/{each['id']}/streams", "-f", "key_by_type=true", "-f", "keys=time,distance"
        )
        for kind, body in (
            ("summary", json.dumps(each).encode()),
            ("detail", detail),
            ("streams", streams.out.encode()),
        ):
            rows.save_reply(
                StoredReply(kind=kind, object_id=each["id"], body=body, fetched_at=clock.now(), expires_at=until)  # type: ignore[arg-type]  # one of the three
            )
    rows.save_reply(
        StoredReply(kind="summary", object_id=5, body=b"{}", fetched_at=clock.now(), expires_at=clock.now())
    )

    opened = shared("accounts", "open", str(athlete))

    name = f"account-{athlete}"
    ids = {each["id"] for each in json.loads(shared("--profile", name, "runs", "--sport", "all", "--json").out)}
    assert opened.code == 0, opened.err
    assert ids == {each["id"] for each in listed}
    clock.advance(3 * 86_400 + 1)
    later = shared("--profile", name, "runs", "--sport", "all", "--json").out
    assert not [number for number in ids if str(number) in later]


def test_own_files_come_back_on_another_machine(
    shared: Shell, database: Database, clock: ManualClock, home: Path
) -> None:
    athlete, begun = athlete_of(shared), datetime(2026, 11, 1, 8, tzinfo=UTC)
    points = [
        TrackPoint(time=begun + timedelta(seconds=5 * n), position=(f"{52 + n * 1.4e-4:.6f}", "13.4"))
        for n in range(200)
    ]
    files = [
        OwnFile(name="../../Sonntag am Fluß.gpx", content=write_gpx(points, name="Am Fluß")),
        OwnFile(name="broken.fit", content=b"no recording"),
    ]
    for file in files:
        rows_of_member(database, athlete, clock).add_own_file(file)

    opened = shared("accounts", "open", str(athlete))

    assert opened.code == 0, opened.err
    assert "2 own files" in opened.err
    assert "1 could not be read" in opened.err
    name = f"account-{athlete}"
    (run,) = json.loads(shared("--profile", name, "runs", "--json").out)
    assert (run["name"], run["local_start"][:10]) == ("Am Fluß", "2026-11-01")
    assert run["distance_m"] == pytest.approx(3100, rel=0.02)
    assert [path for path in home.rglob("*.gpx") if "profiles" not in path.parts] == []


@pytest.mark.parametrize(
    "name",
    ["activities/..", "activities/", "activities/a:b.gpx", "activities/../../x.gpx", "activities/-.gpx", "a\x00.gpx"],
)
def test_no_name_of_a_file_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    assert _place(tmp_path, 7, OwnFile(name=name, content=b"x")).parent == tmp_path
    assert _place(tmp_path, 7, OwnFile(name="activities/1.fit.gz", content=b"x")).name == "1.fit.gz"


def test_an_export_comes_back_with_its_table(shared: Shell, database: Database, clock: ManualClock) -> None:
    athlete, written = athlete_of(shared), [replace(one, gear="Blue ones") for one in activities(5)]
    for name, content in files(written).items():
        rows_of_member(database, athlete, clock).add_own_file(OwnFile(name=name, content=content))

    opened = shared("accounts", "open", str(athlete))

    assert opened.code == 0, opened.err
    runs = json.loads(shared("--profile", f"account-{athlete}", "runs", "--json").out)
    assert {run["name"] for run in runs} == {one.name for one in written}
    assert {run["gear"] for run in runs} == {"Blue ones"}


def test_keys_change_while_the_service_runs(shared: Shell) -> None:
    both = {"PACEPORT_KEYS": f"new:{'d' * 64},old:{'c' * 64}"}

    before = shared("token", environ=both)
    rotated = shared("accounts", "rotate-keys", environ=both)
    after = shared("token", environ={"PACEPORT_KEYS": f"new:{'d' * 64}"})
    with_old = shared("token")

    assert before.out == after.out
    assert "2 rows" in rotated.err
    assert with_old.code == 8
    assert "another key" in with_old.err


@pytest.mark.parametrize(
    ("missing", "code", "words"),
    [("DATABASE_URL", 2, "DATABASE_URL is not set"), ("PACEPORT_KEY", 2, "no key to encrypt logins with")],
)
def test_what_is_missing_is_named(shared: Shell, missing: str, code: int, words: str) -> None:
    del shared.environ[missing]

    ended = shared("token")

    assert ended.code == code
    assert words in ended.err


@pytest.mark.parametrize(
    ("library", "module"),
    [("psycopg", "paceport.storage.postgres.database"), ("cryptography", "paceport.storage.postgres.sealing")],
)
def test_without_the_extra_its_installation_is_named(
    shared: Shell, monkeypatch: pytest.MonkeyPatch, library: str, module: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    for name in (module, "paceport.oauth.token_store.postgres", "paceport.oauth.token_store.postgres_lock"):
        monkeypatch.delitem(sys.modules, name)

    ended = [shared(*words) for words in (["token"], ["accounts", "rotate-keys"], ["accounts", "open", "1"])]

    assert {each.code for each in ended} == {MissingExtra.exit_code}
    for each in ended:
        assert install_line("service") in each.err
        assert "Traceback" not in each.err


def test_an_athlete_is_removed_from_files_without_the_extra(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    assert shell("login", "--for", "everything").code == 0
    for name in [name for name in sys.modules if name.startswith(("psycopg", "paceport.storage.postgres.database"))]:
        monkeypatch.setitem(sys.modules, name, None)

    ended = shell("accounts", "remove", str(athlete_of(shell)), "--yes")

    assert ended.code == 0, ended.err
    assert shell("accounts", "--json").out.strip() == "[]"


def test_a_login_is_moved_to_known_places_alone(shared: Shell) -> None:
    for place in ("", "postgresfoo", "postgres:db.example", "file:/somewhere", "redis:"):
        ended = shared("accounts", "move", "--all", "--to", place)

        assert ended.code == 2
        assert "postgres:, file or keyring:" in ended.err
    assert shared("token").code == 0


def test_accounts_in_postgres_fit_every_width(shared: Shell) -> None:
    for asked, width in product((["accounts"], ["accounts", "show", str(athlete_of(shared))]), (20, *WIDTHS)):
        whole = shared(*asked).out
        text = COLOUR.sub("", shared(*asked, is_terminal=True, width=width).out)

        assert_nothing_is_cut(text)
        assert_lines_fit(text, width)
        assert_words_are_whole(text, whole)


def test_forgetting_everything_here_leaves_the_logins_of_others(shared: Shell, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE paceport.grant_record SET profile = 'another'")

    shared("logout", "--everything")

    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM paceport.grant_record").fetchone() == (1,)


@pytest.mark.parametrize(("step", "is_here"), [("marked", True), ("changed over", False)])
def test_the_next_command_settles_a_move_that_died(
    service: Shell, home: Path, clock: ManualClock, step: str, is_here: bool
) -> None:
    settings = Settings.from_environment(service.environ)
    local, there = (open_token_store(each, clock) for each in (settings, replace(settings, vault="postgres:")))
    (grant,) = local.grants()
    context = StoreContext(token_store=local, clock=clock, on_step=die_after(step))
    with pytest.raises(Died):
        move_to_shared(grant.key, local=context, shared=there)

    assert service("token").code == (0 if is_here else 3)
    use_vault(home, "postgres:")
    assert service("token").code == (3 if is_here else 0)
    there.close()
