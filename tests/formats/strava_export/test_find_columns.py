import csv
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.export_writer import ENGLISH, GERMAN, INVENTED, activities, table
from paceport.errors import UsageError
from paceport.formats.strava_export.csv_table import read_table
from paceport.formats.strava_export.find_columns import (
    Columns,
    ColumnsMissing,
    ColumnsUnknown,
    find_columns,
    read_number,
)

NEEDED = (
    "id",
    "date",
    "name",
    "sport",
    "filename",
    "elapsed_time_s",
    "moving_time_s",
    "distance_m",
    "elevation_gain_m",
)


def columns_of(content: bytes, mapping: dict[str, str] | None = None, *, tracks: bool = True) -> Columns:
    header, lines, _ = read_table(content, "activities.csv")
    return find_columns(header, lines, mapping=mapping, tracks=tracks)


@pytest.mark.parametrize("header", [ENGLISH, GERMAN, INVENTED], ids=["english", "german", "invented words"])
def test_columns_in_the_real_order_are_found_in_any_words(header: list[str]) -> None:
    columns = columns_of(table(activities(12), header=header, dates="de"))

    assert [columns.index(field) for field in NEEDED] == [0, 1, 2, 3, 12, 15, 16, 17, 20]


@given(seed=st.integers(0, 10_000), header=st.sampled_from([ENGLISH, GERMAN]))
def test_real_words_are_found_in_any_order(seed: int, header: list[str]) -> None:
    content = table(activities(6, tracks=False), header=header, shuffle=random.Random(seed))
    names, lines, _ = read_table(content, "activities.csv")

    columns = find_columns(names, lines, tracks=False)

    moving = columns.index("moving_time_s")
    metres = columns.index("distance_m")
    assert moving is not None
    assert metres is not None
    assert [float(line[moving]) for line in lines] == [each.moving_time_s for each in activities(6)]
    assert [float(line[metres]) for line in lines] == [each.distance_m for each in activities(6)]


def test_miles_are_told_from_metres() -> None:
    columns = columns_of(table(activities(6), unit_m=1609.344, decimal=","))

    assert columns.index("distance_m") == 17
    assert columns.index("shown_distance") == 6


def test_one_new_wording_is_found_between_its_neighbours() -> None:
    header = [name.replace("Elevation Gain", "Total Climbing") for name in ENGLISH]

    columns = columns_of(table(activities(6), header=header))

    assert columns.index("elevation_gain_m") == 20
    assert columns.how["elevation_gain_m"] == "position"


def test_neighbours_say_nothing_in_another_order() -> None:
    header = [name.replace("Moving Time", "Zork") for name in ENGLISH]
    header[20], header[22] = header[22], header[20]

    assert columns_of(table(activities(6), header=header)).index("moving_time_s") is None


def test_a_missing_translation_is_no_trouble() -> None:
    header = list(ENGLISH)
    header[24] = '<span class="translation_missing" title="translation missing">max_grade</span>'

    columns = columns_of(table(activities(6), header=header))

    assert columns.index("distance_m") == 17
    assert columns.field_at[24] is None


def test_invented_words_in_another_order_are_asked_for() -> None:
    content = table(activities(6), header=INVENTED, shuffle=random.Random(3))

    with pytest.raises(ColumnsUnknown) as caught:
        columns_of(content)

    assert caught.value.needed == ("sport",)
    assert '--map "Header=sport"' in caught.value.fix


def without(name: str) -> bytes:
    """A table of English columns from which one was removed, with a column of numbers of somebody's own."""
    at = ENGLISH.index(name)
    rows = [row[:at] + row[at + 1 :] for row in csv.reader(io.StringIO(table(activities(6)).decode()))]
    out = io.StringIO()
    csv.writer(out).writerows([*row, "My Rating" if number == 0 else number] for number, row in enumerate(rows))
    return out.getvalue().encode()


def test_a_table_without_a_column_for_the_sport_asks_for_nothing() -> None:
    columns = columns_of(without("Activity Type"))

    assert columns.index("sport") is None
    assert columns.index("distance_m") is not None


def test_what_no_column_can_be_is_said_to_be_missing() -> None:
    with pytest.raises(ColumnsMissing, match="no column “Activity Type”") as caught:
        columns_of(without("Activity Type"), tracks=False)

    assert "--map" not in str(caught.value)


def test_the_users_word_decides() -> None:
    content = table(activities(6), header=INVENTED, shuffle=random.Random(3))

    columns = columns_of(content, {"blub 3": "sport", "blub 2": "name"})

    assert columns.how["sport"] == "map"
    assert columns.header[columns.index("sport") or 0] == "blub 3"


def test_a_mapping_to_nothing_known_is_refused() -> None:
    with pytest.raises(UsageError, match="neither a field nor a sport"):
        columns_of(table(activities(2)), {"Activity Name": "title"})


def test_one_distance_alone_is_in_an_unknown_unit_and_not_read() -> None:
    header = ["Activity ID", "Activity Date", "Activity Name", "Activity Type", "Distance", "Filename"]
    line = ["12345", "Sep 12, 2018, 3:02:23 PM", "Evening Ride", "Ride", "3.68", "activities/1.gpx"]

    columns = find_columns(header, [line], tracks=True)

    assert columns.index("distance_m") is None
    assert find_columns(header, [line], mapping={"Distance": "distance_mi"}, tracks=True).index("distance_mi") == 4


def test_the_old_lower_case_header_has_metres() -> None:
    header = ["id", "date", "name", "type", "description", "elapsed_time", "distance", "commute", "gear", "filename"]
    line = [
        "1836776031",
        "2018-09-12 15:02:23",
        "Evening Ride",
        "Ride",
        "",
        "783",
        "3681.0",
        "true",
        "Merida",
        "activities/1836776031.gpx",
    ]

    columns = find_columns(header, [line], tracks=True)

    assert columns.index("distance_m") == 6
    assert columns.index("sport") == 3


@pytest.mark.parametrize(
    ("text", "number"),
    [("1428.0", 1428.0), ("9,44", 9.44), ("1 234,5", 1234.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("-3", -3.0)],
)
def test_numbers_are_read_with_either_decimal_sign(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "1e400", "--", "5:00"])
def test_what_is_no_finite_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=9), min_size=1, max_size=6))
def test_any_table_gives_columns_or_says_what_is_needed(cells: list[list[str]]) -> None:
    width = len(cells[0])
    lines = [(row + [""] * width)[:width] for row in cells[1:]]

    try:
        columns = find_columns(cells[0], lines, tracks=True)
    except (ColumnsMissing, ColumnsUnknown):
        return
    assert len(columns.field_at) == width


def test_every_column_of_an_english_export_is_known() -> None:
    rows = activities(6)
    header, lines, _ = read_table(table(rows, header=ENGLISH), "activities.csv")
    filled = [[cell or "1" for cell in line] for line in lines]

    assert find_columns(header, filled, tracks=True).unrecognised == ()
