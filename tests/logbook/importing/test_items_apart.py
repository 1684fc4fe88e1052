"""One item never stops the others: whatever a row or a file is, the rest comes in and it is named."""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from logbook.importing.conftest import Importer, contents
from makers.export_writer import activities, gpx, renamed, table, write_export, write_zip
from paceport.errors import UsageError
from paceport.logbook.database.store import Store

START = datetime(2026, 5, 1, 6, tzinfo=UTC)
BAD_CELLS: dict[str, tuple[int, str]] = {
    "an id of 5,000 digits": (0, "7" * 5000),
    "an id above what a database holds": (0, str(2**63)),
    "an id of other digits": (0, "\u0667" * 7),
    "year 9999": (1, "Jan 1, 9999, 11:59:59 PM"),
    "year 1": (1, "Jan 1, 0001, 12:00:00 AM"),
    "1901": (1, "Dec 13, 1901, 8:45:52 PM"),
    "no date": (1, ""),
}


def with_cell(line: bytes, at: int, text: str) -> bytes:
    cells = next(csv.reader(io.StringIO(line.decode())))
    cells[at] = text
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


@pytest.mark.parametrize("kind", BAD_CELLS)
def test_a_bad_cell_costs_its_row_and_no_other(tmp_path: Path, store: Store, importer: Importer, kind: str) -> None:
    written = [renamed(each, description="") for each in activities(3, tracks=False)]
    lines = table(written).splitlines(keepends=True)
    lines[2] = with_cell(lines[2], *BAD_CELLS[kind])
    path = write_zip(tmp_path / "e.zip", written, content=b"".join(lines))

    for expected in ((2, 0), (0, 2)):  # also on the next try
        account = importer(path)
        assert (account.new, account.unchanged) == expected
        assert len(account.quarantined) == 1
        assert "activities.csv" in account.quarantined[0].place
    assert len(store.summary().quarantined) == 1


def test_an_implausible_date_is_taken_from_the_rows_own_track(tmp_path: Path, store: Store, importer: Importer) -> None:
    written = [renamed(each, description="") for each in activities(2)]
    lines = table(written).splitlines(keepends=True)
    lines[1] = with_cell(lines[1], 1, "Jan 1, 2999, 11:59:59 PM")

    assert importer(write_zip(tmp_path / "e.zip", written, content=b"".join(lines))).quarantined == ()

    assert store.query("SELECT min(start_utc), max(start_utc) FROM run").rows == [
        tuple(f"{each.start:%Y-%m-%dT%H:%M:%SZ}" for each in written)
    ]


def test_system_litter_and_routes_are_nothing(tmp_path: Path, importer: Importer) -> None:
    more = {
        "__MACOSX/activities/._1.gpx": b"\0\5\x16\7",
        "activities/._2.gpx": b"\0\5\x16\7",
        "routes/1.gpx": gpx(START),
        ".DS_Store": b"x",
    }

    account = importer(write_zip(tmp_path / "e.zip", activities(2), more=more))

    assert (account.new, account.quarantined) == (2, ())
    assert account.notes == ("1 planned route is not imported: only activities are",)


def test_a_file_packed_in_the_table_and_unpacked_in_the_folder_is_found(tmp_path: Path, importer: Importer) -> None:
    written = activities(2)
    table_of_packed = table([renamed(each, filename=each.filename + ".gz") for each in written])

    account = importer(write_export(tmp_path / "e", written, content=table_of_packed))

    assert (account.new, account.without_track, account.quarantined) == (2, 0, ())


def test_an_empty_track_is_named_and_its_row_kept(tmp_path: Path, importer: Importer) -> None:
    written = activities(2)

    account = importer(write_export(tmp_path / "e", written, more={written[0].filename: b""}))

    assert (account.new, account.without_track) == (2, 1)
    assert [(each.place, each.why) for each in account.quarantined] == [(written[0].filename, "it is empty")]


POINTLESS = {
    "gpx": b'<gpx version="1.1"><metadata><time>2026-05-01T06:00:00Z</time></metadata>'
    b"<trk><name>Treadmill</name><type>running</type><trkseg/></trk></gpx>",
    "tcx": b"<TrainingCenterDatabase><Activities><Activity Sport='Running'><Id>2026-05-01T06:00:00Z</Id>"
    b"</Activity></Activities></TrainingCenterDatabase>",
}


