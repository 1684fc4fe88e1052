"""Events that cannot be stored: refused in time, held in memory within a bound, stored afterwards, each once."""

from __future__ import annotations

import asyncio
import io
from types import SimpleNamespace
from typing import cast

import pytest

from paceport.clock import SystemClock
from paceport.errors import StoreUnreadable
from paceport.service import event_intake
from paceport.service.counters import Counters
from paceport.service.event_intake import EventIntake
from paceport.service.event_shedding import whole_event
from paceport.service.json_log import JsonLog
from paceport.service.lanes import Lane
from paceport.service.parts import ServiceParts

HEAD = b"POST /webhook HTTP/1.1\r\nhost: runs.example.org\r\n"


def held_by(intake: EventIntake) -> int:
    return intake.held


def parts_without_database() -> ServiceParts:
    """What the intake needs of a service."""
    events = SimpleNamespace(is_refusing=True)
    found = SimpleNamespace(events=events, counters=Counters(), log=JsonLog(io.StringIO(), SystemClock()))
    return cast("ServiceParts", found)


def intake_of(parts: ServiceParts) -> EventIntake:
    return EventIntake(parts, Lane("events", threads=4, most=16, longest_wait_s=1.0))


def test_no_more_is_held_than_the_bound_and_each_event_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_intake, "MOST_HELD", 3)
    parts = parts_without_database()

    async def flood() -> int:
        intake = intake_of(parts)
        for body in (b"1", b"1", b"2", b"3", b"4", b"5"):
            assert await intake.take(body, within_s=1.0) is None
        held = intake.held
        await intake.close()
        return held

    assert asyncio.run(flood()) == 3
    assert parts.counters.value("paceport_events_total", outcome="put off") == 6
    assert parts.counters.value("paceport_events_total", outcome="not held") == 2


def test_what_was_held_is_stored_and_one_that_cannot_be_holds_up_none(monkeypatch: pytest.MonkeyPatch) -> None:
    parts, stored = parts_without_database(), list[bytes]()

    def take_event(parts: ServiceParts, body: bytes) -> str:
        del parts
        if body == b"never":
            raise StoreUnreadable(path="here", why="it is damaged", fix="")
        stored.append(body)
        return "new"

    monkeypatch.setattr(event_intake, "take_event", take_event)
    monkeypatch.setattr(event_intake, "_PAUSE_S", 0.001)

    async def outage() -> int:
        intake = intake_of(parts)
        for number in range(20):
            await intake.take(b"never" if number == 0 else b"%d" % number, within_s=1.0)
        async with asyncio.timeout(20):
            while held_by(intake) > 1:
                await asyncio.sleep(0.001)
        await intake.close()
        return intake.held

    assert asyncio.run(outage()) == 1
    assert sorted(stored) == sorted(b"%d" % number for number in range(1, 20))


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (HEAD + b"Content-Length: 2\r\n\r\n{}", b"{}"),
        (HEAD.replace(b"1.1", b"1.0") + b"content-length:0\r\n\r\n", b""),
        (HEAD + b"content-length: 3\r\n\r\n{}", None),  # more is to come
        (HEAD + b"content-length: 2\r\n\r\n{}GET / HTTP/1.1\r\n", None),  # a second request
        (HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}", None),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", None),
        (HEAD.replace(b"webhook", b"webhooks") + b"content-length: 2\r\n\r\n{}", None),
        (HEAD.replace(b"POST", b"GET") + b"content-length: 2\r\n\r\n{}", None),
        (HEAD[:9], None),
        (b"", None),
    ],
)
def test_only_an_event_that_is_whole_is_taken_from_the_wire(data: bytes, body: bytes | None) -> None:
    assert whole_event(data) == body
