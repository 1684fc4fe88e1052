"""Refusals that come together share one question; whoever is refused later asks anew."""

from __future__ import annotations

import pytest

from paceport.api.client.token_question import TokenQuestion
from paceport.errors import StravaDown


class Service:
    """Says what it is told to, and counts how often it was asked."""

    def __init__(self, *, says: bool) -> None:
        self.says, self.asked = says, 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.says


@pytest.mark.parametrize("says", [True, False])
def test_refusals_of_one_moment_share_the_answer(says: bool) -> None:
    question, service = TokenQuestion(), Service(says=says)
    moment = question.moment()

    answers = [question.is_accepted("a", service, since=moment) for _ in range(8)]

    assert answers == [says] * 8
    assert service.asked == 1


def test_a_refusal_during_a_question_asks_once_more() -> None:
    question, service = TokenQuestion(), Service(says=True)
    during: list[int] = []

    def asked() -> bool:
        during.append(question.moment())
        return True

    question.is_accepted("a", asked, since=question.moment())
    service.says = False

    assert not question.is_accepted("a", service, since=during[0])
    assert not question.is_accepted("a", service, since=during[0])
    assert service.asked == 1


def test_an_answer_is_about_one_token() -> None:
    question, service = TokenQuestion(), Service(says=True)
    moment = question.moment()
    question.is_accepted("a", service, since=moment)
    service.says = False

    assert not question.is_accepted("b", service, since=moment)


def test_a_question_that_failed_has_no_answer() -> None:
    question, service = TokenQuestion(), Service(says=True)
    moment = question.moment()

    def fails() -> bool:
        raise StravaDown(status=502, why="a gateway's page")

    with pytest.raises(StravaDown):
        question.is_accepted("a", fails, since=moment)

    assert question.is_accepted("a", service, since=moment)
    assert service.asked == 1