@pytest.mark.parametrize("kind", POINTLESS)
def test_a_rows_file_without_a_point_leaves_the_rows_totals(
    tmp_path: Path, store: Store, importer: Importer, kind: str
) -> None:
    row = activities(1)[0]
    row = renamed(row, filename=f"activities/1.{kind}", track=POINTLESS[kind])

    account = importer(write_export(tmp_path / "e", [row]))

    assert (account.new, account.without_track, account.quarantined) == (1, 1, ())
    assert any("its file holds no samples" in note for note in account.notes)
    assert store.query("SELECT distance_m, moving_time_s FROM run").rows == [(row.distance_m, row.moving_time_s)]
    assert importer(tmp_path / "e").unchanged == 1


@pytest.mark.parametrize("kind", POINTLESS)
def test_a_file_alone_without_a_point_is_named_as_such(tmp_path: Path, importer: Importer, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(POINTLESS[kind])

    (problem,) = importer(tmp_path / f"a.{kind}").quarantined

    assert "holds no point" in problem.why


def test_zips_in_a_folder_are_opened(tmp_path: Path, importer: Importer) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    write_zip(folder / "export.zip", activities(3))
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("a.gpx", gpx(START))
    (folder / "b.gpx").write_bytes(gpx(START + timedelta(days=1)))
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 no more")

    account = importer(folder)

    assert account.new == 5
    assert [each.place for each in account.quarantined] == ["broken.zip"]


def test_the_same_content_packed_or_not_is_one_run(tmp_path: Path, store: Store, importer: Importer) -> None:
    row = activities(1)[0]
    packed = renamed(row, filename=row.filename + ".gz", track=gzip.compress(row.track))
    importer(write_zip(tmp_path / "e.zip", [packed]))

    (tmp_path / "run.gpx").write_bytes(row.track)
    (tmp_path / "twice.gpx.gz").write_bytes(gzip.compress(gzip.compress(row.track, 1)))
    account = importer(tmp_path / "run.gpx", tmp_path / "twice.gpx.gz")

    assert (account.new, account.unchanged) == (0, 2)
    assert store.query("SELECT count(*) FROM run").rows == [(1,)]
    known = store.own.stored_activity(row.id)
    assert known is not None
    assert store.own.original(str(known.sha256)) == row.track
    assert len(list(store.originals_dir.iterdir())) == 1


def test_one_path_that_asks_does_not_hide_what_the_other_did(tmp_path: Path, importer: Importer) -> None:
    good = write_zip(tmp_path / "a.zip", activities(2))
    asks = write_zip(tmp_path / "b.zip", activities(2), content=b"x,y\n1,2\n")
    with pytest.raises(UsageError):
        importer(asks)

    account = importer(good, asks)

    assert account.new == 2
    assert [each.place for each in account.quarantined] == ["b.zip"]


def test_a_quote_that_is_never_closed_is_named(tmp_path: Path, importer: Importer) -> None:
    written = [renamed(each, description="") for each in activities(4, tracks=False)]
    lines = table(written).splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"Run no. 1, easy"', b'"Run no. 1, easy')

    account = importer(write_zip(tmp_path / "e.zip", written, content=b"".join(lines)))

    assert account.new + len(account.quarantined) >= 2
    assert account.quarantined


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.proof)])
def test_hostile_files_leave_every_good_one(tmp_path: Path, store: Store, importer: Importer, count: int) -> None:
    chance = random.Random(6)
    folder = tmp_path / "files"
    folder.mkdir()
    whole = gpx(START, seconds=20)
    spoilers: list[Callable[[], bytes]] = [
        lambda: b"",
        lambda: chance.randbytes(200),
        lambda: whole[: chance.randrange(20, 300)],
        lambda: b"\x0e\x10" + chance.randbytes(60),
        lambda: gzip.compress(whole)[: chance.randrange(5, 60)],
        lambda: b"<gpx>" * 20_000,
        lambda: whole.replace(b"2026-", b"9999-"),
        lambda: whole.replace(b"2026-", b"0001-"),
        lambda: b"PK\x03\x04" + chance.randbytes(40),
        lambda: b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aa">]><gpx>&a;</gpx>',
    ]
    good = set()
    for number in range(count):
        name = f"{number:04}.{chance.choice(['gpx', 'fit', 'tcx', 'gpx.gz'])}"
        if number % 10 == 0:
            good.add(name)
            (folder / name).write_bytes(gpx(START + timedelta(days=number - 1100), seconds=20))
        else:
            (folder / name).write_bytes(spoilers[number % 11 % len(spoilers)]())

    first = importer(folder)
    before = contents(store)
    second = importer(folder)

    assert first.new == len(good)
    assert {each.place for each in first.quarantined} == {path.name for path in folder.iterdir()} - good
    assert (second.new, second.changed, second.unchanged) == (0, (), len(good))
    assert contents(store) == before
