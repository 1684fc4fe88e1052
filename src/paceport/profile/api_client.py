"""A client of the API for one profile: its token, scopes and budget, and what a person hears of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.models.decoding import LeftOut
from paceport.api.models.left_out_tally import LeftOutTally
from paceport.api.rate_limit.headers import WaitPlan
from paceport.api.rate_limit.shared import Budget, FileBudget, MemoryBudget
from paceport.errors import AppInactive, RateLimited
from paceport.http_message import Request, Response, Send
from paceport.oauth.token_store.base import Grant
from paceport.scopes import Scopes

if TYPE_CHECKING:
    from paceport.profile.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """How a profile's client works.

    `no_wait` raises RateLimited instead of waiting for the window's end; `keep` requests of each window are left for
    others; `say` hears of each wait, `sent` of each request just before it goes. Instead of a wait longer than
    `longest_wait_s` RateLimited is raised. `left_out` hears of every row and part of an answer that could not be read;
    without it they are counted, and the profile warns of them at the end of the block.
    """

    no_wait: bool = False
    keep: int = 0
    say: Callable[[str], None] | None = None
    sent: Callable[[Request], None] | None = None
    longest_wait_s: float | None = None
    left_out: Callable[[LeftOut], None] | None = None


@contextmanager
def open_client(profile: Profile, options: ClientOptions) -> Iterator[Client]:
    """A client that uses the profile's token, budget and connections."""
    grant = profile.find_grant()
    login = _Login(profile, grant)
    tally = LeftOutTally()
    requester = Requester(
        send=_noting(profile.send, options.sent),
        token=login.token,
        clock=profile.clock,
        options=RequestOptions(
            api_url=profile.settings.api_url,
            granted=login.granted,
            budget=budget_of(profile, grant),
            wait=_waiting(options),
            no_wait=options.no_wait,
            keep=options.keep,
            left_out=options.left_out or tally.add,
            warn=profile.warn,
        ),
    )
    try:
        yield Client(requester)
    except AppInactive as error:
        if grant is not None:
            profile.keeper().set_status("app_inactive", error.why)
        raise
    finally:
        for line in tally.lines():
            profile.warn(line)
    if grant is not None and grant.status == "app_inactive" and requester.rates() is not None:
        profile.keeper().set_status("ok")


def budget_of(profile: Profile, grant: Grant | None) -> Budget:
    """The count of requests that the profile's calls are part of."""
    client_id = grant.client_id if grant is not None else profile.settings.client_id
    if client_id is None:
        # A token lent by the environment: nobody knows which app's requests it spends.
        return MemoryBudget()
    state = profile.settings.directories.state
    if os.path.exists(state) and not os.access(state, os.W_OK):  # noqa: PTH110  # False, not an error, where it may not look
        # Reading works from a store that may only be read; the count is then this process's own.
        profile.warn(f"{state} cannot be written: other processes do not see which requests this one spends")
        return MemoryBudget()
    return FileBudget(state / "budgets", origin=profile.origin, client_id=client_id)


class _Login:
    """The login that the client was opened with: its record is read once for each call, by the keeper."""

    def __init__(self, profile: Profile, grant: Grant | None) -> None:
        self._profile = profile
        self._granted = profile.granted_by(grant)
        self._keeper = profile.keeper_of(grant) if grant is not None else None

    def token(self, *, not_this: str | None = None) -> str:
        if self._keeper is None:
            return self._profile.token(not_this=not_this)
        return self._keeper.token(not_this=not_this)

    def granted(self, *, again: bool = False) -> Scopes | None:
        if again:  # somebody may have granted more meanwhile
            self._granted = self._profile.granted()
        return self._granted


def _noting(send: Send, sent: Callable[[Request], None] | None) -> Send:
    if sent is None:
        return send

    def noting(request: Request, *, timeout_s: float = 30.0) -> Response:
        sent(request)
        return send(request, timeout_s=timeout_s)

    return noting


def _waiting(options: ClientOptions) -> Callable[[WaitPlan], None]:
    def wait(plan: WaitPlan) -> None:
        if options.longest_wait_s is not None and plan.seconds > options.longest_wait_s:
            raise RateLimited(limit=plan.limit, until=plan.until, usage=plan.usage)
        if options.say is not None:
            options.say(_wait_text(plan))

    return wait


def _wait_text(plan: WaitPlan) -> str:
    minutes = f"{plan.seconds / 60:.0f} min" if plan.seconds >= 90 else f"{plan.seconds:.0f} s"
    return (
        f"Strava's {plan.limit} limit is used up ({plan.usage}): waiting {minutes}, until {plan.until:%H:%M} UTC. "
        "Ctrl-C ends the wait; nothing is lost."
    )
