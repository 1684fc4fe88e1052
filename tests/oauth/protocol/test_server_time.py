from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paceport.http_message import Response
from paceport.oauth.protocol.server_time import clock_offset_s

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(moment: datetime) -> Response:
    return Response(status=200, headers={"date": format_datetime(moment, usegmt=True)})


def test_the_offset_is_taken_against_the_middle_of_the_request() -> None:
    response = at(NOON + timedelta(minutes=5))

    assert clock_offset_s(response, sent_at=NOON, received_at=NOON + timedelta(seconds=4)) == 298.0


def test_a_slow_server_clock_gives_a_negative_offset() -> None:
    assert clock_offset_s(at(NOON - timedelta(days=1)), sent_at=NOON, received_at=NOON) == -86_400.0


def test_a_date_that_names_no_zone_is_of_the_worlds_time() -> None:
    response = Response(status=200, headers={"date": "Sun, 22 Nov 2026 12:05:00 -0000"})

    assert clock_offset_s(response, sent_at=NOON, received_at=NOON) == 300.0


def test_the_rounding_of_the_header_is_no_offset() -> None:
    moment = NOON + timedelta(milliseconds=900)

    assert clock_offset_s(at(NOON), sent_at=moment, received_at=moment) == 0.0


def test_more_than_the_rounding_is_an_offset() -> None:
    moment = NOON + timedelta(milliseconds=1500)

    assert clock_offset_s(at(NOON), sent_at=moment, received_at=moment) == -1.5


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026 08:00:00 GMT", "Sun, 22 Nov 99999 08:00:00 GMT"])
def test_a_date_that_is_none_gives_no_offset(date: str) -> None:
    assert clock_offset_s(Response(status=200, headers={"date": date}), sent_at=NOON, received_at=NOON) == 0.0


@given(st.text(max_size=40))
def test_no_date_raises(date: str) -> None:
    clock_offset_s(Response(status=200, headers={"date": date}), sent_at=NOON, received_at=NOON)
