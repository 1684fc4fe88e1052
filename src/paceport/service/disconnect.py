"""How an athlete leaves: the login is revoked at Strava, everything stored is erased, and the rows are counted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from paceport.errors import LoginNeeded, PaceportError, StoreError
from paceport.jobs.turns import Turn
from paceport.oauth.revoke import revoke
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.athlete_rows import AthleteRows


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """What became of it. `is_over`: revoked, verified and erased; else the worker goes on until it is.

    `erased` and `left` are rows by table.
    """

    is_over: bool
    erased: Mapping[str, int]
    left: Mapping[str, int]


def disconnect(parts: ServiceParts, athlete_id: int) -> Disconnected:
    """Erase and revoke. From the first moment on the athlete is leaving, so nothing is fetched any more.

    Where Strava cannot be reached, the login alone stays, and the worker revokes it later. Raises StoreErrors.
    """
    rows = AthleteRows(parts.database, athlete_id)
    before = rows.counts()
    parts.members.begin_leaving(athlete_id)
    parts.forget_keeper(athlete_id)
    rows.erase(with_membership=False)
    if not _revoked(parts, athlete_id):
        with suppress(StoreError):  # else the worker's next round finds who is leaving
            parts.queue.wake(athlete_id, Turn.URGENT)
        return _counted(before, rows.counts(), is_revoked=False)
    rows.erase()
    return _counted(before, rows.counts(), is_revoked=True)


def _counted(before: Mapping[str, int], left: Mapping[str, int], *, is_revoked: bool) -> Disconnected:
    erased = {name: before[name] - left[name] for name in before}
    return Disconnected(is_over=is_revoked and not any(left.values()), erased=erased, left=left)


def _revoked(parts: ServiceParts, athlete_id: int) -> bool:
    """Whether Strava refuses the login from now on."""
    try:
        result = revoke(
            parts.key_of(athlete_id),
            parts.app,
            token_store=parts.token_store,
            send=parts.send,
            clock=parts.clock,
            allow_legacy=parts.allows_legacy_revoke,
            api_url=parts.api_url,
        )
    except LoginNeeded:
        return True  # there is none any more
    except StoreError:
        raise
    except PaceportError as error:
        parts.log.failure("disconnect", error)
        return False
    return result.is_erased
