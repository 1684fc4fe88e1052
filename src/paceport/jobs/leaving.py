"""How an athlete leaves: the login ends at Strava, and nothing is left here. What is left is counted, and is nothing.

An event that says so is asked about first, because anybody can send one: as long as Strava takes the athlete's token,
the athlete has not left.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.clock import Clock
from paceport.errors import LoginNeeded, PaceportError, StoreError
from paceport.jobs.access import AthleteAccess
from paceport.jobs.fetching import AthleteStore

_AGAIN = timedelta(minutes=15)
# Where Strava cannot be asked for so long, the event is believed: deletions are followed within 48 hours (policy 6.3).
_BELIEVED_AFTER = timedelta(hours=24)


class RowsLeft(StoreError):
    """After an erasure something of the athlete is still stored: `left` rows by table."""

    def __init__(self, left: Mapping[str, int]) -> None:
        self.left = {table: count for table, count in left.items() if count}
        super().__init__(
            what="Not everything of an athlete who has left is erased",
            why=", ".join(f"{count} rows in {table}" for table, count in self.left.items()),
            fix="nothing: the next round erases it",
        )


def has_left(client: Client) -> bool:
    """Whether Strava refuses the athlete's token for good. Raises our errors where nothing was learnt."""
    try:
        client.request("GET", endpoint_named("athlete").path)
    except LoginNeeded:
        return True
    return False


def check_farewell(store: AthleteStore, access: AthleteAccess, athlete_id: int, clock: Clock) -> bool:
    """Ask Strava whether the athlete has left; if so, the departure begins. Whether it is so."""
    now = clock.now()
    member = store.work.member()
    since = member.check_since if member is not None and member.check_since is not None else now
    store.work.check_at(now + _AGAIN)
    try:
        with access.client(athlete_id) as client:
            is_gone = has_left(client)
    except LoginNeeded:
        is_gone = True
    except PaceportError:
        is_gone = now - since >= _BELIEVED_AFTER
        if not is_gone:
            raise
    if is_gone:
        store.work.begin_leaving()
    else:
        store.work.check_at(None)
    return is_gone


def leave(store: AthleteStore, access: AthleteAccess, athlete_id: int, clock: Clock) -> Mapping[str, int]:
    """End the login and erase everything of the athlete. Gives the rows left by table: all 0. Raises RowsLeft.

    Where Strava cannot be asked to end it, the login stays for the next try; everything else is erased by then.
    """
    member = store.work.member()
    store.work.put_off_listing(clock.now() + _AGAIN)
    store.rows.erase(with_membership=False)
    access.forget_copy(athlete_id)
    if member is not None and member.check_since is not None:
        access.forget_login(athlete_id)  # the athlete has ended it at Strava
    else:
        access.revoke(athlete_id)
    store.rows.erase()
    left = store.rows.counts()
    if any(left.values()):
        raise RowsLeft(left)
    return left
