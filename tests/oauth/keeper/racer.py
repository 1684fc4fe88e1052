"""One process of a race: `python -m oauth.keeper.racer '<json>'`. It reads tokens until the time is up or it dies.

Each line it prints is a JSON object: a failure, or so many more reads.
"""

import asyncio
import json
import os
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring

from oauth.keeper.folder_keyring import FolderKeyring
from paceport.errors import PaceportError
from paceport.http_message import Request, Send
from paceport.oauth.keeper.keeper import Keeper
from paceport.oauth.keeper.refresh_context import RefreshContext
from paceport.oauth.token_store.base import TokenStore
from paceport.oauth.token_store.file import FileTokenStore
from paceport.oauth.token_store.keyring import KeyringTokenStore
from paceport.transport.http_transport import open_transport

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CHECK_EVERY = 25


class FastClock:
    """The machine's clock, `speed` times as fast since `base_s`: the same in every process that is told both."""

    def __init__(self, base_s: float, speed: float) -> None:
        self._base_s, self._speed = base_s, speed

    def now(self) -> datetime:
        return START + timedelta(seconds=(time.time() - self._base_s) * self._speed)

    def monotonic_s(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.05))

    def advance(self, seconds: float) -> None:
        """The world's clock can be moved; this one moves by itself."""

    def set(self, moment: datetime) -> None:
        """As above."""


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a racer is told. `die_at` names steps; it dies at one of them with `die_chance`.

    `keyring` is the folder of the keyring that holds the login; "" where files do.
    """

    state_dir: str
    base_s: float
    speed: float
    lasts_s: float = 0.0
    die_at: tuple[str, ...] = ()
    die_chance: float = 1.0
    seed: int = 0
    is_mixed: bool = False
    keyring: str = ""


def open_store(orders: Orders, clock: FastClock) -> TokenStore:
    """The token store of the race: files, or the keyring that lies in a folder."""
    if not orders.keyring:
        return FileTokenStore(Path(orders.state_dir), clock=clock)
    keyring.set_keyring(FolderKeyring(Path(orders.keyring)))
    return KeyringTokenStore(Path(orders.state_dir), clock=clock)


class Racer:
    def __init__(self, orders: Orders, send: Send) -> None:
        self._orders, self._send = orders, send
        self._chance = random.Random(orders.seed)
        clock = FastClock(orders.base_s, orders.speed)
        token_store = open_store(orders, clock)
        grant, app = token_store.grants()[0], token_store.apps()[0]
        self._api_url = grant.api_url
        self._ends_at_s = time.monotonic() + orders.lasts_s
        self._keeper = Keeper(
            RefreshContext(
                token_store=token_store,
                key=grant.key,
                app=lambda: app,
                send=send,
                clock=clock,
                on_step=self._on_step,
                warn=self._tell,
            )
        )
        self.reads = 0

    def run(self) -> None:
        runners = [threading.Thread(target=self._read_on)]
        if self._orders.is_mixed:
            runners += [threading.Thread(target=self._read_on), threading.Thread(target=self._read_async)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        # On a busy machine these are all there are.
        say(reads=self.reads % CHECK_EVERY)

    def _on_step(self, step: str) -> None:
        if step in self._orders.die_at and self._chance.random() < self._orders.die_chance:
            os.kill(os.getpid(), signal.SIGKILL)

    def _read_on(self) -> None:
        while True:
            try:
                self._check(self._keeper.token())
            except PaceportError as error:
                self._tell(f"{type(error).__name__}: {error}")
            if time.monotonic() >= self._ends_at_s:
                return

    def _read_async(self) -> None:
        async def read_some() -> None:
            while time.monotonic() < self._ends_at_s:
                for token in await asyncio.gather(*[self._keeper.token_async() for _ in range(5)]):
                    self._check(token)

        asyncio.run(read_some())

    def _check(self, token: str) -> None:
        """A token now and then is shown to the server: it must be alive."""
        self.reads += 1
        if self.reads % CHECK_EVERY:
            return
        say(reads=CHECK_EVERY)
        request = Request(method="GET", url=f"{self._api_url}/athlete", headers={"authorization": f"Bearer {token}"})
        answer = self._send(request)
        if answer.status != 200:
            self._tell(f"the API answered {answer.status}")

    def _tell(self, text: str) -> None:
        say(failure=text)


def say(**line: object) -> None:
    """One line in one piece: threads speak at once, and a death cuts nothing in half."""
    os.write(1, json.dumps(line).encode() + b"\n")


def main() -> None:
    given = json.loads(sys.argv[1])
    orders = Orders(**{**given, "die_at": tuple(given.get("die_at", ()))})
    with open_transport() as send:
        Racer(orders, send).run()


if __name__ == "__main__":
    main()
