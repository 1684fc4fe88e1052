"""Logins that died and no event told it: the athlete took the access back, or Strava did, and the webhook never came.

The daily listing finds them. From then on the athlete can connect again and goes on; if not, it is as if the event had
come. What the API said is gone after seven days in any case.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from paceport.errors import LoginNeeded
from paceport.storage.postgres.members import Members
from paceport.storage.postgres.work_rows import AthleteWork

# Erased within 30 days of being found dead; the rest is for workers that stand still for a while.
ERASED_AFTER = timedelta(days=28)


def note_dead_login(work: AthleteWork, error: LoginNeeded, *, now: datetime) -> None:
    """Let the athlete's work stand still, and begin to count."""
    ends_on = f"{now + ERASED_AFTER:%Y-%m-%d}"
    work.set_dead(f"{error.what}: {error.why}; erased on {ends_on} unless the athlete connects again", now=now)


def begin_leaving_dead(members: Members, *, now: datetime) -> int:
    """Let everybody leave whose login has been dead for so long; how many."""
    return members.begin_leaving_dead(found_before=now - ERASED_AFTER)
