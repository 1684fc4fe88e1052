"""What Strava knows of the athlete and no activity tells: the profile and the heart rate zones."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from paceport.api.client.client import Client
from paceport.api.endpoints import endpoint_named
from paceport.api.models.athlete import Athlete, Zones
from paceport.api.models.decoding import decode
from paceport.clock import Clock
from paceport.errors import ScopeMissing
from paceport.logbook.database.store import Store
from paceport.logbook.syncing.plan import KEPT_FOR, RENEWED_BEFORE, AthleteFact

# In the order in which they are asked for: the row of the endpoint table, and what the answer must be.
_ASKED: Mapping[AthleteFact, tuple[str, type[Athlete] | type[Zones]]] = MappingProxyType(
    {"profile": ("athlete", Athlete), "zones": ("athlete_zones", Zones)}
)


def due_athlete_facts(store: Store, client: Client, *, now: datetime) -> tuple[AthleteFact, ...]:
    """Which of the two are missing or in their last day, and may be asked for: granted, and not refused of late."""
    refusals = store.synced.refusals()
    due: list[AthleteFact] = []
    for fact, (name, _model) in _ASKED.items():
        until = store.cached.reply_expires_at(endpoint_named(name).path)
        is_fresh = until is not None and until - now > RENEWED_BEFORE
        is_refused = fact_quarantine_key(fact) in refusals and refusals[fact_quarantine_key(fact)][0] > now
        if not is_fresh and not is_refused and _is_granted(client, name):
            due.append(fact)
    return tuple(due)


def fetch_athlete_fact(fact: AthleteFact, *, store: Store, client: Client, clock: Clock) -> None:
    """Ask for one of them and keep the answer as it came. Raises our errors; nothing is kept then."""
    name, model = _ASKED[fact]
    path = endpoint_named(name).path
    body = client.request("GET", path).body
    decode(model, body, left_out=client.left_out)
    store.cached.save_reply(path, body, expires_at=clock.now() + KEPT_FOR)


def fact_quarantine_key(fact: AthleteFact) -> str:
    """How a refused one is named in the quarantine."""
    return f"the athlete's {fact}"


def _is_granted(client: Client, name: str) -> bool:
    try:
        client.check_can_call(name)
    except ScopeMissing:
        return False
    return True
