"""One call, from its words to its answer: scope, budget, token, wire, retries. Everything else builds on `request`."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Protocol

from paceport.api.endpoints import (
    Endpoint,
    EndpointStatus,
    LimitClass,
    Paging,
    endpoint_named,
    find_endpoint,
    missing_scope,
)
from paceport.api.models.activity import Comment
from paceport.api.models.decoding import Page, decode_page, raw_rows
from paceport.api.protocol import (
    FilePart,
    ParameterValue,
    api_error,
    authorize,
    build_request,
    check_answer,
    error_body_of,
    retry_pause_s,
    server_time,
)
from paceport.api.rate_limit.headers import Rates, WaitPlan, read_rates
from paceport.api.rate_limit.reservations import Permit
from paceport.api.rate_limit.shared import Budget, MemoryBudget
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
from paceport.scopes import Scopes

DEFAULT_API_URL = "https://www.strava.com/api/v3"
PER_PAGE = 200

# A 429 in spite of the budget means that others spend it too; waiting for more windows than this helps nobody.
_MOST_WINDOWS = 4
# Less than this is no wait to speak of: the edge of a window, told by two clocks.
_MOMENT_S = 5.0


class TokenSource(Protocol):
    """Hands out a live access token; `not_this` names one that was just refused. Called from several threads."""

    def __call__(self, *, not_this: str | None = None) -> str: ...


class Requester:
    """Sends one call at a time, or several from threads. The constructor only stores.

    `granted` tells the scopes of the login where they are known. `wait` hears of every wait before it begins; with
    `no_wait` RateLimited is raised instead. `keep` requests of each window are left for others (for long work in the
    background). `spread` gives 0..1, so that processes waiting for the same edge do not all start at once.
    """

    def __init__(
        self,
        *,
        send: Send,
        token: TokenSource,
        clock: Clock,
        api_url: str = DEFAULT_API_URL,
        granted: Callable[[], Scopes | None] = lambda: None,
        budget: Budget | None = None,
        wait: Callable[[WaitPlan], None] | None = None,
        no_wait: bool = False,
        keep: int = 0,
        threads: int = 8,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._send, self._token, self._clock = send, token, clock
        self._api_url, self._granted = api_url, granted
        self._budget = budget if budget is not None else MemoryBudget()
        self._wait, self._no_wait, self._keep = wait, no_wait, keep
        self._threads, self._spread = threads, spread

    def rates(self) -> Rates | None:
        """What the app may still send as far as is known; None before the first answer."""
        return self._budget.rates(now=self._clock.now())

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
        request = build_request(self._api_url, method, path, query=query, form=form, json=json, files=files)
        return self._send_until_answered(request, endpoint)

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
        granted = self._granted()
        lacking = missing_scope(endpoint, granted)
        if lacking is not None:
            raise ScopeMissing(needed=lacking, granted=str(granted), wider=endpoint.wider_scope_than(lacking))

    def _send_until_answered(self, request: Request, endpoint: Endpoint | None) -> Response:
        """Send until there is an answer, a final error, or nothing left to try."""
        refused: str | None = None
        attempt = windows = 0
        while True:
            token = self._token() if refused is None else self._token(not_this=refused)
            try:
                return self._once(authorize(request, token), endpoint)
            except TokenRefused:
                if refused is not None or token == refused:
                    raise
                refused = token
            except RateLimited as error:
                windows += 1
                if self._no_wait or windows > _MOST_WINDOWS or error.until is None:
                    raise
            except NetworkError as error:
                attempt += 1
                pause_s = retry_pause_s(request.method, error, attempt)
                if pause_s is None:
                    raise
                self._clock.sleep(pause_s * (1 + self._spread()))

    def _once(self, request: Request, endpoint: Endpoint | None) -> Response:
        permit = self._reserve(endpoint)
        is_settled = False
        try:
            response = self._send(request)
            now = self._clock.now()
            rates = read_rates(response.headers, now=server_time(response.headers, now=now))
            self._budget.record_answer(permit, rates, now=now, is_refused=response.status == 429)
            is_settled = True
        except NotSent:
            self._budget.release(permit)
            is_settled = True
            raise
        finally:
            if not is_settled:  # the answer was lost, or Ctrl-C: it may have been counted
                self._budget.record_answer(permit, None, now=self._clock.now())
        if not 200 <= response.status < 300:
            raise self._error(response, endpoint, rates)
        check_answer(response, endpoint=endpoint)
        return response

    def _error(self, response: Response, endpoint: Endpoint | None, rates: Rates | None) -> PaceportError:
        return api_error(
            error_body_of(response), endpoint=endpoint, granted=self._granted(), rates=rates, now=self._clock.now()
        )

    def _reserve(self, endpoint: Endpoint | None) -> Permit:
        limit = endpoint.limit if endpoint is not None else LimitClass.READ
        while True:
            answer = self._budget.reserve(limit, now=self._clock.now(), keep=self._keep)
            if isinstance(answer, Permit):
                return answer
            if not answer.limit:
                self._budget.pause(answer.seconds)
                continue
            if answer.seconds > _MOMENT_S:
                if self._no_wait:
                    raise RateLimited(limit=answer.limit, until=answer.until, usage=answer.usage)
                if self._wait is not None:
                    self._wait(answer)
            self._clock.sleep(answer.seconds + 5.0 * self._spread())

    def _page(
        self, endpoint: Endpoint, path: str, kind: type[object], query: Mapping[str, ParameterValue]
    ) -> Page[object]:
        request = build_request(self._api_url, endpoint.method, path, query=query)
        return decode_page(kind, self._send_until_answered(request, endpoint).body)

    def _all_pages(
        self, endpoint: Endpoint | None, method: str, path: str, query: Mapping[str, ParameterValue] | None
    ) -> Response:
        if method.upper() != "GET" or (endpoint is not None and endpoint.paging in {Paging.NONE, Paging.FIRST}):
            raise UsageError(
                what=f"{method.upper()} {path} has no pages", why="it answers all at once", fix="leave --all out"
            )
        is_cursor = endpoint is not None and endpoint.paging is Paging.CURSOR
        rows: list[bytes] = []
        asked: dict[str, ParameterValue] = {**(query or {})}
        asked.setdefault("page_size" if is_cursor else "per_page", PER_PAGE)
        number = 1
        while True:
            if not is_cursor:
                asked["page"] = number
            response = self._send_until_answered(build_request(self._api_url, method, path, query=asked), endpoint)
            page = raw_rows(response.body)
            rows.extend(page)
            cursor = last_cursor(page) if is_cursor else None
            if not page or (is_cursor and cursor is None):
                return Response(status=response.status, headers=response.headers, body=b"[" + b",".join(rows) + b"]")
            asked["after_cursor"] = cursor
            number += 1


def last_cursor(rows: list[bytes]) -> str | None:
    """The cursor of the last of some comments, or None where there is none: then nothing follows."""
    if not rows:
        return None
    page = decode_page(Comment, b"[" + rows[-1] + b"]")
    return page.items[0].cursor if page.items else None
