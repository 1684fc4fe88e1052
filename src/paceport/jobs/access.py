"""What the jobs need of the world: a client for an athlete, and the end of a login."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from paceport.api.client.client import Client
from paceport.api.rate_limit.headers import Rates


class AthleteAccess(Protocol):
    """Opens clients for athletes of one app. Safe to use from several threads."""

    def client(self, athlete_id: int, *, keep: int = 0) -> AbstractContextManager[Client]:
        """A client with the athlete's own token that never waits for a window's end; `keep` requests are left.

        Raises LoginNeeded where no login of the athlete is stored.
        """

    def rates(self) -> Rates | None:
        """What the app may still send as far as is known."""

    def revoke(self, athlete_id: int) -> None:
        """End the athlete's login at Strava and forget it here; nothing where there is none. Raises our errors."""

    def forget_login(self, athlete_id: int) -> None:
        """Forget a login that Strava has ended already."""

    def copies(self) -> Sequence[int]:
        """The athletes whose logbooks were rebuilt on this machine."""

    def forget_copy(self, athlete_id: int) -> None:
        """Erase an athlete's rebuilt logbook from this machine; nothing where there is none. Raises StoreErrors."""
