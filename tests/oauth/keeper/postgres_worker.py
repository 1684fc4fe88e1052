"""One worker of a service: `python -m oauth.keeper.postgres_worker '<json>'`. It reads as one athlete after the other.

Each line it prints is a JSON object: a failure by its class, or how much was done when the time is up.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass

from paceport.api.client.request_options import RequestOptions
from paceport.api.client.requester import Requester
from paceport.api.rate_limit.postgres import BudgetUser, PostgresBudget
from paceport.clock import ShiftedClock
from paceport.errors import PaceportError, RateLimited, StoreUnreadable
from paceport.http_message import Request, Response, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.token_store.base import Grant
from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.sealing import Key, Sealer
from paceport.transport.http_transport import open_transport

KEY = Key(id="1", value=Secret("e" * 64))


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a worker is told. `clock_offset_s` is how wrong its machine's clock is; it dies at steps of `die_at`."""

    url: str
    lasts_s: float
    seed: int
    clock_offset_s: float = 0.0
    die_at: tuple[str, ...] = ()
    die_chance: float = 0.0


class Worker:
    def __init__(self, orders: Orders, send: Send) -> None:
        self._orders, self._send = orders, send
        self._chance = random.Random(orders.seed)
        self._clock = ShiftedClock(orders.clock_offset_s)
        self._database = Database(Secret(orders.url), clock=self._clock)
        self._store = PostgresTokenStore(self._database, Sealer(lambda: (KEY,)), clock=self._clock)
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        ends_at_s = time.monotonic() + self._orders.lasts_s
        while time.monotonic() < ends_at_s:
            try:
                (self._app,) = self._store.apps()
                requesters = [self._requester(grant) for grant in self._store.grants()]
                break
            except StoreUnreadable:  # PostgreSQL is dead just now
                time.sleep(0.05)
        else:
            return
        while time.monotonic() < ends_at_s:
            try:
                self._chance.choice(requesters).request("GET", "/athlete")
                self.done["answered"] += 1
            except RateLimited:
                self.done["limited"] += 1
                time.sleep(0.02)
            except PaceportError as error:
                self.done[type(error).__name__] += 1

    def _requester(self, grant: Grant) -> Requester:
        keeper = Keeper(
            RefreshContext(
                token_store=self._store,
                key=grant.key,
                app=lambda: self._app,
                send=self._send,
                clock=self._clock,
                on_step=self._on_step,
                warn=lambda text: self.done.update(["warned"]),
            )
        )
        user = BudgetUser(origin=grant.key.oauth_origin, client_id=grant.client_id, athlete=str(grant.athlete_id))

        def counting(request: Request, *, timeout_s: float = 30.0) -> Response:
            answer = self._send(request, timeout_s=timeout_s)
            self.done["refused by the server"] += answer.status == 429
            return answer

        options = RequestOptions(api_url=grant.api_url, budget=PostgresBudget(self._database, user), no_wait=True)
        # A token is asked for as a service does before each call, and the call goes by the budget.
        return Requester(send=counting, token=keeper.token, clock=self._clock, options=options)

    def _on_step(self, step: str) -> None:
        if step in self._orders.die_at and self._chance.random() < self._orders.die_chance:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    given = json.loads(sys.argv[1])
    orders = Orders(**{**given, "die_at": tuple(given.get("die_at", ()))})
    with open_transport() as send:
        worker = Worker(orders, send)
        worker.run()
    os.write(1, json.dumps(worker.done).encode() + b"\n")


if __name__ == "__main__":
    main()
