"""Events in time whatever happens: a row, or a refusal and a place in memory until the database answers again.

Strava sends an event up to three times where it gets no 200 within two seconds. So what cannot be stored is refused,
which promises nothing, and kept here besides: if all three tries fall into the same outage, it becomes a row all the
same. Repeated ones are one row. What even that loses (this process ends, too) the daily listing of each athlete finds.
"""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING

from paceport.errors import StoreError
from paceport.service.lanes import Lane, LaneFull
from paceport.service.webhook import take_event

if TYPE_CHECKING:
    from paceport.jobs.inbox import EventOutcome
    from paceport.service.parts import ServiceParts

# Anybody can send events: a flood of them fills no more memory than this.
MOST_HELD, _MOST_HELD_BYTES = 20_000, 8 * 1024 * 1024
_PAUSE_S = 0.5
# Fewer than the lane has threads: one is left for an event that comes.
_AT_A_TIME = 3


class EventIntake:
    """Takes the events of one running service, in the threads of a lane. Belongs to one event loop."""

    def __init__(self, parts: ServiceParts, lane: Lane) -> None:
        self._parts, self._lane = parts, lane
        self._held: dict[bytes, None] = {}
        self._held_bytes = 0
        self._storing: asyncio.Task[None] | None = None

    @property
    def held(self) -> int:
        """How many events wait in memory."""
        return len(self._held)

    async def take(self, body: bytes, *, within_s: float) -> EventOutcome | None:
        """What became of an event, at the latest after `within_s`; None where it was put off."""
        try:
            if self._parts.events.is_refusing:
                raise LaneFull
            return await self._lane.run(lambda: take_event(self._parts, body), within_s=within_s)
        except (LaneFull, StoreError) as error:
            self.put_off(body, error)
            return None

    async def close(self) -> None:
        """Forget what is held: its sender knows that it was not stored."""
        if self._storing is not None:
            self._storing.cancel()
            await asyncio.gather(self._storing, return_exceptions=True)

    def put_off(self, body: bytes, why: Exception | None = None) -> None:
        """Hold an event that is refused, until it can be stored. The log tells the first of a row."""
        if self._storing is None:
            self._parts.log.failure("events put off", why or LaneFull())
        self._parts.counters.add("paceport_events_total", outcome="put off")
        if body in self._held:
            return
        if len(self._held) < MOST_HELD and self._held_bytes + len(body) <= _MOST_HELD_BYTES:
            self._held[body] = None
            self._held_bytes += len(body)
        else:
            self._parts.counters.add("paceport_events_total", outcome="not held")
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_held())

    async def _store_held(self) -> None:
        """Store what is held, a few at a time, as soon as the database answers."""
        stored = 0
        try:
            while self._held:
                await asyncio.sleep(_PAUSE_S)
                while some := await self._store(list(islice(self._held, _AT_A_TIME))):
                    stored += some
        finally:
            self._storing = None
        self._parts.log.write("events stored after all", count=stored)

    async def _store(self, bodies: list[bytes]) -> int:
        """Store these; how many it were. Those that could not be stored come last the next time."""
        found = await asyncio.gather(*(self._is_stored(body) for body in bodies))
        for body, is_stored in zip(bodies, found, strict=True):
            del self._held[body]
            if is_stored:
                self._held_bytes -= len(body)
            else:
                self._held[body] = None
        return sum(found)

    async def _is_stored(self, body: bytes) -> bool:
        try:
            await self._lane.run(lambda: take_event(self._parts, body))
        except (LaneFull, StoreError):
            return False
        return True
