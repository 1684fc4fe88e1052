"""What programs ask: Strava's events, the token broker, health, metrics, and the description of all that."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from paceport.errors import PaceportError
from paceport.service.broker import STATUS, Broker
from paceport.service.counters import MEDIA_TYPE, Labels
from paceport.service.event_intake import EventIntake
from paceport.service.event_shedding import AGAIN_S, shedding_protocol
from paceport.service.lanes import Lane, LaneFull
from paceport.service.parts import ServiceParts
from paceport.service.request_body import BodyRefused, read_bounded
from paceport.service.webhook import LARGEST_EVENT, challenge_answer

if TYPE_CHECKING:
    from starlette.requests import Request

    from paceport.web.server_config import TimedProtocol

_PROBE_S = 2.0
_BODY_S = 0.5
_ID, _LARGEST_ID = re.compile("[0-9]{1,19}"), 2**63 - 1
_AGAIN = {"retry-after": str(AGAIN_S)}


class MachineRoutes:
    """The endpoints that answer JSON, each kind with threads of its own."""

    def __init__(self, parts: ServiceParts) -> None:
        self._parts, self._broker = parts, Broker(parts)
        self._events = Lane("events", threads=4, most=256, longest_wait_s=2.0)
        self._intake = EventIntake(parts, self._events)
        self._tokens = Lane("tokens", threads=16, most=1024, longest_wait_s=10.0)
        self._probes = Lane("probes", threads=2, most=32, longest_wait_s=_PROBE_S)
        self.lanes = (self._events, self._tokens, self._probes)

    async def check_address(self, request: Request) -> Response:
        """Answer Strava's check of the webhook's address."""
        answer = challenge_answer(self._parts, request.query_params)
        if answer is None:
            return JSONResponse({"error": "refused", "why": "the verify token is not ours"}, status_code=403)
        return JSONResponse(answer)

    async def take_event(self, request: Request) -> Response:
        """Keep an event: 200 once it is a row or is nothing of ours, 503 in time where it must be sent again."""
        counters = self._parts.counters
        within_s = self._parts.options.event_answer_s
        try:
            body = await read_bounded(request, largest=LARGEST_EVENT, within_s=_BODY_S)
        except BodyRefused as refused:
            counters.add("paceport_events_total", outcome="refused")
            return JSONResponse({"error": "refused", "why": "no event is like that"}, status_code=refused.status)
        outcome = await self._intake.take(body, within_s=within_s - _BODY_S)
        if outcome is None:
            return JSONResponse({"error": "again", "why": "send it again"}, status_code=503, headers=_AGAIN)
        counters.add("paceport_events_total", outcome=outcome)
        return JSONResponse({"event": outcome})

    @property
    def protocol(self) -> type[TimedProtocol]:
        """What speaks HTTP on each connection: it refuses events while the database is away."""
        return shedding_protocol(self._intake.put_off, lambda: self._parts.events.is_refusing)

    async def close(self) -> None:
        """End what goes on beside the answers."""
        await self._intake.close()

    async def token(self, request: Request) -> Response:
        """Give a program of the owner's an athlete's token."""
        number = request.path_params["athlete_id"]
        athlete_id = int(number) if _ID.fullmatch(number) else 0
        if not 0 < athlete_id <= _LARGEST_ID:
            raise HTTPException(404)
        need, key = request.query_params.get("need", ""), request.headers.get("authorization", "")
        try:
            answer = await self._tokens.run(lambda: self._broker.answer(key, athlete_id=athlete_id, need=need))
        except LaneFull:
            self._parts.counters.add("paceport_tokens_total", outcome="busy")
            why = {"error": "unavailable", "why": "Too many ask at once", "fix": "try again in a few seconds"}
            return JSONResponse(why, status_code=503, headers=_AGAIN)
        self._parts.counters.add("paceport_tokens_total", outcome=answer.outcome)
        headers = {401: {"www-authenticate": "Bearer"}, 503: _AGAIN}.get(STATUS[answer.outcome], {})
        return JSONResponse(dict(answer.body), status_code=STATUS[answer.outcome], headers=headers)

    async def health(self, request: Request) -> Response:
        """Whether the service can do its work: 200, or 503 where the database does not answer."""
        del request
        is_up = await self._is_database_up()
        body = {
            "status": "ok" if is_up else "degraded",
            "database": "up" if is_up else "down",
            "version": version("paceport"),
        }
        return JSONResponse(body, status_code=200 if is_up else 503, headers={} if is_up else _AGAIN)

    async def metrics(self, request: Request) -> Response:
        """What was counted, for Prometheus."""
        del request
        try:
            gauges = await self._probes.run(self._gauges, within_s=_PROBE_S)
        except (LaneFull, PaceportError):
            gauges = {("paceport_database_up", ()): 0.0}
        return Response(self._parts.counters.text(gauges), media_type=MEDIA_TYPE)

    async def openapi(self, request: Request) -> Response:
        """The description of every route, in OpenAPI 3.1."""
        del request
        return JSONResponse({**openapi_document(), "servers": [{"url": self._parts.options.base_url}]})

    async def _is_database_up(self) -> bool:
        try:
            await self._probes.run(lambda: self._parts.states.places_taken(), within_s=_PROBE_S)
        except (LaneFull, PaceportError):
            return False
        return True

    def _gauges(self) -> dict[tuple[str, Labels], float]:
        parts = self._parts
        taken = parts.states.places_taken()
        waiting: dict[tuple[str, Labels], float] = {
            ("paceport_jobs_waiting", (("turn", turn.name.lower()),)): count
            for turn, count in parts.event_queue.waiting().items()
        }
        return {
            ("paceport_athletes", ()): taken,
            ("paceport_athletes_capacity", ()): parts.options.capacity,
            ("paceport_database_up", ()): 1,
            **waiting,
        }


@cache
def openapi_document() -> dict[str, Any]:
    """The description as it is kept beside this module."""
    text = files("paceport.service").joinpath("openapi.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
