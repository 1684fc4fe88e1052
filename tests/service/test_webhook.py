"""Events: a row before the answer, an answer in time whatever happens, and nothing that a stranger could do."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest

from paceport.clock import SystemClock
from paceport.secret import Secret
from paceport.service.subscribing import subscribe, unsubscribe
from paceport.service.webhook import take_event
from paceport.storage.postgres.database import Database
from paceport.storage.postgres.subscriptions import Subscriptions
from service.serving import Served, Visitor

SUBSCRIPTION = 77
STORED = '"events stored after all"'


@pytest.fixture
def member(served: Served, visitor: Visitor) -> Iterator[int]:
    """An athlete who is connected, at a service with a subscription."""
    visitor.connect()
    served.parts.subscriptions.save(SUBSCRIPTION)
    yield served.world.people[-1].id
    served.parts.subscriptions.remove()


def event(served: Served, athlete_id: int, **changes: object) -> bytes:
    fields = {
        "object_type": "activity",
        "object_id": 5,
        "aspect_type": "create",
        "owner_id": athlete_id,
        "subscription_id": SUBSCRIPTION,
        "event_time": int(served.parts.clock.now().timestamp()),
        "updates": {},
    }
    return json.dumps(fields | changes).encode()


def events_kept(served: Served) -> int:
    row = served.parts.database.run(
        lambda connection: connection.execute("SELECT count(*) FROM paceport.inbox").fetchone()
    )
    return int(row[0]) if row else 0


def sent(served: Served, body: bytes) -> tuple[int, object]:
    answer = served.post("/webhook", body, content_type="application/json")
    return answer.status, json.loads(answer.body)


@contextmanager
def held_until_stored(served: Served) -> Iterator[None]:
    """Events that are refused in the block; at its end the service has stored them by itself.

    Without that it would do so in the midst of the next lines, or of the next test.
    """
    before = served.log.getvalue().count(STORED)
    yield
    again = threading.Event()
    for _ in range(1000):
        if served.log.getvalue().count(STORED) > before:
            return
        again.wait(0.02)
    raise AssertionError("what was held has never been stored")


def test_an_event_is_a_row_and_wakes_the_athletes_work(served: Served, member: int) -> None:
    body, before = event(served, member), sum(served.parts.queue.waiting().values())

    assert sent(served, body) == (200, {"event": "new"})
    assert sent(served, body) == (200, {"event": "repeated"})

    assert events_kept(served) == 1
    assert sum(served.parts.queue.waiting().values()) == before + 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"nonsense", b"\xff\xfe", b"[" * 5000, b'{"owner_id": 1e999}', b"null", b'{"object_type": {}}'],
)
def test_nonsense_is_answered_and_counted(served: Served, member: int, body: bytes) -> None:
    before = served.parts.counters.value("paceport_events_total", outcome="ignored")

    assert sent(served, body) == (200, {"event": "ignored"})

    assert events_kept(served) == 0
    assert served.parts.counters.value("paceport_events_total", outcome="ignored") == before + 1


@pytest.mark.parametrize(
    "changes", [{"subscription_id": 78}, {"owner_id": 1}, {"event_time": 5}, {"aspect_type": "x"}, {"object_id": -1}]
)
def test_a_forged_event_leaves_nothing_behind(served: Served, member: int, changes: dict[str, object]) -> None:
    assert sent(served, event(served, member, **changes)) == (200, {"event": "ignored"})
    assert events_kept(served) == 0


def test_without_a_subscription_every_event_is_ignored(served: Served, member: int) -> None:
    served.parts.subscriptions.remove()

    assert sent(served, event(served, member)) == (200, {"event": "ignored"})


def test_a_huge_body_is_refused_before_it_has_arrived(served: Served) -> None:
    assert sent(served, b"x" * 200_000)[0] == 413


def test_an_event_is_answered_in_time_while_the_database_hangs(served: Served, member: int) -> None:
    database, body = served.parts.database, event(served, member)

    with held_until_stored(served), database.hold(timeout_s=5) as other, other.transaction():
        # Nobody may write to the inbox while this lasts.
        other.execute("LOCK TABLE paceport.inbox IN ACCESS EXCLUSIVE MODE")
        begun_s = time.monotonic()
        status, answer = sent(served, body)
        took_s = time.monotonic() - begun_s

    assert (status, answer) == (503, {"error": "again", "why": "send it again"})
    assert took_s < 2
    assert sent(served, body) == (200, {"event": "repeated"})
    assert events_kept(served) == 1  # what was refused and held besides is the same one


def test_an_event_is_put_off_while_there_is_no_database(
    served: Served, member: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Database(Secret("postgresql://me@127.0.0.1:1/x"), clock=SystemClock())
    subscriptions = Subscriptions(gone, oauth_origin="o", client_id="1")
    with held_until_stored(served), monkeypatch.context() as without:
        without.setattr(served.parts, "events", gone)
        without.setattr(served.parts, "subscriptions", subscriptions)
        statuses = [sent(served, event(served, member))[0] for _ in range(3)]

    assert statuses == [503] * 3
    assert sent(served, event(served, member)) == (200, {"event": "repeated"})
    assert events_kept(served) == 1


def test_a_sender_that_drips_is_not_waited_for(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2])), timeout=5) as dripping:
        head = f"POST /webhook HTTP/1.1\r\nhost: {served.parts.options.host}\r\ncontent-length: 500\r\n\r\n"
        dripping.sendall(head.encode() + b"{")
        begun_s = time.monotonic()

        assert b" 408 " in dripping.recv(200)
        assert time.monotonic() - begun_s < 2


def test_while_events_wait_the_pages_go_on(served: Served, member: int, visitor: Visitor) -> None:
    with held_until_stored(served), served.parts.database.hold(timeout_s=5) as other, other.transaction():
        other.execute("LOCK TABLE paceport.inbox IN ACCESS EXCLUSIVE MODE")
        assert sent(served, event(served, member))[0] == 503
        assert visitor.get("/connect").status == 200
        assert served.get("/health").status == 200


def challenge(served: Served, **changes: str) -> tuple[int, object]:
    query = {"hub.mode": "subscribe", "hub.challenge": "abc", "hub.verify_token": served.parts.signer.verify_token()}
    answer = served.get("/webhook?" + urlencode(query | {f"hub.{name}": value for name, value in changes.items()}))
    return answer.status, json.loads(answer.body)


def test_the_address_is_proven_to_strava_alone(served: Served) -> None:
    assert challenge(served) == (200, {"hub.challenge": "abc"})
    assert challenge(served, verify_token="guessed")[0] == 403
    assert challenge(served, verify_token="")[0] == 403
    assert challenge(served, mode="unsubscribe")[0] == 403
    assert challenge(served, challenge="x" * 500)[0] == 403


def test_the_subscription_is_made_found_again_and_ended(served: Served) -> None:
    made = subscribe(served.parts)

    assert served.parts.subscriptions.id() == made
    assert subscribe(served.parts) == made
    found = served.world.subscriptions.for_app(served.world.app.client_id)
    assert found is not None
    assert found.callback_url == served.url + "/webhook"
    assert [unsubscribe(served.parts), unsubscribe(served.parts)] == [True, False]
    assert served.parts.subscriptions.id() is None


def test_an_event_that_strava_sends_arrives(served: Served, visitor: Visitor) -> None:
    visitor.connect()
    number = subscribe(served.parts)

    assert take_event(served.parts, event(served, served.world.people[-1].id, subscription_id=number)) == "new"
    unsubscribe(served.parts)
