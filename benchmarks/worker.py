"""A worker with 10 athletes and with 5,000: what a round costs, one athlete's job, the rows, and the memory.

Each athlete has twenty activities of which two are due; answers are not fetched here, so this is what the database and
the queue cost beside the requests.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

from benchmarks._postgres import postgres_for_benchmark
from paceport.api.client.client import Client
from paceport.api.rate_limit.headers import Rates
from paceport.clock import SystemClock
from paceport.errors import RateLimited
from paceport.jobs.queue import Queue
from paceport.jobs.service_work import ServiceWork, take_events
from paceport.jobs.service_work import athlete_store as store_of
from paceport.secret import Secret
from paceport.storage.postgres.database import Database

FEW, MANY, ACTIVITIES = 10, 5000, 20
MOST_GROWTH = 3.0
CLOCK = SystemClock()
_FILL = """
INSERT INTO paceport.athlete (athlete_id, oauth_origin, client_id, joined_at, listing_at)
    SELECT number, 'https://example.org', '1', now(), now() + interval '1 day'
    FROM generate_series(1, %(athletes)s) AS number
    ON CONFLICT DO NOTHING;
INSERT INTO paceport.fetch (athlete_id, activity_id, started_at, due_at, turn, fetched_at, expires_at)
    SELECT athlete, activity, now(), now() + interval '1 day' * (activity - 2), 10, now(), now() + interval '6 days'
    FROM generate_series(1, %(athletes)s) AS athlete, generate_series(1, %(activities)s) AS activity
    ON CONFLICT DO NOTHING;
INSERT INTO paceport.inbox (athlete_id, subscription_id, object_type, object_id, aspect, event_at, updates,
        updates_sha256, raw, received_at)
    SELECT number, 1, 'activity', 1, 'delete', now(), '{}', '', '', now()
    FROM generate_series(1, %(athletes)s) AS number
    ON CONFLICT DO NOTHING
"""


class NoAccess:
    """A service whose requests are used up."""

    def client(self, athlete_id: int, *, keep: int = 0) -> AbstractContextManager[Client]:
        del athlete_id, keep
        raise RateLimited(limit="daily read", until=CLOCK.now() + timedelta(hours=1), usage="")

    def rates(self) -> Rates | None:
        return None

    def revoke(self, athlete_id: int) -> None:
        del athlete_id

    def forget_login(self, athlete_id: int) -> None:
        del athlete_id

    def copies(self) -> Sequence[int]:
        return ()

    def forget_copy(self, athlete_id: int) -> None:
        del athlete_id


def spent_s() -> float:
    """The processor time of this process, in seconds."""
    return time.process_time()


def measure(url: str, athletes: int) -> tuple[float, float]:
    """Milliseconds of processor time for a round an athlete, and for an athlete's events."""
    database = Database(Secret(url), clock=CLOCK)
    values = {"athletes": athletes, "activities": ACTIVITIES}
    for statement in _FILL.split(";\n"):
        database.run(lambda connection, text=statement: connection.execute(text.encode(), values))  # type: ignore[misc]  # a default binds the loop's value
    queue = Queue(database)
    work = ServiceWork(database=database, access=NoAccess(), clock=CLOCK, queue=queue)
    begun = spent_s()
    work.round()
    first_s = spent_s() - begun
    begun = spent_s()
    work.round()
    again_s = spent_s() - begun
    chosen = range(1, FEW + 1)
    begun = spent_s()
    for athlete_id in chosen:
        take_events(store_of(database, athlete_id), CLOCK)
    each_ms = 1000 * (spent_s() - begun) / len(chosen)
    rows = database.run(lambda connection: connection.execute("SELECT count(*) FROM paceport.fetch").fetchone())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{athletes:5} athletes, {rows[0] if rows else 0:7} activities: a round that wakes all {first_s:.2f} s,"
        f" one that finds all awake {1000 * again_s:.0f} ms, the events of one athlete {each_ms:.1f} ms,"
        f" peak memory {peak_mb:.0f} MB"
    )
    queue.close()
    database.close()
    return each_ms, peak_mb


def main() -> int:
    """Print both sizes; 1 if one athlete's work, or the memory, grows with the number of the others."""
    with postgres_for_benchmark() as url:
        if url is None:
            return 1
        few, many = (measure(url, athletes) for athletes in (FEW, MANY))
    ratios = [after / before for before, after in zip(few, many, strict=True)]
    print(f"growth from {FEW} to {MANY}: one athlete's events {ratios[0]:.2f} x, memory {ratios[1]:.2f} x")
    return 0 if max(ratios) <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
