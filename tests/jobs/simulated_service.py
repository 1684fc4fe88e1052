"""A service over the simulated Strava, in one process: athletes who have connected, events, and a worker's rounds.

Nothing stands in for our own code: the queue is a list here only where a test says so, because its order is the same.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from paceport.clock import ManualClock
from paceport.http_message import Request, Response, Send
from paceport.jobs.fetching import AthleteStore
from paceport.jobs.inbox import RecordedEvent, record_event
from paceport.jobs.service_work import ServiceWork, athlete_store
from paceport.jobs.turns import Turn
from paceport.oauth.protocol.token_endpoint import exchange_request, read_token
from paceport.oauth.token_store.base import App, Grant
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.profile.service_access import ServiceAccess
from paceport.profile.settings import Directories, Settings
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.http.app import create_app
from paceport.sandbox.json.webhooks import event_json
from paceport.sandbox.state.webhook_rules import WebhookEvent
from paceport.sandbox.state.world import World
from paceport.scopes import parse_granted
from paceport.secret import Secret
from paceport.storage.postgres.athlete_rows import AthleteRows
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.members import Members
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport
from sandbox.few import few_people

OAUTH_URL, API_URL = "http://127.0.0.1:9", "http://127.0.0.1:9/api/v3"
SCOPES = ("read", "activity:read_all", "profile:read_all")
KEY = Key(id="1", value=Secret("d" * 64))


class EventList:
    """What sends the world's events: they are put into a list, in order."""

    def __init__(self) -> None:
        self.events: list[WebhookEvent] = []

    def send(self, event: WebhookEvent) -> None:
        self.events.append(event)

    def close(self) -> None:
        """Nothing is under way."""


class TurnList:
    """The order of the queue without its database: the greatest turn first, then first come, first served."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, int]] = []
        self._known: set[tuple[int, int]] = set()
        self._count = 0

    def wake(self, athlete_id: int, turn: Turn) -> bool:
        if (athlete_id, int(turn)) in self._known:
            return False
        self._count += 1
        heapq.heappush(self._waiting, (-int(turn), self._count, athlete_id))
        self._known.add((athlete_id, int(turn)))
        return True

    def wake_all(self, athletes: Iterable[tuple[int, Turn]]) -> int:
        return sum(self.wake(*one) for one in athletes)

    def run(self, work: ServiceWork) -> int:
        """Do all jobs, and those that they wake; how many."""
        done = 0
        while (job := self.take()) is not None:
            work.look_after(*job)
            done += 1
        return done

    def take(self) -> tuple[int, Turn] | None:
        """The next job, athlete and turn; None where none waits."""
        if not self._waiting:
            return None
        turn, _, athlete_id = heapq.heappop(self._waiting)
        self._known.discard((athlete_id, -turn))
        return athlete_id, Turn(-turn)


@dataclass
class SimulatedService:
    """A world, a database and a worker that share one clock. `requests` are the API calls that were sent."""

    world: World
    database: Database
    clock: ManualClock
    send: Send
    settings: Settings
    requests: list[str] = field(default_factory=list)
    events: EventList = field(default_factory=EventList)
    turns: TurnList = field(default_factory=TurnList)

    def __post_init__(self) -> None:
        self.store = PostgresTokenStore(self.database, Sealer(lambda: (KEY,)), clock=self.clock)
        app = self.world.app
        self.app = App(oauth_url=OAUTH_URL, client_id=str(app.client_id), client_secret=Secret(app.client_secret))
        self.access = ServiceAccess(
            token_store=self.store,
            app=self.app,
            settings=self.settings,
            send=self._counting,
            clock=self.clock,
            warn=lambda text: None,
            goes_by_caller_clock=True,
        )
        self.work = ServiceWork(database=self.database, access=self.access, clock=self.clock, queue=self.turns)
        self.world.send_webhooks_with(lambda: self.events)
        self.subscription = self.world.subscriptions.subscribe(app.client_id, "http://127.0.0.1:9/hook", self.now)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def _counting(self, request: Request, *, timeout_s: float = 30.0) -> Response:
        path = request.url.partition("/api/v3")[2].partition("?")[0]
        if path:
            self.requests.append(path)
        return self.send(request, timeout_s=timeout_s)

    def connect(self, athlete_id: int, scopes: tuple[str, ...] = SCOPES) -> None:
        """Let an athlete log in, as the service's callback does."""
        grant = grant_of(self.world, athlete_id, self.send, OAUTH_URL, scopes, now=self.now)
        known = self.store.read(grant.key)
        self.store.save(grant, expect_generation=known.generation if known else 0)
        Members(self.database).join(athlete_id, oauth_origin=OAUTH_URL, client_id=self.app.client_id, now=self.now)

    def deliver(self, events: list[WebhookEvent] | None = None) -> list[RecordedEvent]:
        """Put events into the inbox, by default all that the world has sent, and wake the work."""
        if events is None:
            events, self.events.events = self.events.events, []
        recorded = []
        for event in events:
            body = json.dumps(event_json(event)).encode()
            one = record_event(self.database, body, subscription_ids={self.subscription.id}, now=self.now)
            recorded.append(one)
            if one.outcome == "new":
                self.turns.wake(one.athlete_id, one.turn)
        return recorded

    def work_off(self) -> int:
        """One round, and all jobs that follow from it."""
        self.work.round()
        return self.turns.run(self.work)

    def rows(self, athlete_id: int) -> AthleteRows:
        return AthleteRows(self.database, athlete_id)

    def store_of(self, athlete_id: int) -> AthleteStore:
        return athlete_store(self.database, athlete_id)

    def kept(self, athlete_id: int) -> set[int]:
        """The activities of which detail and streams are kept."""
        kinds: dict[int, set[str]] = {}
        for reply in self.rows(athlete_id).replies(now=self.now):
            kinds.setdefault(reply.object_id, set()).add(reply.kind)
        return {key for key, found in kinds.items() if found == {"detail", "streams"}}


