"""One call, from its words to its answer: scope, budget, token, wire, retries. Everything else builds on `request`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from paceport.api.client.repeated_pages import SeenRows
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.token_question import TokenQuestion
from paceport.api.endpoints import (
    Endpoint,
    EndpointStatus,
    Paging,
    endpoint_named,
    find_endpoint,
    missing_scope,
)
from paceport.api.models.activity import Comment
from paceport.api.models.decoding import decode_page, raw_rows
from paceport.api.protocol import (
    FilePart,
    ParameterValue,
    api_error,
    authorize,
    build_request,
    check_answer,
    error_body_of,
    is_rate_limit,
    refused_call,
    retry_pause_s,
    server_time,
)
from paceport.api.rate_limit.headers import Rates, read_rates
from paceport.api.rate_limit.limit_class import LimitClass
from paceport.api.rate_limit.reservations import Permit
from paceport.clock import Clock
from paceport.errors import (
    ApiError,
    NetworkError,
    NotSent,
    PaceportError,
    RateLimited,
    ScopeMissing,
    TokenRefused,
    UsageError,
)
from paceport.http_message import Request, Response, Send

PER_PAGE = 200

# A 429 in spite of the budget means that others spend it too; waiting for more windows than this helps nobody.
_MOST_WINDOWS = 4
# Less than this is no wait to speak of: the edge of a window, told by two clocks.
_MOMENT_S = 5.0


class TokenSource(Protocol):
    """Hands out a live access token; `not_this` names one that was just refused. Called from several threads."""

    def __call__(self, *, not_this: str | None = None) -> str: ...


class Requester:
    """Sends one call at a time, or several from threads. The constructor only stores."""

    def __init__(self, *, send: Send, token: TokenSource, clock: Clock, options: RequestOptions | None = None) -> None:
        self._send, self._token, self.clock = send, token, clock
        self.options = options or RequestOptions()
        self._question = TokenQuestion()

    def rates(self) -> Rates | None:
        """What the app may still send as far as is known; None before the first answer."""
        return self.options.budget.rates(now=self.clock.now())

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, ParameterValue] | None = None,
        form: Mapping[str, ParameterValue] | None = None,
        json: object = None,
        files: Mapping[str, FilePart] | None = None,
        paged: bool = False,
        even_if_removed: bool = False,
    ) -> Response:
        """The answer (2xx, its body whole) of any endpoint, known to the table or not.

        `paged` reads a list to its end and gives one answer with all rows; its headers are the last page's. A removed
        endpoint is not asked, save with `even_if_removed`. Raises our errors, before anything is sent where the call
        cannot succeed: ScopeMissing, UsageError, ApiError.
        """
        endpoint = find_endpoint(method, path)
        self._check_can_succeed(endpoint, even_if_removed)
        if paged:
            return self._all_pages(endpoint, method, path, query)
        request = build_request(self.options.api_url, method, path, query=query, form=form, json=json, files=files)
        return self.send(request, endpoint)

    def check_can_call(self, name: str) -> None:
        """Nothing, or the error that a call of that row of the table is known to end in: ScopeMissing, ApiError."""
        self._check_can_succeed(endpoint_named(name), even_if_removed=False)

    def _check_can_succeed(self, endpoint: Endpoint | None, even_if_removed: bool) -> None:
        if endpoint is None:
            return
        if endpoint.status is EndpointStatus.REMOVED and not even_if_removed:
            raise ApiError(
                what=f"{endpoint.method} {endpoint.path} is no longer part of Strava's API",
                why=f"it was removed on {endpoint.removed_on}",
                fix=endpoint.note or "there is no other call for it",
            )
        granted = self.options.granted()
        lacking = missing_scope(endpoint, granted)
        if lacking is not None:
            granted = self.options.granted(again=True)
            lacking = missing_scope(endpoint, granted)
        if lacking is not None:
            raise ScopeMissing(needed=lacking, granted=str(granted), wider=endpoint.wider_scope_than(lacking))

    def send(self, request: Request, endpoint: Endpoint | None) -> Response:
        """Send until there is an answer, a final error, or nothing left to try. The request has no token yet."""
        refused: str | None = None
        attempt = windows = 0
        while True:
            token = self._token() if refused is None else self._token(not_this=refused)
            try:
                return self._judged(request, endpoint, token)
            except TokenRefused:
                if refused is not None or token == refused:
                    raise
                refused = token
            except RateLimited as error:
                windows += 1
                if self.options.no_wait or windows > _MOST_WINDOWS or error.until is None:
                    raise
            except NetworkError as error:
                attempt += 1
                pause_s = retry_pause_s(request.method, error, attempt)
                if pause_s is None:
                    raise
                self.clock.sleep(pause_s * (1 + self.options.spread()))

    def _judged(self, request: Request, endpoint: Endpoint | None, token: str) -> Response:
        """One try. Raises TokenRefused only for a token that the service surely refuses."""
        try:
            return self._once(authorize(request, token), endpoint)
        except TokenRefused as refusal:
            if refusal.in_doubt is None or not self.accepts(token, since=self._question.moment()):
                raise
            raise refused_call(refusal.in_doubt, also="the login itself is fine: GET /athlete accepts it") from None

    def accepts(self, token: str, *, since: int | None = None) -> bool:
        """Whether the service accepts a token, by one GET /athlete. Raises what a call raises that says neither.

        `since` lets refusals that came together share a question: a moment of `TokenQuestion`.
        """
        endpoint = endpoint_named("athlete")
        asked = authorize(build_request(self.options.api_url, endpoint.method, endpoint.path), token)

        def ask() -> bool:
            try:
                self._once(asked, endpoint)
            except TokenRefused:
                return False
            except ScopeMissing:  # what is missed in a token is a token
                pass
            return True

        return self._question.is_accepted(token, ask, since=self._question.moment() if since is None else since)

    def _once(self, request: Request, endpoint: Endpoint | None) -> Response:
        permit = self._reserve(endpoint)
        is_settled = False
        try:
            response = self._send(request)
            now = self.clock.now()
            rates = read_rates(response.headers, now=server_time(response.headers, now=now))
            is_refused = response.status in {403, 429} and is_rate_limit(error_body_of(response), rates)
            self.options.budget.record_answer(permit, rates, now=now, is_refused=is_refused)
            is_settled = True
        except NotSent:
            self.options.budget.release(permit)
            is_settled = True
            raise
        finally:
            if not is_settled:  # the answer was lost, or Ctrl-C: it may have been counted
                self.options.budget.record_answer(permit, None, now=self.clock.now())
        if not 200 <= response.status < 300:
            raise self._error(response, endpoint, rates)
        check_answer(response, endpoint=endpoint)
        return response

    def _error(self, response: Response, endpoint: Endpoint | None, rates: Rates | None) -> PaceportError:
        now = self.clock.now()
        return api_error(
            error_body_of(response),
            endpoint=endpoint,
            granted=self.options.granted(),
            rates=rates,
            now=now,
            server_now=server_time(response.headers, now=now),
        )

    def _reserve(self, endpoint: Endpoint | None) -> Permit:
        limit = endpoint.limit if endpoint is not None else LimitClass.READ
        while True:
            answer = self.options.budget.reserve(limit, now=self.clock.now(), keep=self.options.keep)
            if isinstance(answer, Permit):
                return answer
            if not answer.limit:
                self.options.budget.pause(answer.seconds)
                continue
            if answer.seconds > _MOMENT_S:
                if self.options.no_wait:
                    raise RateLimited(limit=answer.limit, until=answer.until, usage=answer.usage)
                if self.options.wait is not None:
                    self.options.wait(answer)
            self.clock.sleep(answer.seconds + 5.0 * self.options.spread())

    def _all_pages(
        self, endpoint: Endpoint | None, method: str, path: str, query: Mapping[str, ParameterValue] | None
    ) -> Response:
        if method.upper() != "GET" or (endpoint is not None and endpoint.paging in {Paging.NONE, Paging.FIRST}):
            raise UsageError(
                what=f"{method.upper()} {path} has no pages", why="it returns everything at once", fix="leave --all out"
            )
        is_cursor = endpoint is not None and endpoint.paging is Paging.CURSOR
        rows: list[bytes] = []
        asked: dict[str, ParameterValue] = {**(query or {})}
        asked.setdefault("page_size" if is_cursor else "per_page", PER_PAGE)
        seen = SeenRows()
        number = 1
        while True:
            if not is_cursor:
                asked["page"] = number
            response = self.send(build_request(self.options.api_url, method, path, query=asked), endpoint)
            page = raw_rows(response.body)
            is_new = seen.add(response.body)
            if not is_new:
                self.options.warn(seen.ended_text(path, None if is_cursor else number))
            rows.extend(page if is_new else ())
            cursor = last_cursor(page) if is_cursor else None
            if not page or not is_new or (is_cursor and cursor is None):
                return Response(status=response.status, headers=response.headers, body=b"[" + b",".join(rows) + b"]")
            asked["after_cursor"] = cursor
            number += 1


def last_cursor(rows: list[bytes]) -> str | None:
    """The cursor of the last of some comments, or None where there is none: then nothing follows."""
    if not rows:
        return None
    page = decode_page(Comment, b"[" + rows[-1] + b"]")
    return page.items[0].cursor if page.items else None
