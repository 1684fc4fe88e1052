"""A month of one athlete's home and of a service of two more, in which something goes wrong at nearly every step."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from makers.world_clock import WorldClock
from paceport.http_message import Request, Send
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.bulk_export.archive import recorded_file
from paceport.sandbox.state.planned_faults import FaultKind
from paceport.sandbox.state.rate_limits import RequestCounts
from paceport.sandbox.state.world import World
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from soak.children import KILLED, Browser, Children, Footprint, Said, Server

# Often enough that what is not given back at a request shows by the end of the month.
PAGES_EACH_STEP = 5
KEPT_FOR = timedelta(days=7)
# What a command may say where something was made to go wrong: a network or service down, a limit, a full disk, "busy".
MAY_FAIL = {0, 1, 5, 6, 7, 8, 9, KILLED}
API_FAULTS: tuple[FaultKind, ...] = ("status", "html", "rate_limited", "cut", "lost", "dropped")
# After these nobody knows whether the service has done what it was asked.
UNKNOWN: tuple[FaultKind, ...] = ("cut", "lost")
TOKEN_FAULTS: tuple[FaultKind, ...] = ("status", "html", "rate_limited", "dropped", *UNKNOWN)


class WatchedCounts(RequestCounts):
    """The counts of an app, and how often a request went over a limit."""

    over = 0

    def count(self, now: datetime, *, is_read: bool) -> None:
        super().count(now, is_read=is_read)
        self.over += self.exceeded(is_read=is_read) is not None


@dataclass(kw_only=True)
class Month:
    """The world, the processes that follow it, and what is to be held against it at the end."""

    world: World
    clock: WorldClock
    home: Path
    recordings: Path
    children: Children
    send: Send
    database: Database
    worker: tuple[str, ...]
    api_key: str
    service_words: tuple[str, ...]
    service_variables: Mapping[str, str]
    members: tuple[int, ...]
    rng: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    recorded: dict[int, Activity] = field(default_factory=dict)
    footprints: dict[str, list[Footprint]] = field(default_factory=dict)
    oldest_reply: timedelta = timedelta(0)
    is_quiet: bool = False

    def __post_init__(self) -> None:
        self.athlete = self.world.people[0].id
        self.start_serve()
        self.start_service()

    # --- what happens in the world -------------------------------------------------------------------------------

    def live(self, athlete_id: int) -> None:
        """Mostly a new run, which the watch has as well; sometimes an edit or a deletion."""
        world = self.world
        mine = [one for one in world.activities(athlete_id) if not one.manual]
        kind = self.rng.random()
        if kind < 0.7 or len(mine) < 5:
            start = world.now().replace(microsecond=0) - timedelta(hours=1)
            made = replace(mine[0], id=world.activity_store.next_id(), start=start, name="New")
            world.activity_store.add(made)
            if athlete_id == self.athlete:
                self.recorded[made.id] = made
                name, content = recorded_file(made)
                (self.recordings / f"{made.id}-{Path(name).name}").write_bytes(content)
        elif kind < 0.9:
            world.edit_activity(replace(self.rng.choice(mine), name=f"Edited {self.rng.randrange(10**6)}"))
        else:
            world.delete_activity(self.rng.choice(mine[1:]).id)
        self.counts["changes"] += 1

    def go_wrong(self, path: str, kinds: tuple[FaultKind, ...]) -> bool:
        """Let one or two of the coming requests there go wrong; True where nobody will know what became of one."""
        unknown = False
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            kind = self.rng.choice(kinds)
            self.world.plan(kind, path=path, after=self.rng.randrange(4), times=self.rng.choice((1, 1, 3)))
            self.counts[f"fault {kind}"] += 1
            unknown |= kind in UNKNOWN
        return unknown

    # --- what the processes do -----------------------------------------------------------------------------------

    def read_tokens(self) -> None:
        """Three processes want a token at once; one may be killed, one may have a wrong clock."""
        is_killed = not self.is_quiet and self.rng.random() < 0.3
        unknown = not self.is_quiet and self.go_wrong("/oauth/token", TOKEN_FAULTS)
        # Where an answer may be lost, the service honours the token that it answered; else nothing could keep a login.
        self.world.switches.set(refresh_rotation="never" if unknown or is_killed else "always")
        jump_s = 0 if self.is_quiet else self.rng.choice((0, 0, 0, -7200, 3600, 86_400))
        started = [self.children.start("token"), self.children.start("token", SOAK_JUMP_S=str(jump_s))]
        started.append(self.children.start("token"))
        ends = [self.rng.random() * 1.5 if is_killed and number == 0 else None for number in range(3)]
        for process, kill_after_s in zip(started, ends, strict=True):
            self._note("token", self.children.finish(process, kill_after_s=kill_after_s))
        self.world.faults.clear()
        ended = self.children.run("token")
        assert ended.code == 0, ended
        self.world.switches.set(refresh_rotation="always")
        token = ended.out.strip()
        assert self.world.grants.holder(token, self.world.now()) is not None, "a dead token was printed"

    def sync(self) -> None:
        """A sync that may be killed, have a full disk, or meet a service that is down."""
        extra = {}
        kill_after_s = None
        if not self.is_quiet:
            self.go_wrong("/api/v3", API_FAULTS)
            kind = self.rng.random()
            if kind < 0.25:
                kill_after_s = self.rng.uniform(0.3, 3.0)
            elif kind < 0.35:
                extra = {"SOAK_ROOM": str(self.rng.choice((0, 20_000, 200_000)))}
                self.counts["full disks"] += 1
        process = self.children.start("sync", "--no-wait", "--json", **extra)
        self._note("sync", self.children.finish(process, kill_after_s=kill_after_s))
        self.world.faults.clear()

    def import_recordings(self) -> None:
        """What the watch has is imported, by a process that may be killed or have a full disk."""
        extra, kill_after_s = {}, None
        if not self.is_quiet and self.rng.random() < 0.3:
            kill_after_s = self.rng.uniform(0.3, 2.5)
        elif not self.is_quiet and self.rng.random() < 0.15:
            extra = {"SOAK_ROOM": str(self.rng.choice((0, 20_000, 200_000)))}
            self.counts["full disks"] += 1
        process = self.children.start("import", str(self.recordings), "--json", **extra)
        self._note("import", self.children.finish(process, kill_after_s=kill_after_s))

    def read_pages(self) -> None:
        """A browser reads some pages of `serve`."""
        newest = self.world.activities(self.athlete)[0].id
        for path in ("/", "/runs", f"/runs/{newest}", "/map", "/account") * PAGES_EACH_STEP:
            status = self.browser.read(path).status
            assert status in (200, 404), (path, status)
            self.counts[f"page {path.split('/')[-2] or path} {status}"] += 1

    def ask_service(self) -> None:
        """A program of the owner's asks the service for tokens; each that it gets lives."""
        unknown = not self.is_quiet and self.go_wrong("/oauth/token", TOKEN_FAULTS)
        self.world.switches.set(refresh_rotation="never" if unknown else "always")
        for athlete_id in self.members:
            url = f"{self.service.address}/athletes/{athlete_id}/token?need=activity:read_all"
            answer = self.send(Request(method="GET", url=url, headers={"authorization": f"Bearer {self.api_key}"}))
            self.counts[f"service {answer.status}"] += 1
            if answer.status == 200:
                token = json.loads(answer.body)["access_token"]
                assert self.world.grants.holder(token, self.world.now()) is not None, "the service gave a dead token"
            else:
                assert not self.is_quiet, answer
                assert answer.status in (429, 502, 503), answer
        self.world.faults.clear()
        self.world.switches.set(refresh_rotation="always")

    def work(self) -> None:
        """A worker does what the events and the plan ask for, and may be killed."""
        kill_after_s = None
        if not self.is_quiet:
            self.go_wrong("/api/v3", API_FAULTS)
            kill_after_s = self.rng.uniform(0.5, 4.0) if self.rng.random() < 0.25 else None
        said = self.children.finish(self.children.start_module("soak.worker", *self.worker), kill_after_s=kill_after_s)
        self._note("worker", replace(said, words=["worker"]))
        self.world.faults.clear()
        oldest = Members(self.database).oldest_reply_at()
        if oldest is not None and said.code == 0:
            self.oldest_reply = max(self.oldest_reply, self.world.now() - oldest)

    def _note(self, word: str, said: Said) -> None:
        self.counts[word] += 1
        self.counts[f"{word} ended with {said.code}"] += 1
        assert said.code in ({0} if self.is_quiet else MAY_FAIL), said.err

    # --- servers -------------------------------------------------------------------------------------------------

    def start_serve(self) -> None:
        self.serve = self.children.serve("serve.log", "serve", "--port", "0")
        self.browser = Browser(self.send, self.serve.address)

    def start_service(self) -> None:
        self.service = self.children.serve("service.log", *self.service_words, **self.service_variables)

    def restart(self) -> None:
        """Both servers are killed and started again."""
        for server in (self.serve, self.service):
            server.process.kill()
            server.process.wait()
        self.counts["servers killed"] += 2
        self.footprints.clear()
        self.start_serve()
        self.start_service()

    def measure(self) -> None:
        for name, server in (("serve", self.serve), ("service", self.service)):
            self.footprints.setdefault(name, []).append(server.footprint())

    def servers(self) -> tuple[Server, Server]:
        """Both, to be ended."""
        return self.serve, self.service

    # --- a step --------------------------------------------------------------------------------------------------

    def step(self, hours: float) -> None:
        """So much time passes, and everything runs once."""
        self.clock.advance(hours * 3600 * self.rng.uniform(0.8, 1.2))
        for person in self.world.people:
            if self.rng.random() < 0.4:
                self.live(person.id)
        self.read_tokens()
        self.sync()
        self.import_recordings()
        self.read_pages()
        self.ask_service()
        self.work()
        self.measure()

    def expired_rows(self) -> dict[str, int]:
        """Rows of the cache that should be gone, by table."""
        now = f"{self.world.now():%Y-%m-%dT%H:%M:%SZ}"
        found = {}
        with closing(sqlite3.connect(f"file:{self.home / 'cache' / 'cache.db'}?mode=ro", uri=True)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
                if "expires_at" in columns:
                    asked = f"SELECT count(*) FROM {table} WHERE expires_at < ?"
                    found[table] = connection.execute(asked, (now,)).fetchone()[0]
        return {table: count for table, count in found.items() if count}
