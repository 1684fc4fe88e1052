"""A client of the API for one profile: its token, scopes and budget, and what a person hears of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from paceport.api.client.client import Client
from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester, TokenSource
from paceport.api.models.decoding import LeftOut
from paceport.api.models.left_out_tally import LeftOutTally
from paceport.api.rate_limit.budget import Budget, MemoryBudget
from paceport.api.rate_limit.file_budget import FileBudget
from paceport.api.rate_limit.headers import WaitPlan
from paceport.clock import Clock
from paceport.errors import AppInactive, RateLimited
from paceport.http_message import Request, Response, Send, origin_of
from paceport.lazy_dataclass import dataclass
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.token_store.base import Grant, TokenStore
from paceport.profile.settings import Settings
from paceport.scopes import Scopes


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLogin:
    """The login that a client is opened with: its grant and the grant's keeper; None: a token from the environment.

    With a keeper the record is read once for each call, by the keeper. `token` gives that of the environment; `granted`
    looks again at what is granted, because more may have been granted meanwhile. `budget` counts its requests.
    """

    grant: Grant | None
    keeper: Keeper | None
    token: TokenSource
    granted: Callable[[], Scopes | None]
    budget: Budget


@contextmanager
def open_client(
    login: ClientLogin,
    options: ClientOptions,
    *,
    settings: Settings,
    send: Send,
    clock: Clock,
    warn: Callable[[str], None],
) -> Iterator[Client]:
    """A client that uses the login's token, the app's budget and the connections of `send`."""
    grant, keeper = login.grant, login.keeper
    tally = LeftOutTally()
    requester = Requester(
        send=_noting(send, options.sent),
        token=keeper.token if keeper is not None else login.token,
        clock=clock,
        options=RequestOptions(
            api_url=settings.api_url,
            granted=_RememberedScopes(login.granted),
            budget=login.budget,
            wait=waiting(options),
            no_wait=options.no_wait,
            keep=options.keep,
            left_out=options.left_out or tally.add,
            warn=warn,
        ),
    )
    try:
        # Pages may be asked for by other threads: a signal waits for a refresh of theirs as well.
        with keeper.guarding_exchange() if keeper is not None else nullcontext():
            yield Client(requester)
    except AppInactive as error:
        if keeper is not None:
            keeper.set_status("app_inactive", error.why)
        raise
    finally:
        for line in tally.lines():
            warn(line)
    if keeper is not None and grant is not None and grant.status == "app_inactive" and requester.rates() is not None:
        keeper.set_status("ok")


def budget_of(
    grant: Grant | None, settings: Settings, warn: Callable[[str], None], *, token_store: TokenStore, clock: Clock
) -> Budget:
    """The count of requests that the calls of a login are part of: it lies where the logins lie."""
    client_id = grant.client_id if grant is not None else settings.client_id
    if client_id is None:
        # A token from the environment: nobody knows which app's requests it spends.
        return MemoryBudget()
    if settings.vault.startswith("postgres"):
        return _shared_budget(grant, client_id, settings, token_store)
    state = settings.directories.state
    if os.access(state, os.F_OK) and not os.access(state, os.W_OK):
        # Reading works from a store that may only be read; the count is then this process's own.
        warn(f"{state} cannot be written: other processes do not see which requests this one uses")
        return MemoryBudget()
    return FileBudget(state / "budgets", origin=origin_of(settings.oauth_url), client_id=client_id, clock=clock)


def _shared_budget(grant: Grant | None, client_id: str, settings: Settings, token_store: TokenStore) -> Budget:
    from paceport.api.rate_limit.postgres import BudgetUser, PostgresBudget
    from paceport.oauth.token_store.postgres import PostgresTokenStore

    assert isinstance(token_store, PostgresTokenStore)
    athlete = str(grant.athlete_id) if grant is not None else ""
    user = BudgetUser(origin=origin_of(settings.oauth_url), client_id=client_id, athlete=athlete)
    return PostgresBudget(token_store.database, user)


class _RememberedScopes:
    def __init__(self, look: Callable[[], Scopes | None]) -> None:
        self._look = look
        self._known = look()

    def __call__(self, *, again: bool = False) -> Scopes | None:
        if again:
            self._known = self._look()
        return self._known


def _noting(send: Send, sent: Callable[[Request], None] | None) -> Send:
    if sent is None:
        return send

    def noting(request: Request, *, timeout_s: float = 30.0) -> Response:
        sent(request)
        return send(request, timeout_s=timeout_s)

    return noting


def waiting(options: ClientOptions) -> Callable[[WaitPlan], None]:
    """What is done before each wait: it is said, or refused with RateLimited where it is too long."""

    def wait(plan: WaitPlan) -> None:
        if options.longest_wait_s is not None and plan.seconds > options.longest_wait_s:
            raise RateLimited(limit=plan.limit, until=plan.until, usage=plan.usage)
        if options.say is not None:
            options.say(_wait_text(plan))

    return wait


def _wait_text(plan: WaitPlan) -> str:
    minutes = f"{plan.seconds / 60:.0f} min" if plan.seconds >= 90 else f"{plan.seconds:.0f} s"
    # Where Strava refused without saying of which window, no count is known.
    count = f" ({plan.usage})" if plan.usage else ""
    return (
        f"Strava's {plan.limit} limit is used up{count}: waiting {minutes}, until {plan.until:%H:%M} UTC. "
        "Nothing is lost if you stop it."
    )
