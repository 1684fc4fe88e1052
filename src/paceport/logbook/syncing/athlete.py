"""What Strava knows of the athlete and no activity tells: the profile and the heart rate zones."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from paceport.api.client import Client
from paceport.api.endpoints import named
from paceport.api.models import Athlete, Zones, decode
from paceport.clock import Clock
from paceport.errors import ScopeMissing
from paceport.logbook.database import Store
from paceport.logbook.syncing.plan import KEPT_FOR, RENEWED_BEFORE, Fact

# In the order in which they are asked for: the row of the endpoint table, and what the answer must be.
_ASKED: Mapping[Fact, tuple[str, type[Athlete] | type[Zones]]] = MappingProxyType(
    {"profile": ("athlete", Athlete), "zones": ("athlete_zones", Zones)}
)


def due_facts(store: Store, client: Client, *, now: datetime) -> tuple[Fact, ...]:
    """Which of the two are missing or in their last day, and may be asked for: granted, and not refused of late."""
    refusals = store.synced.refusals()
    due: list[Fact] = []
    for fact, (name, _model) in _ASKED.items():
        until = store.cached.reply_until(named(name).path)
        is_fresh = until is not None and until - now > RENEWED_BEFORE
        is_refused = fact_place(fact) in refusals and refusals[fact_place(fact)][0] > now
        if not is_fresh and not is_refused and _is_granted(client, name):
            due.append(fact)
    return tuple(due)


def fetch_fact(fact: Fact, *, store: Store, client: Client, clock: Clock) -> None:
    """Ask for one of them and keep the answer as it came. Raises our errors; nothing is kept then."""
    name, model = _ASKED[fact]
    path = named(name).path
    body = client.request("GET", path).body
    decode(model, body)
    store.cached.save_reply(path, body, expires_at=clock.now() + KEPT_FOR)


def fact_place(fact: Fact) -> str:
    """How a refused one is named in the quarantine."""
    return f"the athlete's {fact}"


def _is_granted(client: Client, name: str) -> bool:
    try:
        client.check(name)
    except ScopeMissing:
        return False
    return True