@contextmanager
def simulated_service(
    database: Database, clock: ManualClock, home: Path, *, people: int, runs: int
) -> Iterator[SimulatedService]:
    """A service of an app with the usual limits, at a world of so many people with so many activities each."""
    world = World(short_people(people, runs), seed=1, clock=clock)
    directories = Directories.from_environment({"PACEPORT_HOME": str(home)})
    settings = Settings(directories=directories, oauth_url=OAUTH_URL, api_url=API_URL, vault="postgres")
    with open_transport(wsgi=create_app(world)) as send:
        yield SimulatedService(world=world, database=database, clock=clock, send=send, settings=settings)


def gpx_of_a_run(start: datetime) -> bytes:
    """A file of the athlete's own: ten minutes, a little more than a kilometre, beginning then."""
    points = "".join(
        f'<trkpt lat="{48.1 + number * 0.0001:.5f}" lon="11.5"><ele>500</ele>'
        f"<time>{(start + timedelta(seconds=5 * number)).isoformat()}</time></trkpt>"
        for number in range(120)
    )
    return f'<gpx version="1.1" creator="x"><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>'.encode()


def grant_of(world: World, athlete_id: int, send: Send, url: str, scopes: tuple[str, ...], *, now: datetime) -> Grant:
    """The login of an athlete who has just agreed at the world that `url` reaches."""
    client_id, secret = str(world.app.client_id), Secret(world.app.client_secret)
    code = Secret(world.grants.make_code(world.app.client_id, athlete_id, scopes, world.now()))
    tokens = read_token(
        send(exchange_request(oauth_url=url, client_id=client_id, client_secret=secret, code=code)), now=now
    )
    return Grant(
        profile=f"athlete-{athlete_id}",
        oauth_url=url,
        api_url=f"{url}/api/v3",
        client_id=client_id,
        athlete_id=athlete_id,
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
        received_at=now,
        expires_in_s=21_600,
        scopes=parse_granted(",".join(scopes)),
        scopes_known_by="redirect",
    )


@cache
def short_people(people: int, runs: int) -> Population:
    """So many athletes with so many short activities each, of which a tenth were typed in by hand."""
    few = few_people(runs)
    model = few.people[1]
    rows = few.by_athlete[model.id]
    ids = [few.people[0].id + 7919 * number for number in range(people)]
    return replace(
        few,
        people=tuple(replace(model, id=athlete_id) for athlete_id in ids),
        by_athlete={
            athlete_id: tuple(
                replace(row, id=athlete_id * 1000 + number, athlete_id=athlete_id, visibility="everyone")
                for number, row in enumerate(rows)
            )
            for athlete_id in ids
        },
    )
