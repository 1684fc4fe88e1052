"""Webhook events in disorder, and workers that are killed: what is kept equals the world, for few requests too many.

Events are doubled, dropped and swapped; some activities are 404 at first, some streams come late. Two worker processes
are killed at random. The clock is moved, so nothing waits for real.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from conftest import ROOT
from jobs.chaos_notes import KeptNotes, append, job_order, needless, not_followed, out_of_order
from jobs.chaos_worker import CONCURRENCY, HEARTBEAT_S, KEY, build
from jobs.simulated_service import SCOPES, EventList, grant_of, short_people
from makers.world_clock import FileClock, WorldClock
from paceport.api.protocol import ParameterValue
from paceport.jobs.inbox import record_event
from paceport.jobs.queue import Queue
from paceport.jobs.service_work import ServiceWork
from paceport.logbook.syncing.map_activity import STREAM_KEYS
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.sandbox.http.server import serve
from paceport.sandbox.json.webhooks import event_json
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.webhook_rules import WebhookEvent
from paceport.sandbox.state.world import World
from paceport.storage.postgres.athlete_rows import AthleteRows, ReplyKind
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Sealer
from paceport.transport.http_transport import open_transport

NO_LIMIT = Limits(overall_quarter=10**6, overall_day=10**7, read_quarter=10**6, read_day=10**7)
STARTED_ALREADY = 5
# What an athlete's other activities change about one, which no event tells.
CHANGED_BY_OTHERS = {"best_efforts", "pr_count", "achievement_count", "segment_efforts", "gear"}
PARTS: tuple[ReplyKind, ...] = ("detail", "streams")


@dataclass
class Chaos:
    """A world of athletes who run, edit, delete and leave, and the workers that follow it."""

    world: World
    clock: WorldClock
    work: ServiceWork
    queue: Queue
    database: Database
    database_url: str
    words: tuple[str, ...]
    notes: KeptNotes
    jobs_path: Path
    rng: random.Random
    sent: EventList = field(default_factory=EventList)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0
    events: int = 0
    floor: int = 0
    left: set[int] = field(default_factory=set)

    def change(self) -> None:
        """One thing that happens: mostly a new run, an edit, a deletion; seldom somebody leaves."""
        world, rng = self.world, self.rng
        with world.lock:
            athlete = rng.choice([person.id for person in world.people if person.id not in self.left])
            mine = [one for one in world.activities(athlete) if not one.manual]
            kind = rng.random()
            if kind < 0.5 or len(mine) < 3:
                start = world.now() - timedelta(hours=1)
                world.activity_store.add(replace(mine[0], id=world.activity_store.next_id(), start=start, name="New"))
            elif kind < 0.75:
                world.edit_activity(replace(rng.choice(mine), name=f"Edited {rng.random()}"))
            elif kind < 0.85:
                one = rng.choice(mine)
                visibility = "everyone" if one.visibility == "only_me" else "only_me"
                world.edit_activity(replace(one, visibility=visibility))
            elif kind < 0.998 or len(self.left) > len(world.people) // 4:
                world.delete_activity(rng.choice(mine).id)
            else:
                self.left.add(athlete)
                world.revoke(athlete)

    def deliver(self) -> None:
        """What the web surface does with the events that have been sent."""
        events, self.sent.events = self.sent.events, []
        self.events += len(events)
        self._count_floor(events)
        for event in events:
            body = json.dumps(event_json(event)).encode()
            recorded = record_event(self.database, body, subscription_ids={event.subscription_id}, now=self.clock.now())
            if recorded.outcome == "new":
                self.queue.wake(recorded.athlete_id, recorded.turn)

    def _count_floor(self, events: Sequence[WebhookEvent]) -> None:
        """Requests that somebody who knew everything would need: each activity once a batch, new ones with streams."""
        seen: dict[int, set[str]] = {}
        for event in events:
            if event.object_type == "activity" and event.owner_id not in self.left:
                seen.setdefault(event.object_id, set()).add(event.aspect)
        for activity_id, aspects in seen.items():
            if self.world.activity_store.find(activity_id) is not None:
                self.floor += 2 if "create" in aspects else 1

    def start_workers(self, count: int = 2) -> None:
        while len(self.workers) < count:
            self.workers.append(
                subprocess.Popen(
                    [sys.executable, str(Path(__file__).parent / "chaos_worker.py"), *self.words, str(self.jobs_path)],
                    env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
                )
            )

    def kill_one(self) -> None:
        victim = self.workers.pop(self.rng.randrange(len(self.workers)))
        victim.kill()
        victim.wait()
        append(self.jobs_path, f"killed {victim.pid}")
        self.kills += 1

    def stop_workers(self) -> None:
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            assert worker.wait(timeout=60) == 0
        self.workers.clear()

    def settle(self, *, within_s: float = 240) -> None:
        """Come back when no job waits or runs. Without a new worker nobody picks up what a dead one was doing."""
        give_up_at = time.monotonic() + within_s
        while self._unfinished():
            assert time.monotonic() < give_up_at, f"{self._unfinished()} jobs are left"
            assert [worker.poll() for worker in self.workers] == [None] * len(self.workers)
            time.sleep(0.05)

    def _unfinished(self) -> int:
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM paceport_queue.procrastinate_jobs WHERE task_name = 'look_after'"
            ).fetchone()
        return int(row[0]) if row else 0

    def after(self, seconds: float) -> None:
        """Time passes; then a round, and all work that it wakes."""
        self.clock.advance(seconds)
        self.work.round()
        self.settle()

    def fetches(self) -> int:
        return sum(count for name, count in self.world.requests.items() if "/activities/" in name)


@contextmanager
def chaos(database_url: str, folder: Path, *, athletes: int, seed: int) -> Iterator[Chaos]:
    clock = WorldClock(folder / "offset")
    world = World(short_people(athletes, STARTED_ALREADY), seed=seed, clock=clock)
    world.set_limits(NO_LIMIT)
    with serve(world) as address, open_transport() as send:
        words = (
            database_url,
            str(address.port),
            str(world.app.client_id),
            world.app.client_secret,
            str(clock.path),
        )
        work, queue, database = build(*words, send=send)
        store = PostgresTokenStore(database, Sealer(lambda: (KEY,)), clock=FileClock(clock.path))
        one = Chaos(
            world=world,
            clock=clock,
            work=work,
            queue=queue,
            database=database,
            database_url=database_url,
            words=words,
            notes=KeptNotes(database_url),
            jobs_path=folder / "jobs",
            rng=random.Random(seed),
        )
        for person in world.people:
            grant = grant_of(world, person.id, send, f"http://127.0.0.1:{address.port}", SCOPES, now=clock.now())
            store.save(grant, expect_generation=0)
        world.send_webhooks_with(lambda: one.sent)
        world.subscriptions.subscribe(world.app.client_id, "http://127.0.0.1:9/hook", clock.now())
        one.notes.begin()
        try:
            yield one
        finally:
            # First of all: what goes on working would meet the next test in its database.
            for worker in one.workers:
                worker.kill()
                worker.wait()
            one.notes.end()
            queue.close()
            database.close()


def run_chaos(one: Chaos, *, events: int, batch: int, kills: int) -> None:
    """Let so many events happen in batches, with so many kills in between, and the world come to rest."""
    switches = one.world.switches
    one.start_workers()
    one.after(0)
    one.world.requests.clear()
    switches.set(
        webhook_duplicate_every=11,
        webhook_drop_every=53,
        webhook_swap_every=7,
        fresh_activity_404_s=200,
        fresh_activity_404_every=167,
        fresh_streams_empty_s=400,
        fresh_streams_empty_every=20,
    )
    # Some events are doubled, so that there are fewer batches than it seems.
    kill_at = set(one.rng.sample(range(1, max(2, 7 * events // (10 * batch))), kills))
    number = 0
    while one.events < events:
        for _ in range(batch):
            one.change()
            one.clock.advance(one.rng.choice([0.2, 3.0, 20.0]))
        one.deliver()
        number += 1
        if number in kill_at:
            time.sleep(one.rng.random() * 0.5)
            one.kill_one()
            time.sleep(4 * HEARTBEAT_S)
            one.start_workers()
        one.after(5)
    one.world.webhook_disorder.release()
    one.deliver()
    one.settle()
    for _ in range(12):
        one.after(360)


def check_equals_the_world(one: Chaos, *, compared: int) -> None:
    """What is kept of each athlete is what Strava shows of it, and of those who left it is nothing.

    Of so many activities the answers themselves are compared, byte by byte.
    """
    everything = []
    for person in one.world.people:
        rows = AthleteRows(one.database, person.id)
        if person.id in one.left:
            assert not any(rows.counts().values()), rows.counts()
            continue
        now, shown = one.clock.now(), {each.id: each.name for each in one.world.activities(person.id)}
        names = {each.activity_id: json.loads(each.metrics)["name"] for each in rows.results(now=now)}
        kinds = Counter(reply.kind for reply in rows.replies(now=now))
        assert names == shown
        assert kinds == {"detail": len(shown), "streams": len(shown)}
        assert rows.counts()["fetch"] == len(shown)
        everything += [(person.id, activity_id) for activity_id in shown]
    for athlete_id, activity_id in one.rng.sample(everything, min(compared, len(everything))):
        check_bytes(one, athlete_id, activity_id)


def check_bytes(one: Chaos, athlete_id: int, activity_id: int) -> None:
    """What is kept of an activity is what Strava answers now."""
    rows, now = AthleteRows(one.database, athlete_id), one.clock.now()
    detail, streams = (rows.reply(kind, activity_id, now=now) for kind in PARTS)
    assert detail is not None
    assert streams is not None
    with one.work.access.client(athlete_id) as client:
        shown = json.loads(client.request("GET", f"/activities/{activity_id}").body)
        kept = json.loads(detail.body)
        changed = {name for name in shown.keys() | kept.keys() if shown.get(name) != kept.get(name)}
        assert changed <= CHANGED_BY_OTHERS
        if json.loads(detail.body)["manual"]:
            assert streams.body == b"{}"
        else:
            query: dict[str, ParameterValue] = {"keys": STREAM_KEYS, "key_by_type": True}
            path = f"/activities/{activity_id}/streams"
            assert client.request("GET", path, query=query).body == streams.body


def check_order(one: Chaos) -> None:
    """Each athlete's jobs ran one after the other, and no event was followed after a newer one."""
    jobs, kept = job_order(one.jobs_path), one.notes.by_activity()
    assert jobs.side_by_side == ()
    assert out_of_order(kept) == []
    assert list(not_followed(kept, one.notes.event_times())) == []
    assert one.notes.events_left() == 0
    print(f"{jobs.jobs} jobs, {jobs.died} of them died with their worker; {sum(map(len, kept.values()))} changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What a run cost: requests for activities, the fewest that would do, and details that nothing asked for."""

    fetched: int
    floor: int
    needless: int


def check_run(one: Chaos, *, compared: int) -> Requests:
    """Check all that is promised after a run, the next day's listing included; what it cost before that."""
    until, fetched = one.clock.now(), one.fetches()
    one.after(86_400)
    one.stop_workers()
    check_order(one)
    check_equals_the_world(one, compared=compared)
    again = needless(one.notes.by_activity(), one.notes.event_times(), until=until)
    # A worker that died between keeping and noting that it is kept costs one more request for each of its jobs.
    assert again <= CONCURRENCY * one.kills
    return Requests(fetched=fetched, floor=one.floor, needless=again)


@pytest.mark.proof
def test_a_worker_that_is_killed_while_it_waits_for_an_answer_is_replaced(database_url: str, tmp_path: Path) -> None:
    """The answer never comes to the dead worker; another one looks after the athlete, and asks once more."""
    with chaos(database_url, tmp_path, athletes=1, seed=3) as one:
        one.world.plan("slow", path="/api/v3/activities/", after=2, seconds=600)
        one.start_workers(1)
        one.work.round()
        give_up_at = time.monotonic() + 60
        while one.fetches() < 3:
            assert time.monotonic() < give_up_at
            time.sleep(0.02)
        one.kill_one()
        died = job_order(one.jobs_path).died
        time.sleep(4 * HEARTBEAT_S)
        one.start_workers(1)
        one.settle()
        one.after(360)  # the attempt that died is made again after five minutes
        one.stop_workers()
        check_equals_the_world(one, compared=5)
        asked = one.fetches() - 2 * STARTED_ALREADY

    assert died == 1
    assert job_order(one.jobs_path).side_by_side == ()
    assert asked <= 1 + 2 * STARTED_ALREADY  # half of that is the check's own


@pytest.mark.proof
@pytest.mark.usefixtures("takes_minutes")
def test_a_few_hundred_events_in_disorder_and_a_killed_worker(database_url: str, tmp_path: Path) -> None:
    with chaos(database_url, tmp_path, athletes=6, seed=5) as one:
        run_chaos(one, events=150, batch=50, kills=1)
        cost = check_run(one, compared=40)

    assert cost.fetched <= 1.25 * cost.floor + 20


@pytest.mark.proof
@pytest.mark.usefixtures("takes_minutes")
def test_ten_thousand_events_in_disorder_and_workers_killed_at_random(database_url: str, tmp_path: Path) -> None:
    with chaos(database_url, tmp_path, athletes=40, seed=6) as one:
        run_chaos(one, events=10_000, batch=250, kills=20)
        cost = check_run(one, compared=300)

    print(f"{one.events} events, {one.kills} kills, {cost}: {cost.fetched / cost.floor:.3f}")
    assert one.kills == 20
    assert cost.fetched <= 1.1 * cost.floor
