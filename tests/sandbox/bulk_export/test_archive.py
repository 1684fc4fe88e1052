"""The bulk export of a simulated athlete: what is in it, in every language, and that importing it gives it back."""

import csv
import gzip
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import fitdecode  # type: ignore[import-untyped]  # the library has no types
import gpxpy
import pytest
from defusedxml.ElementTree import fromstring

from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.bulk_export.archive import write_export
from paceport.sandbox.bulk_export.fit_file import checksum
from paceport.sandbox.bulk_export.language_words import read_languages

LANGUAGES = read_languages()


@pytest.fixture(scope="module")
def rows(population: Population) -> tuple[Activity, ...]:
    """A few of the first athlete's activities of every kind: of each device, a manual one, one with photos."""
    found: dict[object, Activity] = {}
    for row in population.activities(population.people[0].id):
        found.setdefault((row.device_name, row.sport_type), row)
        if row.photo_count:
            found.setdefault("photo", row)
    return tuple(dict.fromkeys(found.values()))


@pytest.fixture(scope="module")
def archive(population: Population, rows: tuple[Activity, ...]) -> zipfile.ZipFile:
    file = io.BytesIO()
    assert write_export(file, population.people[0], rows) == len(rows)
    return zipfile.ZipFile(file)


def table(archive: zipfile.ZipFile, name: str = "activities.csv") -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode())))


def crc_bit_by_bit(content: bytes) -> int:
    remainder = 0
    for byte in content:
        remainder ^= byte
        for _ in range(8):
            remainder = remainder >> 1 ^ 0xA001 if remainder & 1 else remainder >> 1
    return remainder


@pytest.mark.parametrize("content", [b"", b"\0", b"a", b"123456789", bytes(range(256)) * 3, b"\0\0\1"])
def test_the_checksum_is_the_protocols(content: bytes) -> None:
    assert checksum(content) == crc_bit_by_bit(content)


def test_every_activity_has_its_row_and_what_was_recorded_its_file(
    archive: zipfile.ZipFile, rows: tuple[Activity, ...]
) -> None:
    header, *cells = table(archive)
    by_id = {row[0]: row for row in cells}

    assert len(header) == 103
    assert {len(row) for row in cells} == {103}
    assert by_id.keys() == {str(row.id) for row in rows}
    for row in rows:
        named = by_id[str(row.id)][12]
        assert bool(named) == (not row.manual)
        assert not named or named in archive.namelist()
        assert float(by_id[str(row.id)][17]) == row.summary.distance_m
    assert {Path(name).suffixes[0] for name in archive.namelist() if name.startswith("activities/")} == {
        ".fit",
        ".gpx",
        ".tcx",
    }


def test_files_hold_the_recording(archive: zipfile.ZipFile, rows: tuple[Activity, ...]) -> None:
    names = {row[0]: row[12] for row in table(archive)[1:]}
    for row in rows:
        recording, name = row.recording, names[str(row.id)]
        if recording is None:
            continue
        content = archive.read(name)
        content = gzip.decompress(content) if name.endswith(".gz") else content
        if ".fit" in name:
            frames = [
                frame
                for frame in fitdecode.FitReader(io.BytesIO(content))
                if isinstance(frame, fitdecode.FitDataMessage)
            ]
            samples = [frame for frame in frames if frame.name == "record"]
            assert len(samples) == len(recording)
            assert samples[0].get_value("timestamp") == row.start
        elif ".tcx" in name:
            assert content.startswith(b" ")
            root = fromstring(content.strip())
            assert len(root.findall(".//{*}Trackpoint")) == len(recording)
        else:
            (track,) = gpxpy.parse(content.decode()).tracks
            assert track.name == row.name
            assert len(track.segments[0].points) == len(recording)


def test_photos_and_gear_and_profile_lie_beside(archive: zipfile.ZipFile, population: Population) -> None:
    media = [name for row in table(archive)[1:] for name in row[-1].split("|") if name]

    assert media
    assert all(archive.read(name).startswith(b"\xff\xd8") for name in media)
    assert len(table(archive, "shoes.csv")) == 1 + len(population.people[0].shoes)
    assert table(archive, "profile.csv")[1][0] == str(population.people[0].id)


def test_the_same_world_gives_the_same_file(population: Population, rows: tuple[Activity, ...]) -> None:
    one, other = io.BytesIO(), io.BytesIO()
    write_export(one, population.people[0], rows[:3])
    write_export(other, population.people[0], rows[:3])

    assert one.getvalue() == other.getvalue()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_has_all_columns_and_dates_of_its_own(code: str, rows: tuple[Activity, ...]) -> None:
    language = LANGUAGES[code]

    assert len(language.header) == 103
    assert language.header[17] != ""
    assert str(rows[0].start.year) in language.date_text(rows[0].start)
    assert language.has_decimal_comma == ("," in language.shown(1.5, 1))
    twelve = rows[0].start.replace(hour=0, minute=5, second=9, tzinfo=ZoneInfo("UTC"))
    assert ("12:05:09 AM" in language.date_text(twelve)) == (code == "en")


def test_hostile_names_do_not_spoil_the_files(population: Population, rows: tuple[Activity, ...]) -> None:
    phone = next(row for row in rows if row.device_name == "Strava App")
    file = io.BytesIO()
    write_export(file, population.people[0], [replace(phone, name='<x>&"\x01\n, =1+1', description="a\nb")])
    archive = zipfile.ZipFile(file)

    assert table(archive)[1][2:5:2] == ['<x>&"\x01\n, =1+1', "a\nb"]
    gpx = next(name for name in archive.namelist() if name.endswith(".gpx"))
    assert gpxpy.parse(archive.read(gpx).decode()).tracks[0].name == '<x>&"\n, =1+1'
