"""Import, look, ask, write out, erase: the logbook's commands without the API."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from makers.bad_import_options import BAD_VALUES
from makers.export_writer import activities, gpx, write_zip
from paceport.clock import ManualClock
from paceport.logbook.database.activity_record import ActivityRecord
from paceport.logbook.database.store import Store
from shell import Shell


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    write_zip(path, activities(10))
    return path


def cache_a_run(home: Path, clock: ManualClock, activity_id: int = 77) -> None:
    record = ActivityRecord(
        id=activity_id, source="api", sport="Run", start=clock.now(), content="c", name="Secret lane", distance_m=5000.0
    )
    with Store(data_dir=home / "data", cache_dir=home / "cache", clock=clock) as store:
        store.cached.save(record, expires_at=clock.now() + timedelta(days=7))


def test_an_import_gives_its_account_and_twice_adds_nothing(shell: Shell, export: Path) -> None:
    first = json.loads(shell("import", str(export), "--json").out)

    again = shell("import", str(export))

    assert (first["read"], first["new"], first["without_track"]) == (10, 10, 2)
    assert again.code == 0
    assert "unchanged      10" in again.out
    assert "\r" not in again.err


def test_a_file_that_cannot_be_read_is_named_and_the_rest_goes_on(shell: Shell, export: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.fit").write_bytes(b"no fit at all")

    ended = shell("import", str(export), str(tmp_path / "bad.fit"))

    assert ended.code == 1
    assert "Note: bad.fit: " in ended.err
    assert "quarantined    1" in ended.out
    assert "left out: bad.fit" in shell("logbook").out


@pytest.mark.parametrize(("option", "value", "words"), BAD_VALUES)
def test_an_option_that_means_nothing_ends_the_import_before_anything_is_read(
    shell: Shell, tmp_path: Path, option: str, value: str, words: str
) -> None:
    (tmp_path / "run.gpx").write_bytes(gpx(shell.clock.now()))
    if option == "date_order":
        words = "--date-order"  # there the command lists the choices itself

    ended = shell("import", str(tmp_path / "run.gpx"), f"--{option.replace('_', '-')}={value}")

    assert ended.code == 2
    assert words in " ".join(ended.err.split())
    assert ended.out == ""


def test_an_import_of_nothing_readable_fails(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bad.fit").write_bytes(b"no fit at all")
    (tmp_path / "empty").mkdir()

    refused, nothing = shell("import", str(tmp_path / "bad.fit")), shell("import", str(tmp_path / "empty"))

    assert (refused.code, nothing.code) == (1, 1)
    assert "empty contains neither an export nor recorded files" in nothing.err
    assert refused.err.endswith("Nothing was imported.\n")


def test_an_export_into_a_missing_folder_says_so(shell: Shell, export: Path, tmp_path: Path) -> None:
    shell("import", str(export))

    written = shell("export", "--format", "csv", "-o", str(tmp_path / "missing" / "runs.csv"))
    reported = shell("report", "-o", str(tmp_path / "missing" / "report.html"))

    assert (written.code, reported.code) == (8, 8)
    assert "Why: its folder does not exist" in written.err
    assert "Why: its folder does not exist" in reported.err


def test_what_an_export_needs_told_is_asked_for(shell: Shell, export: Path) -> None:
    assert shell("import", str(export), "--map", "nothing").code == 2
    assert shell("import").code == 2
    assert shell("import", str(export), "--rebuild").code == 2


def test_the_own_part_can_be_drawn_anew_without_the_export(shell: Shell, export: Path) -> None:
    shell("import", str(export))
    export.unlink()

    ended = json.loads(shell("import", "--rebuild", "--json").out)

    assert (ended["read"], ended["unchanged"]) == (10, 10)


def test_an_empty_logbook_names_the_next_step(shell: Shell) -> None:
    ended = shell("logbook")

    assert ended.out == "The logbook is empty.\n"
    assert "paceport import export.zip" in ended.err


def test_the_logbook_counts_by_year_and_source(shell: Shell, export: Path, home: Path, clock: ManualClock) -> None:
    shell("import", str(export))
    cache_a_run(home, clock)

    ended = shell("logbook")

    assert ended.out.splitlines()[0].split() == ["Year", "Runs", "Own", "Own", "and", "API", "API", "only"]
    assert ended.out.splitlines()[1].split() == ["2022", "10", "10", "0", "0"]
    assert ended.out.splitlines()[2].split() == ["2026", "1", "0", "0", "1"]
    assert re.search(r"^expires +1 run on 2026-11-29$", ended.out, re.MULTILINE)
    assert re.search(r"^API data .* kept for seven days at the most$", ended.out, re.MULTILINE)
    assert json.loads(shell("logbook", "--json").out)["activities"] == 11


def test_each_command_that_the_logbook_names_next_shows_its_runs(shell: Shell, export: Path, tmp_path: Path) -> None:
    shell("import", str(export))

    said = shell("logbook").err
    written = tmp_path / "report.html"

    assert "Next: paceport runs; in the browser: paceport serve --open; as one file: paceport report -o" in said
    assert shell("runs").code == 0
    assert shell("report", "-o", str(written)).code == 0
    assert written.exists()


def test_a_logbook_without_a_sync_holds_no_api_data(shell: Shell, export: Path) -> None:
    shell("import", str(export))

    assert re.search(r"^API data +none$", shell("logbook").out, re.MULTILINE)


def test_a_question_is_answered_in_three_forms(shell: Shell, export: Path) -> None:
    shell("import", str(export))
    query = "SELECT count(*) AS n, min(name) AS first FROM run"

    table = shell("sql", query).out
    rows = json.loads(shell("sql", "-", "--json", stdin=query).out)
    lines = list(csv.reader(io.StringIO(shell("sql", query, "--csv").out)))

    assert table.split() == ["n", "first", "10", "Run", "no.", "0,", "easy"]
    assert rows == [{"n": 10, "first": "Run no. 0, easy"}]
    assert lines == [["n", "first"], ["10", "Run no. 0, easy"]]


@pytest.mark.parametrize("query", ["DELETE FROM activity", "PRAGMA journal_mode = DELETE", "", "SELECT nothing"])
def test_a_question_that_writes_or_makes_no_sense_is_refused(shell: Shell, export: Path, query: str) -> None:
    shell("import", str(export))

    ended = shell("sql", query)

    assert ended.code == 2
    assert ended.out == ""
    assert json.loads(shell("sql", "SELECT count(*) AS n FROM run", "--json").out) == [{"n": 10}]


def test_without_a_logbook_a_question_says_what_to_do(shell: Shell, home: Path) -> None:
    ended = shell("sql", "SELECT 1")

    assert ended.code == 8
    assert "paceport import export.zip" in ended.err
    assert not (home / "data").exists()


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(shell: Shell, export: Path) -> None:
    shell("import", str(export))

    assert shell("sql", "SELECT '=1+1' AS x", "--csv").out == "x\n'=1+1\n"


def test_an_export_holds_own_data_and_overwrites_nothing(shell: Shell, export: Path, tmp_path: Path) -> None:
    shell("import", str(export))
    place = tmp_path / "runs.csv"

    ended = shell("export", "--format", "csv", "-o", str(place))

    assert (ended.code, ended.out) == (0, f"10 runs in {place}\n")
    assert len(place.read_text(encoding="utf-8").splitlines()) >= 11
    assert shell("export", "--format", "csv", "-o", str(place)).code == 2


def test_a_file_with_cached_data_is_named_until_it_is_gone(
    shell: Shell, export: Path, tmp_path: Path, home: Path, clock: ManualClock
) -> None:
    shell("import", str(export))
    cache_a_run(home, clock)
    place = tmp_path / "runs.geojson"
    plain = tmp_path / "all.csv"
    shell("export", "--format", "geojson", "-o", str(place))

    warned = shell("export", "--format", "csv", "-o", str(plain), "--include-cached", "--json")

    assert json.loads(warned.out)["cached_until"] == "2026-11-29T08:00:00Z"
    assert "Delete the file by then" in warned.err
    listed = shell("purge").out
    assert str(plain) in listed
    assert str(place) not in listed
    plain.unlink()
    assert str(plain) not in shell("purge").out


def test_what_is_due_is_erased_by_any_command_and_all_of_it_on_demand(
    shell: Shell, home: Path, clock: ManualClock
) -> None:
    cache_a_run(home, clock)
    kept = shell("purge").out
    everything = shell("purge", "--all").out
    cache_a_run(home, clock)
    clock.advance(8 * 86_400)

    shell("logbook")

    assert "1 cached activities expire on 2026-11-29" in kept
    assert everything.startswith("1 row of API data erased")
    assert b"Secret lane" not in b"".join(path.read_bytes() for path in (home / "cache").iterdir())


def test_json_of_a_question_is_json_whatever_it_answers(shell: Shell, export: Path) -> None:
    shell("import", str(export))
    query = "SELECT 9e999 AS a, -9e999 AS a, x'00ff' AS b, NULL AS c, 'ä\x1b' AS d"

    found = json.loads(shell("sql", query, "--json").out, parse_constant=pytest.fail)

    assert found == [{"a": None, "a_2": None, "b": "00ff", "c": None, "d": "ä\x1b"}]
    assert json.loads(shell("sql", "SELECT 1 AS a WHERE 0", "--json").out) == []
    assert shell("sql", "SELECT 1 AS a UNION ALL SELECT 2", "--json").out == (
        '[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n'
    )


def test_an_export_follows_the_ending_of_the_name_and_dash_is_stdout(
    shell: Shell, export: Path, tmp_path: Path
) -> None:
    shell("import", str(export))

    written = shell("export", "-o", str(tmp_path / "runs.csv"))
    streamed = shell("export", "--format", "csv", "-o", "-")

    assert (written.code, streamed.code) == (0, 0)
    assert streamed.out == (tmp_path / "runs.csv").read_text(encoding="utf-8")
    assert "runs in" not in streamed.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-o", "-"], "--format"),
        (["-o", "runs.csv", "--format", "parquet"], "do not agree"),
        (["-o", "-", "--format", "csv", "--json"], "cannot be combined"),
        (["-o", "-", "--format", "parquet"], "binary"),
    ],
)
def test_an_export_that_cannot_be_meant_is_refused(shell: Shell, words: list[str], says: str) -> None:
    ended = shell("export", *words, is_terminal=True)

    assert ended.code == 2
    assert says in ended.err
