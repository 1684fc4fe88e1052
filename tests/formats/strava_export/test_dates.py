from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makers.export_writer import date_text
from paceport.formats.strava_export.dates import DateOrder, is_ambiguous, possible_orders, read_date

MOMENT = datetime(2022, 5, 29, 15, 53, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "May 29, 2022, 3:53:35 PM",
        "May 29, 2022, 3:53:35\u202fPM",
        "29.05.2022, 15:53:35",
        "29 mei 2022 15:53:35",
        "29 mai 2022, 15:53:35",
        "29 de mai. de 2022, 15:53:35",
        "2022-05-29 15:53:35",
        "2022-05-29T15:53:35Z",
        "2022年5月29日 15:53:35",
    ],
)
def test_a_date_that_says_all_is_read_in_any_language(text: str) -> None:
    assert read_date(text) == MOMENT
    assert possible_orders([text]) == ("dmy", "mdy", "ymd")


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03/04/2022 10:00:00", "dmy", datetime(2022, 4, 3, 10, tzinfo=UTC)),
        ("03/04/2022 10:00:00", "mdy", datetime(2022, 3, 4, 10, tzinfo=UTC)),
        ("3/4/22, 12:00 AM", "mdy", datetime(2022, 3, 4, 0, tzinfo=UTC)),
        ("3/4/22, 12:00 p. m.", "dmy", datetime(2022, 4, 3, 12, tzinfo=UTC)),
    ],
)
def test_an_open_date_follows_the_order(text: str, order: DateOrder, expected: datetime) -> None:
    assert read_date(text, order) == expected
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May 29, 2022",
        "15:53:35",
        "29 Smarch 2022, 10:00:00",
        "31.02.2022, 10:00:00",
        "29.05.2022, 25:00:00",
        "May 29, 2022, 13:00:00 PM",
        "29 Smarch 2022 下午3:53:35",
        "2022-05-29T15:53:35+02:00",
        "1428.0",
    ],
)
def test_what_is_not_understood_whole_is_not_read(text: str) -> None:
    assert read_date(text) is None
    assert read_date(text, "dmy") is None


def test_one_day_above_twelve_settles_the_order() -> None:
    assert possible_orders(["03/04/2022 10:00:00", "03/14/2022 10:00:00"]) == ("mdy",)
    assert possible_orders(["03/04/2022 10:00:00", "14/03/2022 10:00:00"]) == ("dmy",)


def test_only_dates_that_differ_are_ambiguous() -> None:
    assert is_ambiguous(["03/04/2022 10:00:00"])
    assert not is_ambiguous(["04/04/2022 10:00:00"])
    assert not is_ambiguous(["Mar 4, 2022, 10:00:00 AM"])


@given(
    st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1)), st.sampled_from(["en", "de", "fr", "iso", "dmy", "mdy"])
)
def test_what_was_written_is_read_back(moment: datetime, style: str) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    order: DateOrder = "mdy" if style == "mdy" else "dmy"

    assert read_date(date_text(whole, style), order) == whole


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for order in (None, "dmy", "mdy", "ymd"):
        read = read_date(text, order)
        assert read is None or read.tzinfo is UTC
