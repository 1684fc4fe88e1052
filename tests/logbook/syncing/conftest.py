"""A small world, a login at it, an empty logbook, and syncs between the two; no socket, no waiting."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from api.conftest import MANY, Login, Wire
from paceport.api.rate_limit.budget import MemoryBudget
from paceport.clock import ManualClock
from paceport.http_message import Send
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.sync import SyncCallbacks, sync
from paceport.logbook.syncing.sync_report import SyncReport
from paceport.sandbox.athletes.activity import Activity
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.recording import Recording
from paceport.sandbox.athletes.recording_builder import recording_from_samples
from paceport.sandbox.athletes.stored_source import stored_source
from paceport.sandbox.state.world import World
from sandbox.few import few_people

LOGIN = "athlete 1 at sandbox"


@pytest.fixture(scope="session")
def few() -> Population:
    """Two athletes with twenty short activities each."""
    return few_people(20)


@pytest.fixture
def world(few: Population, clock: ManualClock) -> World:
    return World(few, clock=clock)


@pytest.fixture
def wire(sandbox_send: Send) -> Wire:
    return Wire(sandbox_send)


@pytest.fixture
def login(world: World, wire: Wire, clock: ManualClock) -> Login:
    world.set_limits(MANY)
    return Login(world, wire, clock, "read,activity:read_all,profile:read_all")


class Syncing:
    """Runs syncs of one login into one logbook, and looks at what they asked for."""

    def __init__(self, login: Login, store: Store, clock: ManualClock) -> None:
        self.login, self.store, self.clock = login, store, clock
        self.budget = MemoryBudget()
        self.is_proof = True
        self.told: list[str] = []

    @property
    def world(self) -> World:
        return self.login.world

    def __call__(self, *, accept: bool = False, keep: int = 0, longest_wait_s: float | None = None) -> SyncReport:
        """One sync; the requests it made are afterwards in `asked`."""
        # As the keeper does: an expired token costs no request of the API.
        self.login.token(not_this=self.login.tokens[-1])
        self.login.wire.requests.clear()
        return sync(
            store=self.store,
            client=self.login.client(budget=self.budget, keep=keep, no_wait=longest_wait_s is None),
            clock=self.clock,
            login=LOGIN,
            is_proof=self.is_proof,
            keep=keep,
            accept_deletions=accept,
            talk=SyncCallbacks(
                plan=lambda what, planned, held: self.told.append(f"{what}: {planned.requests}, {held} held back"),
                requests=lambda: sum(self.asked.values()),
            ),
        )

    def reopen(self) -> None:
        """Close the logbook and open it again, as the next command does."""
        self.store.close()
        self.store.__enter__()

    @property
    def asked(self) -> Counter[str]:
        """What the last sync asked for: list, facts, detail, streams."""
        kinds: Counter[str] = Counter()
        for request in self.login.wire.requests:
            path = request.url.split("?")[0]
            if "/api/v3/" not in path:
                continue  # the login renews its token
            if path.endswith(("/athlete", "/athlete/zones")):
                kinds["facts"] += 1
            else:
                kinds["streams" if path.endswith("/streams") else "detail" if "/activities/" in path else "list"] += 1
        return kinds

    def theirs(self) -> list[Activity]:
        """What the world has now, newest first."""
        return list(self.world.activities(self.login.athlete_id))

    def edit(self, number: int, **changes: object) -> Activity:
        """Change the n-th newest activity of the world."""
        edited = replace(self.theirs()[number], **changes)  # type: ignore[arg-type]  # fields of Activity
        self.world.edit_activity(edited)
        return edited

    def add(self, activity_id: int, *, hours_after_newest: float = 24.0, **changes: object) -> Activity:
        """A new activity in the world."""
        newest = self.theirs()[0]
        fresh = replace(newest, id=activity_id, start=newest.start + timedelta(hours=hours_after_newest))
        fresh = replace(fresh, **changes)  # type: ignore[arg-type]  # fields of Activity
        self.world.activity_store.add(fresh)
        return fresh

    def differences(self) -> list[str]:
        """In what the cached part differs from the world; only runs of living rows count."""
        found = []
        theirs = {row.id: row for row in self.theirs()}
        answer = self.store.query(
            "SELECT strava_id, name, sport, start_utc, distance_m, moving_time_s, gear, is_private, has_track, "
            "description FROM run WHERE deleted_at_strava IS NULL"
        )
        ours = {int(str(row[0])): dict(zip(answer.columns, row, strict=True)) for row in answer.rows}
        if ours.keys() != theirs.keys():
            found.append(f"ids: {sorted(ours.keys() ^ theirs.keys())}")
        for key in ours.keys() & theirs.keys():
            found += self._differences(ours[key], theirs[key])
        return found

    def _differences(self, ours: dict[str, object], theirs: Activity) -> list[str]:
        is_hidden = theirs.id in self.world.activity_store.hidden_starts
        expected = {
            "name": theirs.name,
            "sport": theirs.sport_type,
            "start_utc": ours["start_utc"] if is_hidden else f"{theirs.start:%Y-%m-%dT%H:%M:%SZ}",
            "distance_m": round(theirs.distance_m, 1),
            "moving_time_s": theirs.summary.moving_time_s,
            "is_private": theirs.visibility == "only_me",
            "has_track": not theirs.manual,
            "description": theirs.description or "",
        }
        found = [
            f"{theirs.id} {name}: {ours[name]} != {value}" for name, value in expected.items() if ours[name] != value
        ]
        recording, streams = theirs.recording, self.store.streams(theirs.id)
        if recording is not None and streams is not None and not np.array_equal(streams.time_s, recording.time_s):
            found.append(f"{theirs.id} times")
        if (recording is None) != (streams is None):
            found.append(f"{theirs.id} streams: {streams is not None}")
        return found


@pytest.fixture
def syncing(login: Login, store: Store, clock: ManualClock) -> Syncing:
    # Not at the very edge of a window, where each request counts in both.
    clock.advance(60)
    return Syncing(login, store, clock)


def short_recording(seconds: int = 200) -> Recording:
    """A run north at three metres a second."""
    moments = range(seconds + 1)
    return recording_from_samples(
        time_s=list(moments),
        latlng=[(59.61 + 0.00003 * second, 15.21) for second in moments],
        altitude_m=[80.0 + second / 40 for second in moments],
        cadence_rpm=[85] * len(moments),
    )


CROPPED = stored_source(short_recording())
