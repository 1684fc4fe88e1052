from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.export_writer import ENGLISH, activities, renamed, table, write_export
from paceport.errors import FileError
from paceport.formats.strava_export.activity_rows import ActivityRow, UnusableRow
from paceport.formats.strava_export.csv_table import read_table
from paceport.formats.strava_export.dates import DateOrder, DateOrderUnknown
from paceport.formats.strava_export.export_files import find_root, open_file_tree
from paceport.formats.strava_export.read_export import StravaExport, read_export


def rows_of(export: StravaExport) -> list[ActivityRow]:
    return [row for row in export.rows() if isinstance(row, ActivityRow)]


def bad_rows_of(export: StravaExport) -> list[UnusableRow]:
    return [row for row in export.rows() if isinstance(row, UnusableRow)]


def export_of(
    folder: Path, *, mapping: dict[str, str] | None = None, date_order: DateOrder | None = None
) -> StravaExport:
    with open_file_tree(folder) as tree:
        root = find_root(tree)
        assert root is not None
        return read_export(tree, root, mapping=mapping, date_order=date_order)


def test_a_row_is_read_with_the_machines_figures(tmp_path: Path) -> None:
    written = activities(1)

    row = rows_of(export_of(write_export(tmp_path, written)))[0]

    assert (row.id, row.start, row.name, row.sport) == (written[0].id, written[0].start, written[0].name, "Run")
    assert row.values["distance_m"] == written[0].distance_m
    assert row.values["moving_time_s"] == written[0].moving_time_s
    assert row.filename == written[0].filename
    assert row.is_commute is False
    assert len(row.cells) == len(ENGLISH)


def test_newlines_and_quotes_in_a_description_stay(tmp_path: Path) -> None:
    row = rows_of(export_of(write_export(tmp_path, activities(1))))[0]

    assert row.description == 'first line\nsecond, with "quotes"'


