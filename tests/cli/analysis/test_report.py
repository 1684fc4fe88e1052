"""`report` as a person types it, over a computed logbook."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from maps.private_attack import circle_centre, far_m
from paceport.geodesy import haversine_m
from paceport.logbook.database.activity_record import ActivityRecord
from paceport.logbook.database.store import Store
from paceport.oauth.login.environment import LoginEnvironment
from processes import environment
from shell import Shell

NAME = "paceport-report.html"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the command is typed in."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def borrow(shell: Shell, home: Path, *, days: int) -> None:
    """One run that the API gave, to be kept for so many days."""
    until = shell.clock.now() + timedelta(days=days)
    run = ActivityRecord(
        id=5, source="api", sport="Run", start=datetime(2026, 11, 20, 7, tzinfo=UTC), content="c", name="Borrowed run"
    )
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=shell.clock) as store:
        store.cached.save(replace(run, distance_m=5000.0, moving_time_s=1500.0), expires_at=until)


def addresses(shell: Shell) -> list[str]:
    """What the browser is asked to open from now on."""
    opened: list[str] = []

    def visit(url: str) -> bool:
        opened.append(url)
        return True

    shell.visit = visit
    return opened


def test_a_file_is_written_here_and_its_place_is_the_result(analyst: Shell, folder: Path) -> None:
    ended = analyst("report")

    assert ended.code == 0, ended.err
    assert ended.out == f"{folder / NAME}\n"
    assert "Any browser shows it, without a network" in ended.err
    assert (folder / NAME).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_in_a_deleted_folder_only_a_relative_place_is_refused(analyst: Shell, folder: Path, tmp_path: Path) -> None:
    folder.rmdir()

    refused = analyst("report")
    written = analyst("report", "-o", str(tmp_path / "other.html"))

    assert refused.code == 2
    assert f"{NAME} is relative to a folder that was deleted" in refused.err
    assert written.code == 0, written.err
    assert analyst("runs").code == 0


def test_an_older_report_is_replaced_and_a_terminal_says_what_is_done(analyst: Shell, folder: Path) -> None:
    piped = analyst("report", "--runs", "0")
    before = (folder / NAME).read_text(encoding="utf-8")

    ended = analyst("report", "--runs", "2", is_terminal=True)

    assert ended.code == 0
    assert "Writing " in ended.err
    assert "Writing" not in piped.err
    assert (folder / NAME).read_text(encoding="utf-8") != before


def test_any_other_file_is_left_alone(analyst: Shell, folder: Path) -> None:
    (folder / "thesis.html").write_text("<!doctype html><p>years of work", encoding="utf-8")

    ended = analyst("report", "-o", "thesis.html")

    assert ended.code == 2
    assert "choose another name" in ended.err
    assert (folder / "thesis.html").read_text(encoding="utf-8") == "<!doctype html><p>years of work"


def test_stdout_takes_the_page_alone(analyst: Shell, folder: Path) -> None:
    ended = analyst("report", "-o", "-", "--runs", "0")

    assert ended.out.startswith("<!doctype html>")
    assert ended.out.rstrip().endswith("</html>")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("word", ["--open", "--json"])
def test_stdout_can_hold_nothing_beside_the_page(analyst: Shell, folder: Path, word: str) -> None:
    assert analyst("report", "-o", "-", word).code == 2


def test_an_empty_logbook_says_how_to_fill_it(shell: Shell, folder: Path) -> None:
    ended = shell("report")

    assert ended.code == 1
    assert "paceport import" in ended.err
    assert list(folder.iterdir()) == []


def test_a_day_after_the_newest_run_is_an_error_that_names_it(analyst: Shell, folder: Path) -> None:
    ended = analyst("report", "--since", "2030-01-01")

    assert ended.code == 1
    assert "2026-11" in ended.err
    assert list(folder.iterdir()) == []


def test_since_runs_and_units_shape_the_page(analyst: Shell, folder: Path) -> None:
    whole = json.loads(analyst("report", "--json", "--units", "km").out)
    since = json.loads(analyst("report", "--since", "2026-11-01", "--runs", "3", "--units", "mi", "--json").out)
    text = (folder / NAME).read_text(encoding="utf-8")

    assert since["runs"] < whole["runs"]
    assert len(re.findall(r'<article id="run-', text)) == 3
    assert "min/mi" in text
    assert "pace, min/km" not in text
    assert since["bytes"] == (folder / NAME).stat().st_size


def test_routes_leave_out_places_where_many_runs_begin_unless_all_is_to_be_shown(
    analyst: Shell, folder: Path, home: Path
) -> None:
    hidden, whole = analyst("report", "-o", "-").out, analyst("report", "-o", "-", "--show-all").out
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text("private_radius_m = 0\n", encoding="utf-8")
    by_setting = analyst("report", "-o", "-").out

    assert "places where many runs begin or end are left out" in hidden
    assert "begin or end are left out" not in whole
    assert "begin or end are left out" not in by_setting


def test_the_home_is_not_in_an_exported_file_and_the_attack_does_not_find_it(analyst: Shell, folder: Path) -> None:
    def lines(*options: str) -> list[np.ndarray]:
        """Latitudes and longitudes of each line, as two rows."""
        found = []
        for one in json.loads(analyst("export", "--format", "geojson", "-o", "-", *options).out)["features"]:
            shape = one["geometry"]
            parts = [shape["coordinates"]] if shape["type"] == "LineString" else shape["coordinates"]
            found += [np.array([[point[1] for point in part], [point[0] for point in part]]) for part in parts]
        return found

    whole, shown = lines("--show-all"), lines()
    home = tuple(np.median([line[:, 0] for line in whole], axis=0).tolist())
    ends = [tuple(line[:, at].tolist()) for line in shown for at in (0, -1)]

    def nearest_m(tracks: list[np.ndarray]) -> float:
        latitude, longitude = np.concatenate(tracks, axis=1)
        return float(haversine_m(latitude, longitude, *home).min())

    assert nearest_m(whole) < 50.0
    assert nearest_m(shown) > 150.0
    assert far_m(circle_centre(ends), home) > 100.0


def test_open_shows_the_file_where_there_is_a_screen(analyst: Shell, folder: Path) -> None:
    opened = addresses(analyst)

    assert analyst("report", "--open").code == 0

    assert opened == [(folder / NAME).as_uri()]


def test_open_without_a_screen_says_so_and_is_no_error(analyst: Shell, folder: Path) -> None:
    opened = addresses(analyst)
    analyst.environment = LoginEnvironment(kind="ssh")

    ended = analyst("report", "--open")

    assert ended.code == 0
    assert "no screen" in ended.err
    assert opened == []


def test_a_browser_that_does_not_open_is_no_error(analyst: Shell, folder: Path) -> None:
    analyst.visit = lambda url: False

    ended = analyst("report", "--open")

    assert ended.code == 0
    assert "open the file yourself" in ended.err


def test_a_folder_that_is_not_there_is_an_error_of_its_own(analyst: Shell, folder: Path) -> None:
    assert analyst("report", "-o", "nowhere/report.html").code == 8
    assert analyst("report", "-o", ".").code == 8


def test_borrowed_runs_are_named_until_the_file_must_go(analyst: Shell, folder: Path, home: Path) -> None:
    borrow(analyst, home, days=3)

    ended = analyst("report", "--json")
    purged = analyst("purge")

    assert json.loads(ended.out)["cached"] == 1
    assert json.loads(ended.out)["cached_until"] == "2026-11-25T08:00:00Z"
    assert "Delete the file by then" in ended.err
    assert "Borrowed run" in (folder / NAME).read_text(encoding="utf-8")
    assert str(folder / NAME) in purged.out


def test_own_only_borrows_nothing_and_frees_the_file(analyst: Shell, folder: Path, home: Path) -> None:
    borrow(analyst, home, days=3)
    analyst("report")

    ended = analyst("report", "--own-only", "--json")
    purged = analyst("purge")

    assert json.loads(ended.out)["cached"] == 0
    assert "Borrowed run" not in (folder / NAME).read_text(encoding="utf-8")
    assert NAME not in purged.out


def test_quiet_says_nothing_but_the_place(analyst: Shell, folder: Path) -> None:
    ended = analyst("report", "-q")

    assert (ended.out, ended.err) == (f"{folder / NAME}\n", "")


def test_where_numpy_is_not_installed_it_says_what_to_do_and_no_traceback(home: Path, folder: Path) -> None:
    program = "import sys; sys.modules['numpy'] = None; sys.argv = ['paceport', 'report']; import paceport.quick as q"
    words = [sys.executable, "-c", f"{program}; q.main()"]

    ended = subprocess.run(
        words, env=environment({"PACEPORT_HOME": str(home / "bare")}), capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 1
    assert "To do" in ended.stderr or "Fix" in ended.stderr
    assert "Traceback" not in ended.stderr
