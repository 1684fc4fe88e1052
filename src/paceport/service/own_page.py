"""The values of an athlete's own page."""

from __future__ import annotations

from paceport.oauth.token_store.base import Grant
from paceport.scopes import Scopes
from paceport.service.html import write_page
from paceport.service.page_words import day_words, moment_words, outcome_words, reply_words, size_words
from paceport.service.parts import ServiceParts
from paceport.service.signing import Session
from paceport.storage.postgres.athlete_overview import joined_at, read_overview

_TROUBLE = {
    "needs_consent": "Strava does not accept this login any more.",
    "app_inactive": "Strava has switched this app off; its owner has to switch it on again.",
    "revoked": "This login was revoked.",
}


def own_page(parts: ServiceParts, session: Session) -> str:
    """The page of the athlete of a session. Raises StoreErrors."""
    athlete_id, now = session.athlete_id, parts.clock.now()
    grant = parts.token_store.read(parts.key_of(athlete_id))
    stored = read_overview(parts.database, athlete_id, now=now)
    granted = (grant.scopes if grant is not None else None) or Scopes()
    joined = joined_at(parts.database, athlete_id)
    return write_page(
        "own.html",
        form_token=parts.signer.form_token(session),
        name=_name(grant, athlete_id),
        joined="today" if joined is None else day_words(joined),
        trouble=_trouble(grant),
        granted=granted,
        missing=granted.missing(parts.options.scopes),
        stored=stored,
        moment=moment_words,
        day=day_words,
        size=size_words,
        reply_words=reply_words,
        outcome_words=outcome_words,
    )


def _name(grant: Grant | None, athlete_id: int) -> str:
    return grant.athlete_name if grant is not None and grant.athlete_name else f"Athlete {athlete_id}"


def _trouble(grant: Grant | None) -> str:
    return "Your login is not stored any more." if grant is None else _TROUBLE.get(grant.status, "")
