import hashlib
import random
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logbook.importing.conftest import Importer, contents
from makers.export_writer import (
    ENGLISH,
    GERMAN,
    INVENTED,
    Written,
    activities,
    gpx,
    renamed,
    table,
    tcx,
    write_export,
    write_zip,
)
from paceport.clock import ManualClock
from paceport.errors import UsageError
from paceport.formats.strava_export.dates import DateOrderUnknown
from paceport.formats.strava_export.find_columns import ColumnsUnknown
from paceport.logbook.database.store import Store
from paceport.logbook.importing.import_paths import import_paths
from paceport.logbook.importing.import_report import Progress


def shown(store: Store) -> list[tuple[object, ...]]:
    """What any wording of the same export must lead to."""
    query = (
        "SELECT id, name, sport, start_utc, local_start, timezone, distance_m, moving_time_s, elapsed_time_s, "
        "elevation_gain_m, is_manual, has_track, description FROM run ORDER BY id"
    )
    return store.query(query).rows


def fresh(folder: Path, clock: ManualClock) -> Store:
    return Store(data_dir=folder / "data", cache_dir=folder / "cache", clock=clock)


def test_cadence_of_one_foot_becomes_steps_of_both_on_foot_alone(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    run, ride = activities(2, tracks=False)

    importer(write_zip(tmp_path / "e.zip", [run, renamed(ride, sport="Ride")]))

    query = "SELECT average_cadence_spm FROM main.activity ORDER BY id"
    assert store.query(query).rows == [(2 * 84.5,), (None,)]


def test_an_export_imports_whole(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = activities(5)

    account = importer(write_zip(tmp_path / "e.zip", written))

    assert (account.read, account.new, account.without_track, account.unknown_zone) == (5, 5, 1, 1)
    assert account.quarantined == ()
    rows = shown(store)
    assert [row[0] for row in rows] == [each.id for each in written]
    assert [row[6:10] for row in rows] == [
        (each.distance_m, each.moving_time_s, each.elapsed_time_s, each.elevation_gain_m) for each in written
    ]
    assert [row[5] for row in rows] == ["Europe/Vienna"] * 4 + [None]
    assert [row[10:12] for row in rows] == [(0, 1)] * 4 + [(1, 0)]
    assert len(store.streams(written[0].id) or ()) == 61


def test_originals_and_rows_are_kept_as_they_came(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = activities(2)
    importer(write_zip(tmp_path / "e.zip", written))

    known = store.own.stored_activity(written[0].id)

    assert known is not None
    assert known.sha256 is not None
    assert store.own.original(known.sha256) == written[0].track
    assert '"first line\\nsecond, with \\"quotes\\""' in str(known.row["cells"])


@pytest.mark.parametrize(
    ("header", "dates", "decimal", "shuffle", "root"),
    [
        (GERMAN, "de", ",", None, "export_1/"),
        (GERMAN, "de", ",", random.Random(5), ""),
        (ENGLISH, "en", ".", random.Random(6), "a/b/"),
        (INVENTED, "fr", ",", None, ""),
        (INVENTED, "mdy", ".", None, ""),
    ],
    ids=["german", "german shuffled", "english shuffled", "invented words, french dates", "invented, month first"],
)
def test_any_wording_of_an_export_leads_to_the_same_rows(
    tmp_path: Path,
    clock: ManualClock,
    importer: Importer,
    store: Store,
    header: list[str],
    dates: str,
    decimal: str,
    shuffle: random.Random | None,
    root: str,
) -> None:
    written = activities(12)
    importer(write_zip(tmp_path / "plain.zip", written))
    content = table(written, header=header, dates=dates, decimal=decimal, shuffle=shuffle, bom=True)
    path = write_zip(tmp_path / "other.zip", written, content=content, root=root)

    with fresh(tmp_path / "other", clock) as other:
        importer(path, into=other)
        assert shown(other) == shown(store)


def test_importing_twice_adds_nothing(tmp_path: Path, store: Store, importer: Importer) -> None:
    path = write_zip(tmp_path / "e.zip", activities(6), more={"activities/5.gpx": b"broken"})
    importer(path)
    before = contents(store)

    account = importer(path)

    assert (account.read, account.new, account.changed, account.unchanged) == (6, 0, (), 6)
    assert contents(store) == before


def test_a_folder_and_a_zip_are_the_same_export(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(write_export(tmp_path / "folder", activities(4)))

    assert importer(write_zip(tmp_path / "e.zip", activities(4), root="x/")).unchanged == 4
    assert importer(tmp_path / "folder" / "activities.csv").unchanged == 4


def test_changed_content_updates_and_says_what(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = activities(3)
    importer(write_zip(tmp_path / "a.zip", written))
    longer = gpx(written[1].start, seconds=90, latitude=48.22)
    edited = [renamed(written[0], name="A race"), renamed(written[1], track=longer), written[2]]

    account = importer(write_zip(tmp_path / "b.zip", edited))

    assert [(change.activity_id, change.fields) for change in account.changed] == [
        (written[0].id, ("name",)),
        (written[1].id, ("samples",)),
    ]
    assert account.unchanged == 1
    assert len(store.streams(written[1].id) or ()) == 91


def test_a_missing_file_keeps_the_row_and_is_named(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = [renamed(each, track=b"") if index == 0 else each for index, each in enumerate(activities(3))]

    account = importer(write_zip(tmp_path / "e.zip", written))

    assert (account.new, account.without_track) == (3, 1)
    assert [each.place for each in account.quarantined] == [written[0].filename]
    assert store.query("SELECT has_track FROM run ORDER BY id").rows == [(0,), (1,), (1,)]


def test_a_file_that_turns_up_later_is_taken(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = activities(2)
    importer(write_zip(tmp_path / "a.zip", [renamed(written[0], track=b""), written[1]]))

    account = importer(write_zip(tmp_path / "b.zip", written))

    assert [change.activity_id for change in account.changed] == [written[0].id]
    assert store.query("SELECT count(*) FROM run WHERE has_track").rows == [(2,)]
    assert store.connection.execute("SELECT count(*) FROM main.quarantine").fetchone() == (0,)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "activities\\..\\..\\x.gpx"])
def test_a_row_cannot_name_a_file_outside(tmp_path: Path, importer: Importer, name: str) -> None:
    account = importer(write_zip(tmp_path / "e.zip", [renamed(activities(1)[0], filename=name, track=b"")]))

    assert account.new == 1
    assert "not in the export" in account.quarantined[0].why


def test_a_date_that_cannot_be_read_is_taken_from_the_rows_own_track(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    written = activities(3)
    content = table(written).replace(b"Jan 6, 2022", b"Smarch 6, 2022")

    account = importer(write_zip(tmp_path / "a.zip", written, content=content))

    assert (account.new, account.quarantined) == (3, ())
    starts = store.query("SELECT id, start_utc FROM run ORDER BY id").rows
    assert starts == [(each.id, f"{each.start:%Y-%m-%dT%H:%M:%SZ}") for each in written]
    known = store.own.stored_activity(written[1].id)
    assert known is not None
    assert "Smarch 6" in str(known.row["notes"])
    assert importer(tmp_path / "a.zip").unchanged == 3


def test_an_undated_row_without_a_track_is_quarantined_with_all_its_cells(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    written = activities(3, tracks=False)
    content = table(written).replace(b"Jan 6, 2022", b"Smarch 6, 2022")
    assert importer(write_zip(tmp_path / "a.zip", written, content=content)).new == 2
    place, cells = store.connection.execute("SELECT place, cells FROM main.quarantine").fetchone()
    assert place == f"activities.csv id {written[1].id}"
    assert "Smarch 6" in cells

    assert importer(write_zip(tmp_path / "b.zip", written)).new == 1
    assert store.connection.execute("SELECT count(*) FROM main.quarantine").fetchone() == (0,)


def test_unknown_columns_are_asked_for_before_anything_is_written(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    before = contents(store)
    content = table(activities(6), header=INVENTED, shuffle=random.Random(3))

    with pytest.raises(ColumnsUnknown):
        importer(write_zip(tmp_path / "e.zip", activities(6), content=content))

    assert contents(store) == before


def test_open_dates_are_settled_by_the_tracks(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = [each for each in activities(40) if each.start.day <= 12 and each.start.day != each.start.month]

    importer(write_zip(tmp_path / "e.zip", written, content=table(written, dates="dmy")))

    starts = [row[0] for row in store.query("SELECT start_utc FROM run ORDER BY id").rows]
    assert starts == [f"{each.start:%Y-%m-%dT%H:%M:%SZ}" for each in written]


def test_open_dates_without_tracks_are_asked_for(tmp_path: Path, importer: Importer) -> None:
    written = [each for each in activities(40, tracks=False) if each.start.day <= 12]
    path = write_zip(tmp_path / "e.zip", written, content=table(written, dates="dmy"))

    with pytest.raises(DateOrderUnknown):
        importer(path)
    assert importer(path, date_order="dmy").new == len(written)


def test_a_sport_word_is_learnt_from_the_tracks(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = [renamed(each, sport="Blubbing") for each in activities(5)]

    importer(write_zip(tmp_path / "e.zip", written))

    assert store.query("SELECT count(*) FROM run WHERE sport = 'Run'").rows == [(5,)]
    assert importer(tmp_path / "e.zip").unchanged == 5


def test_a_sport_word_without_a_track_stays_as_written(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(write_zip(tmp_path / "e.zip", [renamed(each, sport="Blubbing") for each in activities(2, tracks=False)]))

    assert store.connection.execute("SELECT DISTINCT sport FROM main.activity").fetchall() == [("Blubbing",)]


def test_the_setting_gives_the_zone_where_no_position_does(tmp_path: Path, store: Store, importer: Importer) -> None:
    path = write_zip(tmp_path / "e.zip", activities(5))
    assert importer(path).unknown_zone == 1

    account = importer(path, timezone="America/New_York")

    assert [change.fields for change in account.changed] == [("timezone", "zone_source", "local_start")]
    assert store.query("SELECT timezone, zone_source FROM run WHERE is_manual").rows == [
        ("America/New_York", "setting")
    ]


def test_a_zone_that_does_not_exist_is_refused(tmp_path: Path, importer: Importer) -> None:
    with pytest.raises(UsageError, match="not a time zone"):
        importer(write_zip(tmp_path / "e.zip", activities(1)), timezone="Europe/Atlantis")


def test_two_rows_of_one_file_get_their_own_part(tmp_path: Path, store: Store, importer: Importer) -> None:
    first, second = activities(2)
    both = tcx(first.start, second.start)
    written = [renamed(each, filename="activities/1.tcx", track=both) for each in (second, first)]

    account = importer(write_zip(tmp_path / "e.zip", written))

    assert (account.new, account.quarantined) == (2, ())
    places = store.query("SELECT id, start_latitude_deg FROM run ORDER BY id").rows
    assert places == [(first.id, 40.0), (second.id, 41.0)]
    parts = store.connection.execute("SELECT part FROM main.activity ORDER BY id").fetchall()
    assert parts == [(0,), (1,)]


def test_gear_of_the_export_is_counted(tmp_path: Path, store: Store, importer: Importer) -> None:
    importer(write_zip(tmp_path / "e.zip", [renamed(each, gear="Acme Glide 3") for each in activities(3)]))

    assert store.query("SELECT kind, name, runs FROM gear").rows == [("shoe", "Blue ones", 3)]


def test_progress_tells_rate_and_time_left(tmp_path: Path, clock: ManualClock, importer: Importer) -> None:
    told: list[Progress] = []

    def tell(progress: Progress) -> None:
        clock.advance(2.0)
        told.append(progress)

    importer(write_zip(tmp_path / "e.zip", activities(4)), progress=tell)

    assert [(each.done, each.total) for each in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told[2].rate_per_s == pytest.approx(0.75)
    assert told[2].left_s == pytest.approx(4 / 3)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.integers(1, 9), max_size=4))
def test_stopping_anywhere_and_going_on_is_never_stopping(
    tmp_path_factory: pytest.TempPathFactory, clock: ManualClock, stops: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("stop")
    written = [renamed(each, sport="Blubbing") for each in activities(8, seconds=20)]
    path = write_zip(folder / "e.zip", written, more={"activities/5.gpx": gpx(written[0].start, latitude=10)})
    with fresh(folder / "whole", clock) as whole:
        import_paths([path], store=whole, clock=clock)
        expected = contents(whole)

    for stop in stops:
        with fresh(folder / "parts", clock) as store, pytest.raises(KeyboardInterrupt):
            import_paths([path], store=store, clock=clock, progress=_stop_at(stop))
    with fresh(folder / "parts", clock) as store:
        import_paths([path], store=store, clock=clock)
        assert contents(store) == expected


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_files_and_export_in_any_order_are_the_same_activities(
    tmp_path_factory: pytest.TempPathFactory, clock: ManualClock, order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    written = [renamed(each, distance_m=60.0) for each in activities(4, seconds=20)]
    paths = [write_zip(folder / "e.zip", written)]
    for number in range(3):
        paths.append(folder / f"{number}.gpx")
        paths[-1].write_bytes(written[number].track)

    with fresh(folder, clock) as store:
        for index in order:
            import_paths([paths[index]], store=store, clock=clock)

        assert store.query("SELECT id, has_track FROM run ORDER BY id").rows == [(each.id, 1) for each in written]
        assert import_paths(paths, store=store, clock=clock).unchanged == 7
        owners = store.connection.execute("SELECT DISTINCT activity_id FROM original ORDER BY 1").fetchall()
        assert owners == [(each.id,) for each in written if each.track]


def _stop_at(number: int) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.done == number:
            raise KeyboardInterrupt

    return tell


def test_an_export_of_nothing_is_no_trouble(tmp_path: Path, importer: Importer) -> None:
    nothing: list[Written] = []

    assert importer(write_zip(tmp_path / "e.zip", nothing)).read == 0


@pytest.mark.parametrize("of_row", ["NFC", "NFD"])
@pytest.mark.parametrize("as_zip", [True, False])
def test_a_file_is_found_whether_its_letters_are_composed_or_not(
    tmp_path: Path, store: Store, importer: Importer, of_row: Literal["NFC", "NFD"], as_zip: bool
) -> None:
    of_file: Literal["NFC", "NFD"] = "NFD" if of_row == "NFC" else "NFC"
    plain = activities(2)[0]
    name = "activities/Läufe.gpx"
    content = table([renamed(plain, filename=unicodedata.normalize(of_row, name))])
    lies = [renamed(plain, filename=unicodedata.normalize(of_file, name))]

    account = importer((write_zip if as_zip else write_export)(tmp_path / "e", lies, content=content))

    assert (account.read, account.new, account.without_track) == (1, 1, 0), account
    assert store.streams(plain.id)


@pytest.mark.parametrize("name", ["shoes.csv", "bikes.csv", "profile.csv"])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"<!DOCTYPE html><p>Sign in", "it is not a table"),
        (b'A,B,C\nBlue,Acme,1\n"Red,Acme,2\n12345678,Fast,3\n', "1 of 2 lines could not be read"),
        (b"A,B,C\nBl\xffue,Acme,1\n", "not UTF-8"),
        (b"A,B,C\nBlue,Acme,1,more\n", "more cells than there are columns: line 2"),
    ],
)
def test_what_is_damaged_in_a_table_beside_the_runs_is_named(
    tmp_path: Path, importer: Importer, name: str, content: bytes, why: str
) -> None:
    account = importer(write_zip(tmp_path / "e.zip", activities(2), more={name: content}))

    assert account.new == 2
    told = [note for note in account.notes if note.startswith(name)]
    assert len(told) == 1, account.notes
    assert why in told[0]
    assert told[0] in str(account.to_json()["notes"])


def test_whole_tables_beside_the_runs_leave_no_note(tmp_path: Path, importer: Importer) -> None:
    more = {"profile.csv": b"Athlete ID,First Name\n7,Ada\n"}

    account = importer(write_zip(tmp_path / "e.zip", activities(2), more=more))

    assert not [note for note in account.notes if ".csv" in note]


@pytest.mark.parametrize(("method", "suffix"), [(zipfile.ZIP_DEFLATED, ".gz"), (zipfile.ZIP_STORED, ".zst")])
def test_a_file_of_a_zip_is_kept_packed_byte_for_byte(
    tmp_path: Path, store: Store, importer: Importer, method: int, suffix: str
) -> None:
    content = gpx(activities(1)[0].start, seconds=30)
    with zipfile.ZipFile(tmp_path / "e.zip", "w", method) as archive:
        archive.writestr("a.gpx", content)

    importer(tmp_path / "e.zip")

    sha256 = hashlib.sha256(content).hexdigest()
    assert [path.name for path in store.originals_dir.iterdir()] == [f"{sha256}{suffix}"]
    assert (store.originals_dir / f"{sha256}{suffix}").stat().st_size < len(content) / 2
    assert store.own.original(sha256) == content
