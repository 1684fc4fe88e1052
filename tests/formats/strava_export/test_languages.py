"""Exports in every language that Strava speaks: what any of them holds is read alike."""

import csv
import io
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makers.export_languages import LANGUAGES
from makers.export_writer import ENGLISH, Written, activities, renamed, table, write_export
from paceport.formats.strava_export.activity_rows import ActivityRow
from paceport.formats.strava_export.column_names import LANGUAGES as KNOWN_WORDS
from paceport.formats.strava_export.comparable_text import make_comparable
from paceport.formats.strava_export.dates import read_date
from paceport.formats.strava_export.export_files import open_file_tree
from paceport.formats.strava_export.find_columns import DatesUnknown
from paceport.formats.strava_export.month_names import MONTH_WORDS, comparable_date
from paceport.formats.strava_export.read_export import read_export

ORDER_IS_SAID = frozenset({"pt-PT"})  # its dates are figures alone: the header's language tells that the day is first


def rows_of(folder: Path, content: bytes, written: list[Written]) -> list[ActivityRow]:
    write_export(folder, written, content=content)
    with open_file_tree(folder) as tree:
        return [row for row in read_export(tree, "").rows() if isinstance(row, ActivityRow)]


@pytest.mark.parametrize("name", LANGUAGES)
def test_an_export_in_any_language_gives_the_same_rows(tmp_path: Path, name: str) -> None:
    language = LANGUAGES[name]
    written = [renamed(each, sport=language.run) for each in activities(12, seconds=2)]
    content = table(written, header=language.header(), dates=language.date, decimal=language.decimal)

    rows = rows_of(tmp_path, content, written)

    assert [(row.id, row.start, row.sport, row.name, row.filename) for row in rows] == [
        (each.id, each.start, "Run", each.name, each.filename) for each in written
    ]
    for field in ("distance_m", "moving_time_s", "elapsed_time_s", "elevation_gain_m"):
        assert [row.values.get(field) for row in rows] == [getattr(each, field) for each in written]
    assert {(row.values["average_heartrate_bpm"], row.values["max_speed_mps"]) for row in rows} == {(151.0, 4.5)}


@given(
    name=st.sampled_from(sorted(set(LANGUAGES) - ORDER_IS_SAID)),
    moment=st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1)),
)
def test_a_date_of_any_language_is_read_back(name: str, moment: datetime) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)

    assert read_date(LANGUAGES[name].date(whole)) == whole


@settings(max_examples=40)
@given(
    name=st.sampled_from(sorted(LANGUAGES)),
    width=st.sampled_from([18, 21, 38, 51, len(ENGLISH)]),
    miles=st.booleans(),
    manual=st.booleans(),
    bom=st.booleans(),
)
def test_any_number_of_columns_gives_metres_and_moving_time(
    tmp_path_factory: pytest.TempPathFactory, name: str, width: int, miles: bool, manual: bool, bom: bool
) -> None:
    language = LANGUAGES[name]
    written = [renamed(each, sport=language.run) for each in activities(6, seconds=2, tracks=not manual)]
    written[0] = renamed(written[0], start=written[0].start.replace(day=28))
    whole = table(
        written,
        header=language.header(),
        dates=language.date,
        decimal=language.decimal,
        unit_m=1609.344 if miles else 1000.0,
        bom=bom,
    )
    content = narrowed(whole, width)
    folder = tmp_path_factory.mktemp("export")
    if manual and not language.words:
        return  # without words and without files nothing says which column is which: asked for, see test_find_columns

    rows = rows_of(folder, content, written)

    assert [row.start for row in rows] == [each.start for each in written]
    assert [row.values.get("distance_m") for row in rows] == [each.distance_m for each in written]
    assert [row.values.get("moving_time_s") for row in rows] == [each.moving_time_s for each in written]


def narrowed(content: bytes, width: int) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(row[:width] for row in rows)
    return text.getvalue().encode()


def test_a_column_called_date_that_holds_none_is_not_taken(tmp_path: Path) -> None:
    written = activities(4)
    content = table(written, dates=lambda at: f"day {at.timetuple().tm_yday}")

    rows = rows_of(tmp_path, content, written)

    assert [row.start for row in rows] == [None] * 4  # the tracks say it


def test_unreadable_dates_without_tracks_are_refused_with_advice_that_works(tmp_path: Path) -> None:
    written = activities(4, tracks=False)

    with pytest.raises(DatesUnknown, match="2024-05-04 08:00:00"):
        rows_of(tmp_path, table(written, dates=lambda at: f"day {at.timetuple().tm_yday}"), written)

    rows = rows_of(tmp_path, table(written, dates="iso"), written)
    assert [row.start for row in rows] == [each.start for each in written]


def test_no_word_means_two_things() -> None:
    columns: dict[str, set[str]] = defaultdict(set)
    for words in KNOWN_WORDS.values():
        for word, field in words.items():
            columns[make_comparable(word)].add(field)
    months: dict[str, set[int]] = defaultdict(set)
    for number, words_of_month in enumerate(MONTH_WORDS, 1):
        for word in words_of_month.split():
            months[comparable_date(word)].add(number)

    assert {word: meanings for word, meanings in columns.items() if len(meanings) > 1} == {}
    assert {word: meanings for word, meanings in months.items() if len(meanings) > 1} == {}
