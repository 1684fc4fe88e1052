"""What is kept of an answer, and whose word on the time is taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from paceport.errors import AnswerLost
from paceport.http_message import Response
from paceport.oauth.keeper.refresh_request import answer_to_keep, capped, life_of
from paceport.oauth.protocol.token_answer import LARGEST_ANSWER
from paceport.oauth.protocol.token_endpoint import Token
from paceport.oauth.token_store.base import JournalAnswer
from paceport.secret import Secret

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def kept(response: Response) -> JournalAnswer | None:
    return answer_to_keep(response, sent_at=NOW, received_at=NOW + timedelta(seconds=2))


def test_an_answer_is_kept_as_it_came_with_the_servers_clock() -> None:
    date = format_datetime(NOW + timedelta(seconds=301), usegmt=True)

    assert kept(Response(status=200, body=b"as it came", headers={"date": date})) == JournalAnswer(
        body=b"as it came", received_at=NOW + timedelta(seconds=2), clock_offset_s=300.0
    )


def test_an_answer_without_a_date_says_nothing_of_the_clock() -> None:
    answer = kept(Response(status=200, body=b"{}"))

    assert answer is not None
    assert answer.clock_offset_s is None


def test_nothing_is_kept_of_a_refusal() -> None:
    assert kept(Response(status=400, body=b"{}")) is None


@pytest.mark.parametrize(
    ("dated_s", "implied_s", "offset_s"),
    [
        (300.0, 300, 300.0),
        (300.0, 240, 300.0),
        (300.0, 360, 300.0),
        (300.0, 239, 239.0),
        (300.0, 361, 361.0),
        (None, 300, 300.0),
        (None, 2, 2.0),
        (None, -2, -2.0),
        (None, 1, 0.0),
        (900.0, 1, 0.0),
    ],
)
def test_the_date_counts_unless_the_answers_own_times_contradict_it(
    dated_s: float | None, implied_s: int, offset_s: float
) -> None:
    token = Token(
        access_token=Secret("a"),
        refresh_token=Secret("r"),
        expires_at=NOW + timedelta(seconds=21_600 + implied_s),
        expires_in_s=21_600,
        scopes=None,
        athlete_id=None,
        athlete_name="",
    )

    answer = JournalAnswer(body=b"", received_at=NOW, clock_offset_s=dated_s)

    assert life_of(token, answer) == (21_600, offset_s)


def test_an_answer_larger_than_the_room_for_it_counts_as_lost() -> None:
    assert capped(Response(status=200, body=b" " * LARGEST_ANSWER)).status == 200
    with pytest.raises(AnswerLost):
        capped(Response(status=200, body=b" " * (LARGEST_ANSWER + 1)))
