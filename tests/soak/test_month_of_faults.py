"""A simulated month of keeper, sync, import, serve, service and worker, with faults at every step: nothing is lost.

`make soak` runs SOAK_DAYS (30) with SOAK_SEED (1), in steps of 6 to 24 hours, to fit into SOAK_SECONDS (540) of
real time. Each step starts about ten processes. Nobody sleeps: a file moves the clock of all of them.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from jobs.chaos_worker import KEY
from jobs.simulated_service import short_people
from makers.world_clock import WorldClock
from paceport.cli.consent_form import consent_answer
from paceport.cli.sandbox import sandbox_variables
from paceport.http_message import Request, Send
from paceport.sandbox.http.server import Address, serve
from paceport.sandbox.state.rate_limits import Limits
from paceport.sandbox.state.world import World
from paceport.secret import Secret
from paceport.storage.postgres.database import Database
from paceport.transport.http_transport import open_transport
from processes import VISITOR
from soak.children import Children, files_below
from soak.month import KEPT_FOR, Month, WatchedCounts

DAYS = float(os.environ.get("SOAK_DAYS", "30"))
SECONDS = float(os.environ.get("SOAK_SECONDS", "540"))
SEED = int(os.environ.get("SOAK_SEED", "1"))
SHORTEST_STEP_H, LONGEST_STEP_H = 6.0, 24.0
QUIET_STEPS = 4
# Few enough that commands meet them: a home of thirty runs renews four of them a day.
LIMITS = Limits(overall_quarter=60, overall_day=300, read_quarter=40, read_day=200)
MB = 1024 * 1024


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def watch_limits(world: World, client_id: int) -> WatchedCounts:
    counts = WatchedCounts(LIMITS)
    world._request_counts[client_id] = counts
    return counts


def connect(world: World, send: Send, url: str, athlete_id: int) -> None:
    """Let an athlete log in at the service, as a browser does."""
    world.sign_in(athlete_id)
    sent = send(Request(method="POST", url=f"{url}/connect", headers={"origin": url, "accept": "text/html"}))
    cookie = "; ".join(re.findall(r"(?:^|,\s*)((?:paceport-|__Host-)[^;]+)", sent.headers["set-cookie"]))
    back = urlsplit(consent_answer(send, sent.headers["location"]).headers["location"])
    answer = send(
        Request(method="GET", url=f"{url}{back.path}?{back.query}", headers={"cookie": cookie, "accept": "text/html"})
    )
    assert answer.status in (200, 303), answer


@contextmanager
def lived_month(folder: Path, database_url: str) -> Iterator[Month]:
    """A home that is logged in, and a service of two athletes, both on one world."""
    clock = WorldClock(folder / "clock")
    world = World(short_people(3, 12), seed=SEED, clock=clock)
    with serve(world) as address, open_transport() as send:
        month = _begin(folder, database_url, world, clock, address, send)
        with closing(month.database):
            try:
                yield month
            finally:
                for server in month.servers():
                    server.process.kill()
                    server.process.wait()


def _begin(folder: Path, database_url: str, world: World, clock: WorldClock, address: Address, send: Send) -> Month:
    home, temporary, recordings = folder / "home", folder / "tmp", folder / "recordings"
    for made in (temporary, recordings, folder / "logs"):
        made.mkdir()
    app = world.add_app(name="The service", limits=LIMITS)
    base = sandbox_variables({}, port=address.port, seed=world.seed) | {"TMPDIR": str(temporary), "HOME": str(folder)}
    own = base | {"PACEPORT_HOME": str(home), "DISPLAY": ":0", "BROWSER": VISITOR}
    service = {
        "PACEPORT_HOME": str(folder / "service"),
        "PACEPORT_VAULT": "postgres",
        "DATABASE_URL": database_url,
        "PACEPORT_KEY": KEY.value.reveal(),
        "STRAVA_CLIENT_ID": str(app.client_id),
        "STRAVA_CLIENT_SECRET": app.client_secret,
    }
    children = Children(variables=own, clock_file=clock.path, logs=folder / "logs")
    logged_in = children.run("login")
    assert logged_in.code == 0, logged_in
    assert children.run("sync", "--api-data", "on", "--no-wait", "--json").code == 0
    added = children.run("service", "keys", "add", "dashboard", "--scope", "activity:read_all", **service)
    assert added.code == 0, added
    service_url = f"http://127.0.0.1:{free_port()}"
    words = ("service", "--port", service_url.rpartition(":")[2], "--base-url", service_url)
    members = tuple(person.id for person in world.people[1:])
    month = Month(
        world=world,
        clock=clock,
        home=home,
        recordings=recordings,
        children=children,
        send=send,
        database=Database(Secret(database_url), clock=clock),
        worker=(database_url, str(address.port), str(app.client_id), app.client_secret, str(clock.path)),
        api_key=added.out.strip(),
        service_words=words,
        service_variables=service,
        members=members,
        rng=random.Random(SEED),
    )
    assert children.run("service", "subscribe", "--base-url", service_url, **service).code == 0
    for athlete_id in members:
        connect(world, send, service_url, athlete_id)
    return month


def secrets_of(month: Month) -> set[str]:
    """Every token, code, secret and key there ever was."""
    grants = month.world.grants
    found = {*grants._access, *grants._codes, *grants._rotated_away, *(one.refresh_token for one in grants._grants)}
    return found | {app.client_secret for app in month.world.apps.values()} | {month.api_key, KEY.value.reveal()}


def texts_of(month: Month) -> Iterator[tuple[str, str]]:
    """What every process said, but for the tokens that `token` is asked for."""
    for said in month.children.said:
        yield " ".join(said.words[:2]), said.err + ("" if said.words[0] in ("token", "service") else said.out)
    for log in (path for path in month.children.logs.iterdir()):
        yield log.name, log.read_text(encoding="utf-8")


def check_texts(month: Month) -> None:
    """No traceback, and no secret, in anything that was said."""
    secrets = secrets_of(month)
    for name, text in texts_of(month):
        assert "Traceback" not in text, f"{name}: {text[-3000:]}"
        assert not [one for one in secrets if one in text], name
    for path in files_below([month.home / "cache", month.home / "data"]):
        content = path.read_bytes()
        assert not [one for one in secrets if one.encode() in content], path


def check_logbook(month: Month) -> None:
    """What the home shows is what the world shows, and of what the watch recorded nothing is missing."""
    asked = "SELECT strava_id, name, source, start_utc FROM any_sport"
    rows = json.loads(month.children.run("sql", asked, "--json").out)
    shown = {row["strava_id"]: row["name"] for row in rows if row["source"] in ("cache", "both")}
    assert shown == {one.id: one.name for one in month.world.activities(month.athlete)}
    own = {row["start_utc"] for row in rows if row["source"] in ("own", "both")}
    assert own == {f"{one.start:%Y-%m-%dT%H:%M:%SZ}" for one in month.recorded.values()}


def check_leaks(month: Month, temporary: Path) -> None:
    """Servers use what they used in the beginning, and no draft or temporary file is left over."""
    for name, found in month.footprints.items():
        settled, last = found[len(found) // 3], found[-1]
        assert last.memory <= settled.memory + 24 * MB, (name, settled, last)
        assert last.files <= settled.files + 3, (name, settled, last)
        assert last.threads <= settled.threads + 3, (name, settled, last)
    assert [server.stop() for server in month.servers()] == [0, 0]
    assert files_below([temporary]) == set()
    left = [path for path in files_below([month.home]) if re.search(r"\.new|draft|journal|\.tmp|-wal$", path.name)]
    assert left == [], left
    assert files_below([month.home / "data" / "uploads"]) == set()


def live(month: Month) -> float:
    """Live through the days with faults; how many there were. Servers are killed after a third of the time."""
    began_s, began, is_restarted = time.monotonic(), month.world.now(), False
    lived_h, steps = 0.0, 0
    while lived_h < DAYS * 24:
        spent_s = time.monotonic() - began_s
        left_steps = (SECONDS - spent_s) / (spent_s / steps) - QUIET_STEPS if steps else 60.0
        month.step(min(LONGEST_STEP_H, max(SHORTEST_STEP_H, (DAYS * 24 - lived_h) / max(1.0, left_steps))))
        lived_h, steps = (month.world.now() - began).total_seconds() / 3600, steps + 1
        if not is_restarted and lived_h > DAYS * 8:
            is_restarted = True
            month.restart()
    return lived_h / 24


@pytest.mark.proof
def test_a_month_of_faults_loses_nothing(tmp_path: Path, database_url: str) -> None:
    with lived_month(tmp_path, database_url) as month:
        counted = [watch_limits(month.world, client_id) for client_id in month.world.apps]
        days = live(month)
        month.is_quiet = True
        for _ in range(QUIET_STEPS):
            month.step(SHORTEST_STEP_H)

        print(f"\n{days:.1f} days, seed {SEED}, oldest reply {month.oldest_reply}")
        print(dict(sorted(month.counts.items())))
        print({name: (found[len(found) // 3], found[-1]) for name, found in month.footprints.items()})
        print(f"{month.world.grants.refreshes} refreshes, {month.world.grants.replays} replays")
        assert month.expired_rows() == {}
        assert month.oldest_reply <= KEPT_FOR
        assert [one.over for one in counted] == [0, 0]
        check_logbook(month)
        check_leaks(month, tmp_path / "tmp")
        check_texts(month)
