"""The state of the simulated service: apps, athletes, grants, rate limits, switches, planned faults."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from paceport.clock import ShiftedClock
from paceport.sandbox.athletes.activity import Activity, Truth
from paceport.sandbox.athletes.people import Person
from paceport.sandbox.athletes.population import Population
from paceport.sandbox.athletes.random_streams import RandomStreams
from paceport.sandbox.athletes.segment_generator import SEGMENT_TOWNS
from paceport.sandbox.state.achievements import Achievements
from paceport.sandbox.state.activity_store import ActivityStore
from paceport.sandbox.state.edited_people import EditedPeople
from paceport.sandbox.state.fresh_data import FreshData
from paceport.sandbox.state.grants import App, Grants
from paceport.sandbox.state.planned_faults import FaultKind, PlannedFault, PlannedFaults
from paceport.sandbox.state.rate_limits import Limits, RequestCounts
from paceport.sandbox.state.segment_efforts import SegmentEfforts
from paceport.sandbox.state.switch import Switches
from paceport.sandbox.state.switches import SWITCHES
from paceport.sandbox.state.uploads import Uploads
from paceport.sandbox.state.visibility import Visibility
from paceport.sandbox.state.webhook_disorder import WebhookDisorder
from paceport.sandbox.state.webhook_rules import PushSubscriptions, WebhookEvent


class MovableClock(Protocol):
    """The time of the world: can be read and set."""

    def now(self) -> datetime: ...
    def advance(self, seconds: float) -> None: ...
    def set(self, moment: datetime) -> None: ...


def first_app(seed: int) -> App:
    """The app every world of this seed begins with; known without building the world."""
    return App(
        client_id=10_000 + seed % 90_000,
        client_secret=RandomStreams(seed).hex40("client_secret"),
        name="Sandbox app",
        callback_domain="localhost",
    )


class WebhookSender(Protocol):
    """What sends webhook events out of the world."""

    def send(self, event: WebhookEvent) -> None:
        """Send an event, now or later."""

    def close(self) -> None:
        """Drop what waits and stop."""


class _DropsEvents:
    def send(self, event: WebhookEvent) -> None:
        """Nobody sends events of a world that is not served."""

    def close(self) -> None:
        """Nothing waits."""


class World:
    """One simulated service. Everything in it comes from the seed and the requests, in order.

    `lock` guards it: the HTTP face holds it for each request. The seed is the population's where none is given.
    """

    def __init__(
        self,
        population: Population,
        *,
        seed: int | None = None,
        clock: MovableClock | None = None,
    ) -> None:
        self.seed = population.seed if seed is None else seed
        self.lock = threading.RLock()
        self.clock: MovableClock = clock or ShiftedClock()
        self.population = population
        self._open_sender: Callable[[], WebhookSender] = _DropsEvents
        self.webhook_sender: WebhookSender = self._open_sender()
        self.reset()

    def reset(self) -> None:
        """Back to the first moment: no grant, no count, no plan, every switch at its default. The clock stays."""
        with self.lock:
            self.random_streams = RandomStreams(self.seed)
            self.switches = Switches(SWITCHES)
            self.faults = PlannedFaults()
            self.grants = Grants(self.random_streams, self.switches, self._was_revoked)
            self.webhook_sender.close()
            self.webhook_sender = self._open_sender()
            self.webhook_disorder = WebhookDisorder(self.switches, lambda event: self.webhook_sender.send(event))
            self.subscriptions = PushSubscriptions(self.grants.granted, self.switches, self.webhook_disorder.send)
            self.fresh_data = FreshData(self.switches)
            self._edited_people: dict[int, Person] = {}
            self.activity_store = ActivityStore(self.population.by_athlete, self._was_changed)
            self.segment_efforts = SegmentEfforts(
                self.population.segments,
                self.population.people[:SEGMENT_TOWNS],
                self.activity_store,
                self.population.found_efforts,
            )
            self.achievements = Achievements(self.activity_store, self.segment_efforts, self.population.found_ranks)
            self.visibility = Visibility(
                self.activity_store, self.person, lambda activity: self.fresh_data.is_withheld(activity, self.now())
            )
            self.uploads = Uploads(self.activity_store, self.switches, self.person)
            self.requests: Counter[str] = Counter()
            app = first_app(self.seed)
            self.apps = {app.client_id: app}
            self._request_counts = {app.client_id: RequestCounts(Limits())}
            self.inactive: set[int] = set()
            self.signed_in = self.population.people[0].id

    @property
    def app(self) -> App:
        """The app the world began with."""
        return next(iter(self.apps.values()))

    @property
    def people(self) -> Sequence[Person]:
        """The athletes, in the order of the consent page; each is generated when it is looked at."""
        return EditedPeople(self.population.people, self._edited_people)

    def now(self) -> datetime:
        """The world's present moment."""
        return self.clock.now()

    def person(self, athlete_id: int) -> Person | None:
        """The athlete of that id."""
        return self._edited_people.get(athlete_id) or self.population.person(athlete_id)

    def activities(self, athlete_id: int) -> tuple[Activity, ...]:
        """All activities of an athlete as they stand, newest first."""
        return self.activity_store.activities(athlete_id)

    def add_app(self, *, name: str, callback_domain: str = "localhost", limits: Limits | None = None) -> App:
        """Register one more app."""
        with self.lock:
            app = App(
                client_id=max(self.apps) + 1,
                client_secret=self.random_streams.hex40("more_secrets"),
                name=name,
                callback_domain=callback_domain,
            )
            self.apps[app.client_id] = app
            self._request_counts[app.client_id] = RequestCounts(limits or Limits())
            return app

    def find_app(self, text: str) -> App | None:
        """The app of a client id as it came over the wire; None for anything that is no known number."""
        text = text.strip()
        return self.apps.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def request_counts(self, client_id: int) -> RequestCounts:
        """The request counts of an app."""
        return self._request_counts[client_id]

    def set_limits(self, limits: Limits, *, client_id: int | None = None) -> None:
        """Give an app (the first one by default) other limits."""
        with self.lock:
            self.request_counts(client_id or self.app.client_id).limits = limits

    def set_inactive(self, is_inactive: bool = True, *, client_id: int | None = None) -> None:
        """Whether the app's owner lacks the subscription: every API call then answers 403, refreshing still works."""
        with self.lock:
            change = self.inactive.add if is_inactive else self.inactive.discard
            change(client_id or self.app.client_id)

    def sign_in(self, athlete_id: int) -> None:
        """Choose whose web login the consent page finds. Raises KeyError for nobody."""
        with self.lock:
            if self.person(athlete_id) is None:
                raise KeyError(athlete_id)
            self.signed_in = athlete_id

    def revoke(self, athlete_id: int | None = None, *, client_id: int | None = None) -> None:
        """Take an app's access back, as the athlete does on the page of connected apps; all athletes by default."""
        with self.lock:
            app = client_id or self.app.client_id
            for one in [athlete_id] if athlete_id is not None else sorted(self.grants.connected(app)):
                self.grants.revoke(app, one)

    def send_webhooks_with(self, open_sender: Callable[[], WebhookSender]) -> None:
        """Send webhook events with what `open_sender` gives; each reset closes it and opens another."""
        with self.lock:
            self.webhook_sender.close()
            self._open_sender = open_sender
            self.webhook_sender = open_sender()

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Let other requests in while one waits for something outside; for the handler of a request alone."""
        self.lock.release()
        try:
            yield
        finally:
            self.lock.acquire()

    def plan(
        self,
        kind: FaultKind,
        *,
        path: str = "/",
        method: str = "",
        times: int = 1,
        after: int = 0,
        status: int = 0,
        seconds: float = 1.0,
    ) -> None:
        """Plan a fault for coming requests; `planned_faults.PlannedFault` says what each word means."""
        with self.lock:
            self.faults.plan(
                PlannedFault(
                    kind=kind, path=path, method=method, times=times, after=after, status=status, seconds=seconds
                )
            )

    def delete_activity(self, activity_id: int) -> None:
        """Delete an activity as its athlete does on the web site. Raises KeyError for an unknown id."""
        with self.lock:
            self.activity_store.delete(activity_id)

    def edit_activity(self, activity: Activity) -> None:
        """Put an edited activity in the place of the one with its id. Raises KeyError for an unknown id."""
        with self.lock:
            self.activity_store.replace(activity)

    def set_weight(self, athlete_id: int, weight_kg: float) -> Person:
        """Set an athlete's weight; activities keep the one they were made with. Raises KeyError for nobody."""
        with self.lock:
            before = self.person(athlete_id)
            if before is None:
                raise KeyError(athlete_id)
            person = replace(before, weight_kg=weight_kg, updated_at=self.now())
            self._edited_people[athlete_id] = person
            return person

    def truth(self, activity_id: int) -> Truth | None:
        """What a simulated activity was made from, for an analysis to be compared with; None for any other."""
        found = self.activity_store.find(activity_id)
        return None if found is None else found.truth

    def hide_start(self, activity_id: int) -> None:
        """Hide an activity's start time, as its athlete may."""
        with self.lock:
            self.activity_store.hidden_starts.add(activity_id)

    def _was_changed(self, before: Activity | None, after: Activity | None) -> None:
        if before is None and after is not None:
            self.fresh_data.was_made(after, self.now())
        self.subscriptions.activity_changed(before, after, self.now())

    def _was_revoked(self, client_id: int, athlete_id: int) -> None:
        self.subscriptions.athlete_deauthorized(client_id, athlete_id, self.now())

    def counters(self) -> dict[str, object]:
        """Requests by endpoint, what the token endpoint did, and how much of the limits is used, by client id."""
        with self.lock:
            now = self.now()
            return {
                "requests": dict(sorted(self.requests.items())),
                "exchanges": self.grants.exchanges,
                "refreshes": self.grants.refreshes,
                "replays": self.grants.replays,
                "usage": {str(client_id): counts.usage(now) for client_id, counts in self._request_counts.items()},
            }
