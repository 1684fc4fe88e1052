"""From a profile's settings to the parts of its service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from paceport.oauth.token_store.postgres import PostgresTokenStore
from paceport.profile.open_token_store import open_database, open_shared_database, read_keys
from paceport.profile.profile import Profile
from paceport.service.json_log import JsonLog
from paceport.service.options import ServiceOptions
from paceport.service.parts import ServiceParts
from paceport.storage.postgres.sealing import Sealer
from paceport.storage.postgres.waiting import Waits

_CONNECTIONS = 16
# Strava waits two seconds, a person longer: a restart of PostgreSQL takes a few seconds, and then nobody sees it.
EVENT_WAITS = Waits(connect_s=0.5, answer_s=0.5, again_s=0.2, is_refusing=True)
PAGE_WAITS = Waits(connect_s=5.0, answer_s=10.0, again_s=5.0, is_refusing=True)


@contextmanager
def open_parts(profile: Profile, options: ServiceOptions, *, log: TextIO) -> Iterator[ServiceParts]:
    """The parts of a service, closed at the end of the block.

    Raises UsageError where logins are not in PostgreSQL, no app is set up, or a setting is missing; StoreErrors.
    """
    settings, clock = profile.settings, profile.clock
    events = open_shared_database(settings, clock, waits=EVENT_WAITS)
    sealer = Sealer(lambda: read_keys(settings))
    database = open_database(settings, clock, connections=_CONNECTIONS, waits=PAGE_WAITS)
    parts = ServiceParts(
        options=options,
        app=profile.app(),
        api_url=settings.api_url,
        allows_legacy_revoke=settings.api_generation < 2027,
        token_store=PostgresTokenStore(database, sealer, clock=clock),
        events=events,
        sealer=sealer,
        clock=clock,
        send=profile.send,
        log=JsonLog(log, clock),
    )
    try:
        yield parts
    finally:
        parts.close()
