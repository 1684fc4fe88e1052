"""What every part of a running service shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paceport.jobs.queue import Queue
from paceport.oauth.token_store.base import App, GrantKey
from paceport.secret import mask_secrets
from paceport.service.counters import Counters
from paceport.service.signing import Signer
from paceport.storage.postgres.connect_states import ConnectStates
from paceport.storage.postgres.members import Members
from paceport.storage.postgres.service_rows import ServiceRows
from paceport.storage.postgres.subscriptions import Subscriptions

if TYPE_CHECKING:
    from paceport.clock import Clock
    from paceport.http_message import Send
    from paceport.oauth.keeper.keeper import Keeper
    from paceport.oauth.token_store.postgres import PostgresTokenStore
    from paceport.service.json_log import JsonLog
    from paceport.service.options import ServiceOptions
    from paceport.storage.postgres.database import Database
    from paceport.storage.postgres.sealing import Sealer


@dataclass(kw_only=True)
class ServiceParts:
    """One app, its database and the way to Strava.

    `events` is a handle of its own on the same database: whatever the pages do, a connection is left for webhooks.
    `api_url` is where logins are for.
    """

    options: ServiceOptions
    app: App
    api_url: str
    allows_legacy_revoke: bool
    token_store: PostgresTokenStore
    events: Database
    sealer: Sealer
    clock: Clock
    send: Send
    log: JsonLog
    counters: Counters = field(default_factory=Counters)
    _keepers: dict[int, Keeper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.token_store.database
        self.states = ConnectStates(self.database)
        self.members = Members(self.database)
        self.service_rows = ServiceRows(self.database)
        self.queue = Queue(self.database)
        self.event_queue = Queue(self.events)
        self.subscriptions = Subscriptions(self.events, oauth_origin=self.app.origin, client_id=self.app.client_id)
        self.signer = Signer(self.sealer.keys)

    def key_of(self, athlete_id: int) -> GrantKey:
        """What the athlete's login is found by."""
        return GrantKey(oauth_origin=self.app.origin, client_id=self.app.client_id, athlete_id=athlete_id)

    def keeper_of(self, athlete_id: int) -> Keeper:
        """The keeper of the athlete's login, whether there is one or not."""
        from paceport.oauth.keeper.keeper import Keeper
        from paceport.oauth.keeper.refresh_context import RefreshContext

        if athlete_id not in self._keepers:
            context = RefreshContext(
                token_store=self.token_store,
                key=self.key_of(athlete_id),
                app=lambda: self.app,
                send=self.send,
                clock=self.clock,
                warn=lambda text: self.log.write("token", level="warning", text=mask_secrets(text)),
            )
            # Two threads may make one each: the first that was stored is used.
            self._keepers.setdefault(athlete_id, Keeper(context))
        return self._keepers[athlete_id]

    def forget_keeper(self, athlete_id: int) -> None:
        """The login has ended."""
        self._keepers.pop(athlete_id, None)

    def close(self) -> None:
        """Wait for refreshes that are under way, and close all connections."""
        for keeper in list(self._keepers.values()):
            keeper.close()
        self.queue.close()
        self.event_queue.close()
        self.events.close()
        self.token_store.close()
