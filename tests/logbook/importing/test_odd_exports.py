"""Exports that went through other hands: renamed, repacked, opened in a spreadsheet, written anew."""

import csv
import io
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logbook.importing.conftest import Importer
from makers.export_languages import LANGUAGES, ExportLanguage
from makers.export_writer import Written, activities, files, gpx, renamed, table
from paceport.clock import ManualClock
from paceport.logbook.database.store import Store
from paceport.logbook.importing.rebuild import rebuild

WRITTEN = activities(5, seconds=20)
FIRST = WRITTEN[0].filename
TABLE = "activities.csv"
Files = dict[str, bytes]
# Noon, midnight and the minutes beside them, in months whose short names differ most.
MOMENTS = [
    datetime(2022, month, day, hour, minute, 5, tzinfo=UTC)
    for month, day, hour, minute in (
        *((1, 31, 0, 0), (2, 28, 12, 0), (3, 17, 13, 1), (4, 30, 11, 59), (5, 13, 12, 30), (6, 21, 23, 59)),
        *((7, 19, 0, 30), (8, 14, 1, 0), (9, 16, 4, 59), (10, 18, 8, 0), (11, 29, 19, 0), (12, 15, 5, 0)),
    )
]


def in_table(old: bytes, new: bytes) -> Callable[[Files], Files]:
    return lambda made: made | {TABLE: made[TABLE].replace(old, new)}


def written_anew(delimiter: str) -> Callable[[Files], Files]:
    def write(made: Files) -> Files:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(made[TABLE].decode())))
        return made | {TABLE: out.getvalue().encode()}

    return write


def without_sports(made: Files) -> Files:
    rows = [row[:3] + row[4:] for row in csv.reader(io.StringIO(made[TABLE].decode()))]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return made | {TABLE: out.getvalue().encode()}


def with_umlaut(made: Files, form: str) -> Files:
    name = "activities/Läufe é.gpx"
    rest = {key: body for key, body in made.items() if key not in {FIRST, TABLE}}
    return rest | {
        unicodedata.normalize("NFD" if form == "NFD" else "NFC", name): made[FIRST],
        TABLE: made[TABLE].replace(FIRST.encode(), name.encode()),
    }


def under(folder: str, made: Files) -> Files:
    moved = {key.replace("activities/", folder): body for key, body in made.items()}
    return moved | {TABLE: made[TABLE].replace(b"activities/", folder.encode())}


ODD: dict[str, Callable[[Files], Files]] = {
    "backslashes in the table": in_table(b"activities/", b"activities\\"),
    "./ in the table": in_table(b"activities/", b"./activities/"),
    "names without a folder": in_table(b"activities/", b""),
    "capital suffixes": in_table(b".gpx", b".GPX"),
    "ids as decimal numbers": in_table(b"7000000017,", b"7000000017.0,"),
    "no column for the sport": without_sports,
    "semicolons": written_anew(";"),
    "tabs": written_anew("\t"),
    "UTF-16": lambda made: made | {TABLE: made[TABLE].decode().encode("utf-16")},
    "names decomposed": lambda made: with_umlaut(made, "NFD"),
    "names composed": lambda made: with_umlaut(made, "NFC"),
    "a folder in another language": lambda made: under("aktiviteter/", made),
    "another table in capitals": lambda made: {
        key.replace(TABLE, "Activities.CSV"): body for key, body in made.items()
    },
}


def zipped(path: Path, made: Files, *, says_utf8: bool = True) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in made.items():
            archive.writestr(name, body)
    if not says_utf8:
        raw = bytearray(path.read_bytes())
        for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = raw.find(signature)
            while place >= 0:
                (flags,) = struct.unpack_from("<H", raw, place + at)
                struct.pack_into("<H", raw, place + at, flags & ~0x800)
                place = raw.find(signature, place + 4)
        path.write_bytes(raw)
    return path


@pytest.mark.parametrize("kind", ODD)
def test_every_row_finds_its_track(tmp_path: Path, importer: Importer, kind: str) -> None:
    account = importer(zipped(tmp_path / "e.zip", ODD[kind](files(WRITTEN))))

    assert (account.new, account.without_track, account.quarantined) == (5, 1, ())
    assert importer(tmp_path / "e.zip").unchanged == 5


def test_names_in_utf_8_that_an_archive_does_not_declare_are_read(tmp_path: Path, importer: Importer) -> None:
    account = importer(zipped(tmp_path / "e.zip", with_umlaut(files(WRITTEN), "NFC"), says_utf8=False))

    assert (account.new, account.without_track, account.quarantined) == (5, 1, ())


def test_without_a_column_for_the_sport_the_tracks_say_it(tmp_path: Path, store: Store, importer: Importer) -> None:
    account = importer(zipped(tmp_path / "e.zip", without_sports(files(WRITTEN))))

    assert any("no column holds the sport" in note for note in account.notes)
    assert store.query("SELECT sport, count(*) FROM activity GROUP BY sport ORDER BY sport").rows == [
        ("Run", 4),
        ("Workout", 1),
    ]


def test_a_distance_changed_at_the_site_stands_beside_that_of_the_file(
    tmp_path: Path, store: Store, importer: Importer
) -> None:
    edited = renamed(WRITTEN[0], elapsed_time_s=20.0)

    account = importer(zipped(tmp_path / "e.zip", files([edited, *WRITTEN[1:]])))

    assert [note for note in account.notes if "the export states" in note and "its file" in note]
    assert store.query(f"SELECT distance_m FROM run WHERE id = {edited.id}").rows == [(edited.distance_m,)]


