"""Steps 7 and 8 of the keeper: one refresh over the wire, repeated only where that is safe, and what it makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from paceport.clock import Clock
from paceport.error_body import read_error_body
from paceport.errors import AnswerLost, NotSent, PaceportError, StravaDown
from paceport.http_message import Request, Response, Send
from paceport.lazy_dataclass import dataclass
from paceport.oauth.protocol.server_time import clock_offset_s
from paceport.oauth.protocol.token_answer import LARGEST_ANSWER
from paceport.oauth.protocol.token_endpoint import Token, is_success, read_token, token_error
from paceport.oauth.token_store.base import Grant, JournalAnswer

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
_TIMEOUT_S = 20.0
# One refresh in all, repetitions among it: others wait for its lock.
_WHOLE_S = 60.0
# A Date header that contradicts the answer's own figures by more is a cache's, not the server's.
_DATE_LEEWAY_S = 60.0
# "Come back later" is said before anything is done; other 5xx may come from a gateway whose server has acted.
_SURELY_NOTHING_DONE = {429, 503}
# What a gateway says when it has given up waiting for the server behind it, which may have acted.
_GATEWAY_GAVE_UP = {408, 499}


@dataclass(slots=True)
class ExchangeState:
    """What is known of an exchange under way. `is_unknown`: the server may have acted without our hearing of it."""

    is_unknown: bool = False
    lost_answers: int = 0

    def note_lost_answer(self) -> bool:
        """Note a lost answer; whether it was the first, for which a second request is allowed."""
        self.is_unknown = True
        self.lost_answers += 1
        return self.lost_answers == 1


def exchange(
    request: Request, *, send: Send, clock: Clock, retry_s: float, outcome: ExchangeState
) -> tuple[Response, JournalAnswer | None]:
    """The answer to a refresh, and what to keep of it if it is a 200.

    What surely was not sent, and a server that is down, are tried again with growing pauses for `retry_s`; a lost
    answer is asked for once more and no oftener, over all calls with the same `outcome`. Raises the last error.
    An answer larger than any token counts as lost.
    """
    begun_s = clock.monotonic_s()
    give_up_at_s = begun_s + retry_s
    pause_s = _FIRST_PAUSE_S
    while True:
        problem: PaceportError
        sent_at, sent_s = clock.now(), clock.monotonic_s()
        try:
            # The transport takes twice the longest silence at the most.
            left_s = begun_s + _WHOLE_S - sent_s
            response = capped(send(request, timeout_s=max(1.0, min(_TIMEOUT_S, left_s / 2))))
        except NotSent as error:
            problem = error
        except AnswerLost:
            if outcome.note_lost_answer():
                continue
            raise
        else:
            if response.status < 500:
                outcome.is_unknown = outcome.is_unknown or response.status in _GATEWAY_GAVE_UP
                return response, answer_to_keep(response, sent_at=sent_at, received_at=clock.now())
            outcome.is_unknown = outcome.is_unknown or response.status not in _SURELY_NOTHING_DONE
            problem = token_error(read_error_body(response.status, response.body))
        if not isinstance(problem, NotSent | StravaDown) or clock.monotonic_s() + pause_s > give_up_at_s:
            raise problem
        clock.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)


def capped(response: Response) -> Response:
    """The response, unless it is larger than the room that is held for it. Raises AnswerLost."""
    if len(response.body) > LARGEST_ANSWER:
        raise AnswerLost(host="Strava's token endpoint", why="the answer is far larger than a token")
    return response


def refreshed_grant(grant: Grant, answer: JournalAnswer) -> Grant:
    """The grant that a kept answer makes of an old one: athlete, profile and known scopes are carried over.

    Raises AnswerLost or UnexpectedAnswer for an answer that is no token.
    """
    token = read_token(Response(status=200, body=answer.body), now=server_time_of(answer))
    left_s, offset_s = life_of(token, answer)
    known = grant.scopes is not None or token.scopes is None
    return replace(
        grant,
        access_token=token.access_token,
        # Left out, the old one stays: RFC 6749, section 6.
        refresh_token=token.refresh_token or grant.refresh_token,
        expires_at=token.expires_at,
        received_at=answer.received_at,
        expires_in_s=left_s,
        clock_offset_s=offset_s,
        scopes=grant.scopes if known else token.scopes,
        scopes_known_by=grant.scopes_known_by if known else "declared",
        status="ok",
        status_reason="",
    )


def answer_to_keep(response: Response, *, sent_at: datetime, received_at: datetime) -> JournalAnswer | None:
    """What the journal keeps of an answer: all of a 200, nothing of a refusal."""
    if not is_success(response.status):
        return None
    dated = "date" in response.headers
    offset_s = clock_offset_s(response, sent_at=sent_at, received_at=received_at) if dated else None
    return JournalAnswer(body=response.body, received_at=received_at, clock_offset_s=offset_s)


def server_time_of(answer: JournalAnswer) -> datetime:
    """When the answer came, by the server's clock where its Date header told it."""
    return answer.received_at + timedelta(seconds=answer.clock_offset_s or 0.0)


def life_of(token: Token, answer: JournalAnswer) -> tuple[int, float]:
    """Seconds that were left of a token when it came, and the server's clock against ours, in seconds.

    The clock is read from the Date header, else from what the answer says of itself. Where the header agrees with this
    machine's clock and an answer says that more is left than up to its own end, the end counts: what was handed on from
    a cache, or given in milliseconds, must not make a dead token live.
    """
    left_s, dated_s = token.expires_in_s, answer.clock_offset_s
    up_to_end_s = (token.expires_at - answer.received_at).total_seconds()
    implied_s = up_to_end_s - left_s
    if dated_s is not None:
        if abs(dated_s - implied_s) <= _DATE_LEEWAY_S:
            return left_s, dated_s
        if abs(dated_s) <= _DATE_LEEWAY_S and 0 < up_to_end_s - dated_s < left_s:
            return round(up_to_end_s - dated_s), dated_s
    return left_s, (implied_s if abs(implied_s) > 1.0 else 0.0)
