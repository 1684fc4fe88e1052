"""Strava's events: the check of the address, and a row for each event before its sender is answered."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from contextlib import suppress

from paceport.errors import StoreError
from paceport.jobs.inbox import EventOutcome, parse_event, record_event
from paceport.service.parts import ServiceParts

LARGEST_EVENT = 64 * 1024
_LONGEST_CHALLENGE = 200


def challenge_answer(parts: ServiceParts, query: Mapping[str, str]) -> dict[str, str] | None:
    """What Strava is answered when it checks the address; None for anybody who does not know the verify token."""
    challenge = query.get("hub.challenge", "")
    is_known = parts.signer.is_verify_token(query.get("hub.verify_token", ""))
    is_subscribe = hmac.compare_digest(query.get("hub.mode", "").encode(errors="replace"), b"subscribe")
    if not is_known or not is_subscribe or not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        return None
    return {"hub.challenge": challenge}


def take_event(parts: ServiceParts, body: bytes) -> EventOutcome:
    """Keep an event, and wake the athlete's work. Raises StoreErrors: then Strava is to send it again."""
    if parse_event(body) is None:
        return "ignored"  # whether the database answers or not
    known = parts.subscriptions.id()
    ids = () if known is None else (known,)
    recorded = record_event(parts.events, body, subscription_ids=ids, now=parts.clock.now())
    if recorded.outcome == "new":
        with suppress(StoreError):  # the worker's next round finds the row
            parts.event_queue.wake(recorded.athlete_id, recorded.turn)
    return recorded.outcome
