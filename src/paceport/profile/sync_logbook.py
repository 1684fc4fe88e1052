"""A sync of a profile's logbook, as the command and the page start it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from paceport.amount_text import rough_duration
from paceport.lazy_dataclass import dataclass
from paceport.profile.profile import Profile

if TYPE_CHECKING:
    from paceport.http_message import Request
    from paceport.logbook.database.store import Store
    from paceport.logbook.syncing.plan import Schedule, SyncCost
    from paceport.logbook.syncing.sync_report import SyncReport

# Requests of each window that are left to other programs.
DEFAULT_KEEP = 10
# The next quarter of an hour is worth waiting for, the next day is not: another sync goes on there.
_LONGEST_WAIT_S = 20 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTalk:
    """How a sync speaks: `plan`, `step` and `accept` as in SyncCallbacks.

    `wait` hears of each wait for the rate limit, in words; `before_request` is called before each request.
    """

    plan: Callable[[str, Schedule, int], None]
    step: Callable[[int, int], None]
    accept: Callable[[int, int], bool] = lambda _vanished, _known: False
    wait: Callable[[str], None]
    before_request: Callable[[], None] = lambda: None


def sync_logbook(
    profile: Profile,
    store: Store,
    talk: SyncTalk,
    *,
    no_wait: bool = False,
    keep: int = DEFAULT_KEEP,
    accept_deletions: bool = False,
) -> SyncReport:
    """Bring the cached part of the logbook up to date. Whether it may be kept is the caller's to ask.

    `no_wait` ends it at the rate limit; without it the next quarter of an hour is waited for. Raises what `sync`
    raises.
    """
    from paceport.logbook.syncing.sync import SyncCallbacks, sync

    granted = profile.granted()
    sent: list[int] = []

    def count(request: Request) -> None:
        del request
        talk.before_request()
        sent.append(1)

    with profile.client(
        no_wait=no_wait, keep=keep, say=talk.wait, sent=count, longest_wait_s=_LONGEST_WAIT_S
    ) as client:
        return sync(
            store=store,
            client=client,
            clock=profile.clock,
            login=login_text(profile),
            is_proof=granted is not None and granted.covers("activity:read_all"),
            keep=keep,
            accept_deletions=accept_deletions,
            talk=SyncCallbacks(plan=talk.plan, step=talk.step, accept=talk.accept, requests=lambda: len(sent)),
        )


def next_sync_cost(profile: Profile, store: Store, *, now: datetime) -> SyncCost:
    """What a sync would ask for now, and how long that would take. Sends nothing."""
    from paceport.logbook.syncing.athlete import due_athlete_facts
    from paceport.logbook.syncing.plan import sync_cost
    from paceport.logbook.syncing.sync import last_complete

    with profile.client() as client:
        rates = client.rates()
        facts = due_athlete_facts(store, client, now=now)
    return sync_cost(
        store.synced.candidates(),
        known=len(store.synced.listed_digests()),
        complete_at=last_complete(store, now),
        rates=rates,
        now=now,
        keep=DEFAULT_KEEP,
        facts=facts,
    )


def login_text(profile: Profile) -> str:
    """Whose data a cache holds: athlete and server, in words. Raises LoginNeeded where nobody is logged in."""
    grant = profile.find_grant()
    if grant is None and profile.settings.access_token is None:
        grant = profile.grant()  # another process has ended the login since the sync began
    who = f"athlete {grant.athlete_id}" if grant is not None and grant.athlete_id is not None else "an unnamed login"
    return f"{who} at {profile.origin}"


def schedule_text(planned: Schedule, *, now: datetime) -> str:
    """A schedule in words: how many requests, in how many windows, done when."""
    from paceport.logbook.syncing.plan import PER_PAGE

    requests = f"{planned.requests:,} request{'' if planned.requests == 1 else 's'}"
    requests += " at the most" if planned.is_list_known else f" and one more for each {PER_PAGE} activities"
    if planned.windows <= 1 and planned.days == 1:
        wait = planned.done_at - now
        when = "now" if wait < timedelta(seconds=1) else f"in {rough_duration(wait.total_seconds())}"
    else:
        when = f"done about {planned.done_at:%a %d %b %H:%M} UTC"
        over = f" on {planned.days} days" if planned.days > 1 else ""
        when += f" ({planned.windows} windows of 15 minutes{over})"
    return f"{requests}, {when}"


def held_back_text(held_back: int) -> str:
    """Why so many older runs get no details."""
    return f"{held_back:,} older runs get no details: sync keeps only as many as it can refresh within six days"