def a_row_whose_file_is_days_away(days: float, *, elapsed_time_s: float = 20.0, distance_m: float = 60.0) -> Written:
    """The second activity, with a track of 20 seconds and 60 m that begins so many days earlier."""
    row = WRITTEN[1]
    track = gpx(row.start - timedelta(days=days), seconds=20)
    return renamed(row, track=track, elapsed_time_s=elapsed_time_s, distance_m=distance_m)


def samples_of(store: Store, written: Written) -> int:
    known = store.own.stored_activity(written.id)
    assert known is not None
    return int(str(known.row["samples"]))


@pytest.mark.parametrize(
    ("elapsed_time_s", "distance_m"), [(3600.0, 12_000.0), (3600.0, 60.0), (0.0, 12_000.0), (0.0, 0.0)]
)
def test_a_file_of_another_day_and_another_time_is_not_the_rows(
    tmp_path: Path, store: Store, importer: Importer, elapsed_time_s: float, distance_m: float
) -> None:
    odd = a_row_whose_file_is_days_away(12, elapsed_time_s=elapsed_time_s, distance_m=distance_m)

    report = importer(zipped(tmp_path / "e.zip", files([WRITTEN[0], odd])))

    assert samples_of(store, odd) == 0
    (named,) = [one for one in report.quarantined if one.place.endswith(odd.filename)]
    assert "12 days before what the export says" in named.why
    assert report.read == 2


def test_such_a_file_can_be_imported_by_itself(tmp_path: Path, store: Store, importer: Importer) -> None:
    odd = a_row_whose_file_is_days_away(12, elapsed_time_s=3600.0, distance_m=12_000.0)
    archive = zipped(tmp_path / "e.zip", files([WRITTEN[0], odd]))
    importer(archive)
    (alone := tmp_path / "alone.gpx").write_bytes(odd.track)

    importer(alone)
    again = importer(archive)

    days = [str(row[0])[:10] for row in store.query("SELECT start_utc FROM run").rows]
    assert f"{odd.start - timedelta(days=12):%Y-%m-%d}" in days
    assert len(days) == 3
    assert (again.new, again.changed) == (0, ())
    assert samples_of(store, odd) == 0


@pytest.mark.parametrize("days", [12, -3, 7168])
@pytest.mark.parametrize("distance_m", [60.0, 12_000.0])
def test_a_device_whose_clock_was_wrong_keeps_its_track_on_the_rows_day(
    tmp_path: Path, store: Store, importer: Importer, days: float, distance_m: float
) -> None:
    odd = a_row_whose_file_is_days_away(days, distance_m=distance_m)

    report = importer(zipped(tmp_path / "e.zip", files([WRITTEN[0], odd])))

    assert samples_of(store, odd) == 21
    assert not report.quarantined
    assert any(f"{abs(days)} days {'before' if days > 0 else 'after'}" in note for note in report.notes)
    (start,) = store.query(f"SELECT start_utc FROM run WHERE id = {odd.id}").rows
    assert str(start[0])[:10] == f"{odd.start:%Y-%m-%d}"


def test_a_rebuild_takes_such_a_track_away_with_a_note(
    tmp_path: Path, store: Store, importer: Importer, clock: ManualClock
) -> None:
    odd = a_row_whose_file_is_days_away(12)
    importer(zipped(tmp_path / "e.zip", files([WRITTEN[0], odd])))
    store.connection.execute(
        "UPDATE main.activity SET cells = replace(cells, '\"20.0\"', '\"3600.0\"') WHERE id = ?", [odd.id]
    )

    report = rebuild(store=store, clock=clock)

    assert samples_of(store, odd) == 0
    assert any("another activity's" in note for note in report.notes)


def test_hours_away_are_a_matter_of_zones(tmp_path: Path, store: Store, importer: Importer) -> None:
    odd = a_row_whose_file_is_days_away(14 / 24, elapsed_time_s=3600.0, distance_m=12_000.0)

    importer(zipped(tmp_path / "e.zip", files([WRITTEN[0], odd])))

    assert samples_of(store, odd) == 21


def test_a_distance_below_0_is_left_out_with_a_note(tmp_path: Path, store: Store, importer: Importer) -> None:
    odd = [renamed(WRITTEN[0], distance_m=-5.0), *WRITTEN[1:]]

    account = importer(zipped(tmp_path / "e.zip", files(odd)))

    assert any("below 0" in note for note in account.notes)
    assert store.query("SELECT min(distance_m) > 50 FROM run").rows == [(1,)]


def test_an_export_inside_a_zip_is_named_with_what_to_do(tmp_path: Path, importer: Importer) -> None:
    inner = zipped(tmp_path / "inner.zip", files(WRITTEN)).read_bytes()

    account = importer(zipped(tmp_path / "outer.zip", {"export.zip": inner}))

    assert account.new == 0
    assert any("export.zip" in note and "Unpack" in note for note in account.notes)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_manual_rows_of_every_language_are_read_at_noon_and_midnight(
    tmp_path: Path, store: Store, importer: Importer, language: ExportLanguage
) -> None:
    rows = [
        renamed(each, start=start, sport=language.run, filename="", description='one\n"two"; three')
        for each, start in zip(activities(len(MOMENTS), tracks=False), MOMENTS, strict=True)
    ]
    content = table(rows, header=language.header(), dates=language.date, decimal=language.decimal)

    account = importer(zipped(tmp_path / "e.zip", {TABLE: content}))

    assert (account.new, account.quarantined) == (len(rows), ())
    found = store.query("SELECT start_utc, sport, distance_m, moving_time_s, description FROM run ORDER BY start_utc")
    assert found.rows == [
        (f"{row.start:%Y-%m-%dT%H:%M:%SZ}", "Run", row.distance_m, row.moving_time_s, row.description) for row in rows
    ]
