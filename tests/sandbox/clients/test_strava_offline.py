"""strava-offline, unmodified: its mirror of bikes and activities, its reports, and the tracks beside them."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from strava_offline.cli import cli

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from sandbox.clients.conftest import strava
from sandbox.visitor import Visitor

SCOPES = "read,profile:read_all,activity:read_all"


class Offline:
    """The program with its files in one folder. Its login has expired, so that its first act is a refresh."""

    def __init__(self, person: Visitor, folder: Path) -> None:
        self.person, self.folder = person, folder
        self.token_file, self.database = folder / "token.json", folder / "strava.sqlite"
        token = person.login(scope=SCOPES, redirect_uri="http://127.0.0.1:12345/code")
        self.first_refresh_token = token["refresh_token"]
        person.world.clock.advance(7 * 3600)
        self.token_file.write_text(json.dumps({**token, "expires_at": 1}), encoding="utf-8")

    def run(self, command: str, *options: str) -> Result:
        result = CliRunner().invoke(cli, [command, "--database", str(self.database), *options])
        assert result.exception is None, result.output + repr(result.exception)
        return result

    def mirror(self, *options: str) -> None:
        app = self.person.world.app
        login = ("--client-id", str(app.client_id), "--client-secret", app.client_secret)
        self.run("sqlite", *login, "--token-file", str(self.token_file), *options)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    @property
    def activities(self) -> tuple[Activity, ...]:
        world = self.person.world
        return world.activities(world.signed_in)


@pytest.fixture(scope="module")
def served(few: Population, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, dict[str, str]]]:
    """The small population, whose every activity can be compared."""
    with strava(few, tmp_path_factory.mktemp("proxy")) as found:
        yield found


@pytest.fixture
def offline(person: Visitor, tmp_path: Path) -> Offline:
    return Offline(person, tmp_path)


def test_the_mirror_holds_every_activity_and_the_refreshed_token(offline: Offline) -> None:
    offline.mirror()

    expected = [(row.id, row.name, row.sport_type) for row in reversed(offline.activities)]
    assert offline.rows("SELECT id, name, sport_type FROM activity ORDER BY start_date") == expected
    assert json.loads(offline.token_file.read_text())["refresh_token"] != offline.first_refresh_token


def test_a_full_mirror_notices_what_was_deleted(offline: Offline) -> None:
    world, gone = offline.person.world, offline.activities[3]
    offline.mirror()
    world.delete_activity(gone.id)

    offline.mirror("--full")

    assert gone.id not in {identity for (identity,) in offline.rows("SELECT id FROM activity")}


def test_the_bikes_are_mirrored_and_the_report_is_written(offline: Offline) -> None:
    offline.mirror()

    (bike,) = offline.person.world.people[0].bikes
    assert offline.rows("SELECT id, name FROM bike") == [(bike.id, bike.name)]
    assert "Run" in offline.run("report-yearly", "2026").output


def test_the_tracks_are_downloaded_with_the_cookie_of_the_website(offline: Offline) -> None:
    offline.mirror()

    offline.run("gpx", "--strava4-session", "anything", "--dir-activities", str(offline.folder / "tracks"))

    tracked = {row.id for row in offline.activities if row.recording is not None and row.recording.latlng is not None}
    files = {int(path.name.split(".")[0]): path for path in (offline.folder / "tracks").iterdir()}
    shown = {identity for (identity,) in offline.rows("SELECT id FROM activity WHERE has_location_data")}
    assert files.keys() == shown <= tracked
    assert all(gzip.decompress(path.read_bytes()).startswith(b"<?xml") for path in files.values())


def test_no_track_is_given_without_the_cookie(offline: Offline) -> None:
    row = next(one for one in offline.activities if not one.manual)

    answer = offline.person.get(f"/activities/{row.id}/export_gpx")

    assert (answer.status, answer.headers["location"]) == (302, f"{offline.person.base}/login")
