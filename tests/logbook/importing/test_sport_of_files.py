"""The sport of files that do not say theirs: guessed and shown as guessed, or as a person says."""

from pathlib import Path

from logbook.importing.conftest import Importer
from makers.export_writer import activities, renamed, write_zip
from makers.gpx_writer import write_gpx
from makers.spoiled_runs import as_points, whole_run
from paceport.logbook.database.store import Store
from paceport.logbook.importing.rebuild import rebuild

POINTS = as_points(whole_run()[:120])
SILENT = write_gpx(POINTS, kind="")
SAYING = write_gpx(POINTS, kind="hiking")


def put(folder: Path, content: bytes) -> Path:
    path = folder / "a.gpx"
    path.write_bytes(content)
    return path


def sports(store: Store) -> list[tuple[object, ...]]:
    return store.connection.execute("SELECT sport, sport_given FROM main.activity").fetchall()


def test_a_guessed_sport_is_counted_with_what_to_do(tmp_path: Path, store: Store, importer: Importer) -> None:
    account = importer(put(tmp_path, SILENT))

    assert sports(store) == [("Run", "")]
    assert any("guessed" in note and "1 Run" in note and "--sport" in note for note in account.notes)
    facts = store.track_facts(int(str(store.query("SELECT id FROM run").rows[0][0])))
    assert facts is not None
    assert facts.is_sport_guessed


def test_a_person_says_the_sport_of_a_file_that_does_not(tmp_path: Path, store: Store, importer: Importer) -> None:
    path = put(tmp_path, SILENT)
    importer(path)

    account = importer(path, sport="TrailRun")

    assert len(account.changed) == 1
    assert sports(store) == [("TrailRun", "TrailRun")]
    assert importer(path, sport="TrailRun").unchanged == 1
    assert importer(path).unchanged == 1
    assert sports(store) == [("TrailRun", "TrailRun")]


def test_what_a_person_said_outlasts_a_rebuild(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(put(tmp_path, SILENT), sport="Walk")

    rebuild(store=store, clock=store.cached.clock)

    assert sports(store) == [("Walk", "Walk")]


def test_a_file_that_says_its_sport_is_believed(tmp_path: Path, store: Store, importer: Importer) -> None:
    path = put(tmp_path, SAYING)

    importer(path, sport="Run")

    assert sports(store) == [("Hike", "")]
    assert importer(path, sport="Run").unchanged == 1


def test_the_sport_of_a_row_is_the_exports(tmp_path: Path, store: Store, importer: Importer) -> None:
    row = renamed(activities(1)[0], sport="Walk", track=SILENT)

    account = importer(write_zip(tmp_path / "e.zip", [row]), sport="Run")

    assert sports(store) == [("Walk", "Walk")]
    assert not any("guessed" in note for note in account.notes)