@pytest.mark.parametrize("bom", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_delimiters_are_read(bom: bool, delimiter: str) -> None:
    text = delimiter.join(["a", "b"]) + "\n" + delimiter.join(["1", '"x\ny"']) + "\n\n"

    header, lines, _ = read_table((b"\xef\xbb\xbf" if bom else b"") + text.encode(), "t.csv")

    assert (header, lines) == (("a", "b"), [("1", "x\ny")])


def test_a_short_line_is_filled_and_a_long_cell_is_no_trouble() -> None:
    _, lines, _ = read_table(b"a,b,c\n1\n2," + b"x" * 500_000 + b",3\n", "t.csv")

    assert lines[0] == ("1", "", "")
    assert len(lines[1][1]) == 500_000


def test_letters_that_are_not_utf8_are_read_as_windows_wrote_them_and_noted() -> None:
    _, lines, notes = read_table("a\nMünchen 5 €\n".encode("windows-1252") + "Łódź\n".encode() + b"\x81\n", "t.csv")

    assert lines == [("München 5 €",), ("Łódź",), ("\ufffd",)]
    assert "not UTF-8" in notes[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_in_utf16_is_read_with_a_mark_and_without(encoding: str) -> None:
    header, lines, notes = read_table("a,b\nŁódź,1\n".encode(encoding), "t.csv")

    assert (header, lines, notes) == (("a", "b"), [("Łódź", "1")], ())


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04", b"<html><body>Sign in</body></html>"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FileError, match=r"t\.csv"):
        read_table(content, "t.csv")


def test_an_error_mark_in_place_of_a_file_keeps_the_row(tmp_path: Path) -> None:
    written = [renamed(activities(1)[0], filename="#error#", track=b"")]

    row = rows_of(export_of(write_export(tmp_path, written)))[0]

    assert row.filename == ""
    assert "#error#" in row.notes[0]


def test_bad_rows_are_named_and_the_others_kept(tmp_path: Path) -> None:
    content = table(activities(3)).replace(b"Jan 6, 2022", b"Smarch 6, 2022") + b"garbage,line\n"

    export = export_of(write_export(tmp_path, activities(3), content=content))

    assert [row.start is None for row in rows_of(export)] == [False, True, False]
    assert [bad.line for bad in bad_rows_of(export)] == [6]
    assert "“garbage” is not an activity id" in bad_rows_of(export)[0].why


def test_the_same_id_twice_counts_once(tmp_path: Path) -> None:
    export = export_of(write_export(tmp_path, [*activities(1), *activities(1)]))

    assert len(rows_of(export)) == 1
    assert "stands in an earlier line" in bad_rows_of(export)[0].why


def test_dates_that_can_be_read_two_ways_are_asked_for(tmp_path: Path) -> None:
    # Days up to the 12th, so nothing in the table decides.
    written = [each for each in activities(40) if each.start.day <= 12]
    write_export(tmp_path, written, content=table(written, dates="dmy"))

    with pytest.raises(DateOrderUnknown, match="--date-order dmy"):
        export_of(tmp_path)

    assert [row.start for row in rows_of(export_of(tmp_path, date_order="dmy"))] == [each.start for each in written]


def test_a_date_of_three_numbers_that_may_stand_in_any_order_is_asked_for(tmp_path: Path) -> None:
    lines = table(activities(1), dates="iso").decode().splitlines()
    cells = lines[1].split(",")
    cells[1] = "10/11/12 08:00:00"
    content = "\n".join([lines[0], ",".join(cells), ""]).encode()
    write_export(tmp_path, activities(1), content=content)

    with pytest.raises(DateOrderUnknown, match="10/11/12"):
        export_of(tmp_path)


def test_one_day_above_twelve_decides_for_all(tmp_path: Path) -> None:
    written = activities(12)

    export = export_of(write_export(tmp_path, written, content=table(written, dates="mdy")))

    assert export.date_order == "mdy"
    assert [row.start for row in rows_of(export)] == [each.start for each in written]


def test_a_sport_in_an_unknown_word_is_kept_or_mapped(tmp_path: Path) -> None:
    write_export(tmp_path, [renamed(activities(1)[0], sport="Blubbing")])

    assert rows_of(export_of(tmp_path))[0].sport is None
    assert rows_of(export_of(tmp_path))[0].sport_given == "Blubbing"
    assert rows_of(export_of(tmp_path, mapping={"blubbing": "Run"}))[0].sport == "Run"


@pytest.mark.parametrize(
    ("word", "sport"), [("Trail Run", "TrailRun"), ("Lauf", "Run"), ("Course à pied", "Run"), ("Hardloopsessie", "Run")]
)
def test_sport_words_seen_in_exports_are_translated(tmp_path: Path, word: str, sport: str) -> None:
    export = export_of(write_export(tmp_path, [renamed(activities(1)[0], sport=word)]))

    assert rows_of(export)[0].sport == sport


def test_gear_and_profile_come_along(tmp_path: Path) -> None:
    more = {"profile.csv": b"Athlete ID,City\n123,Wien\n", "bikes.csv": b"Bike Name,Brand,Model,X\n,Acme,Road 1,Ride\n"}

    export = export_of(write_export(tmp_path, activities(1), more=more))

    assert [(gear.kind, gear.name) for gear in export.gear] == [("shoe", "Blue ones"), ("bike", "Acme Road 1")]
    assert export.profile == (("Athlete ID", "123"), ("City", "Wien"))


def test_track_files_that_no_row_names_are_told(tmp_path: Path) -> None:
    export = export_of(write_export(tmp_path, activities(2), more={"activities/77.fit.gz": b"x"}))

    assert export.orphans == ("activities/77.fit.gz",)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_file_error(content: bytes) -> None:
    try:
        header, lines, _ = read_table(content, "t.csv")
    except FileError:
        return
    assert all(len(line) >= len(header) for line in lines)
