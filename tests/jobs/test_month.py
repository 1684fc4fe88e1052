"""A month of a service, with the clock moved: its plan holds, nobody starves, and nothing is kept for too long."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.simulated_service import API_URL, OAUTH_URL, SimulatedService, short_people
from paceport.clock import ManualClock
from paceport.jobs.plan import MOST_KEPT_RUNS, REQUESTS_A_RUN, ServicePlan
from paceport.profile.settings import Directories, Settings
from paceport.sandbox.http.app import create_app
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.postgres.work_rows import AthleteWork
from paceport.transport.http_transport import open_transport

HOUR_S = 3600.0
# Not at the edge of a window, where every answer could be of either.
BEGUN = datetime(2026, 11, 15, 0, 7, tzinfo=UTC)


def day_limits(reads: int) -> Limits:
    """The limits of an app that may read so much a day, in the proportions of a new one."""
    return Limits(
        read_quarter=max(10, reads // 10), read_day=reads, overall_quarter=max(20, reads // 5), overall_day=2 * reads
    )


@contextmanager
def service_of(
    database: Database, clock: ManualClock, folder: Path, *, athletes: int, runs: int, reads: int
) -> Iterator[SimulatedService]:
    """A service of so many athletes who have so many runs each when they connect."""
    world = World(short_people(athletes, runs), seed=1, clock=clock)
    world.set_limits(day_limits(reads))
    directories = Directories.from_environment({"PACEPORT_HOME": str(folder)})
    settings = Settings(directories=directories, oauth_url=OAUTH_URL, api_url=API_URL, vault="postgres")
    with open_transport(wsgi=create_app(world)) as send:
        yield SimulatedService(world=world, database=database, clock=clock, send=send, settings=settings)


@dataclass
class Month:
    """What happens in the world hour by hour, and what of it is to be checked."""

    service: SimulatedService
    rng: random.Random
    runs_a_day: float
    deleted: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    slowest_deletion: timedelta = timedelta(0)
    oldest: timedelta = timedelta(0)
    longest_without_listing: timedelta = timedelta(0)
    reads: Counter[str] = field(default_factory=Counter)
    changed: dict[int, datetime] = field(default_factory=dict)

    def changed_lately(self, athlete_id: int) -> bool:
        """Whether the athlete's runs became others less than a listing, two steps and an hour ago."""
        at = self.changed.get(athlete_id)
        return at is not None and self.service.now - at < timedelta(hours=33)

    def step(self, hours: int) -> None:
        service = self.service
        for person in service.world.people:
            if self.rng.random() < self.runs_a_day * hours / 24:
                self._run(person.id)
        service.deliver()
        before = len(service.requests)
        service.work_off()
        self.reads[f"{service.now:%Y-%m-%d}"] += len(service.requests) - before
        self._check()
        service.clock.advance(hours * HOUR_S)

    def _run(self, athlete_id: int) -> None:
        world = self.service.world
        mine = [one for one in world.activities(athlete_id) if not one.manual]
        self.changed[athlete_id] = world.now()
        kind = self.rng.random()
        if kind < 0.9 or len(mine) < 2:
            start = world.now() - timedelta(hours=1)
            world.activity_store.add(replace(mine[0], id=world.activity_store.next_id(), start=start))
        else:
            gone = mine[0]
            world.delete_activity(gone.id)
            self.deleted[gone.id] = (athlete_id, world.now())

    def _check(self) -> None:
        now = self.service.now
        for activity_id, (athlete_id, at) in list(self.deleted.items()):
            if self.service.rows(athlete_id).reply("detail", activity_id, now=now) is None:
                self.slowest_deletion = max(self.slowest_deletion, now - at)
                del self.deleted[activity_id]
        oldest = Members(self.service.database).oldest_reply_at()
        if oldest is not None:
            self.oldest = max(self.oldest, now - oldest)
        if now.hour == 12:
            for person in self.service.world.people:
                member = AthleteWork(self.service.database, person.id).member()
                if member is None:
                    continue  # not connected yet
                waited = now - (member.listed_at or member.joined_at)
                self.longest_without_listing = max(self.longest_without_listing, waited)


def live_through(month: Month, *, days: int, hours: int = 1) -> None:
    """Let the athletes connect over the first day or two, and then live."""
    people = [person.id for person in month.service.world.people]
    first = -(-len(people) // 24)
    for number in range(days * 24 // hours):
        for athlete_id in people[number * first : (number + 1) * first]:
            month.service.connect(athlete_id)
        month.step(hours)


def check_month(month: Month, *, reads: int) -> None:
    """What is promised of a month."""
    service = month.service
    plan = ServicePlan(athletes=len(service.world.people), day_reads=reads)
    assert plan.holds
    assert max(month.reads.values()) <= reads
    assert month.oldest <= timedelta(days=7)
    assert month.slowest_deletion <= timedelta(hours=48)
    assert all(service.now - at <= timedelta(hours=48) for _, at in month.deleted.values())
    assert month.longest_without_listing <= timedelta(hours=29)
    assert Members(service.database).troubled() == []
    wanted = min(plan.kept_runs, MOST_KEPT_RUNS)
    # An event that was lost is made good by the next daily listing, and the fetch follows in the next step or two.
    late = [
        person.id
        for person in service.world.people
        if not month.changed_lately(person.id)
        and not {one.id for one in service.world.activities(person.id)[:wanted]} <= service.kept(person.id)
    ]
    assert late == []


def test_eight_days_of_three_athletes_keep_the_plan(database: Database, tmp_path: Path) -> None:
    clock = ManualClock(BEGUN)
    with service_of(database, clock, tmp_path, athletes=3, runs=4, reads=30) as service:
        service.world.switches.set(webhook_drop_every=10)
        month = Month(service=service, rng=random.Random(1), runs_a_day=0.6)
        live_through(month, days=8, hours=4)
        check_month(month, reads=30)


@pytest.mark.proof
@pytest.mark.usefixtures("takes_minutes")
def test_a_month_of_five_hundred_athletes(database: Database, tmp_path: Path) -> None:
    clock, reads = ManualClock(BEGUN), 2_200
    with service_of(database, clock, tmp_path, athletes=500, runs=4, reads=reads) as service:
        service.world.switches.set(webhook_drop_every=20)
        month = Month(service=service, rng=random.Random(1), runs_a_day=0.3)
        live_through(month, days=30, hours=4)
        check_month(month, reads=reads)

    print(
        f"reads a day: {max(month.reads.values())} of {reads} at most; oldest reply {month.oldest};"
        f" slowest deletion {month.slowest_deletion}; longest without a listing {month.longest_without_listing}"
    )
    assert sum(month.reads.values()) > 30 * 500 * REQUESTS_A_RUN * 0.3
