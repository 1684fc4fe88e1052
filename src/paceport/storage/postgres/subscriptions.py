"""The webhook subscription of an app: Strava allows one, and events of any other are nothing of ours."""

from __future__ import annotations

from paceport.storage.postgres.database import Database

_READ = "SELECT subscription_id FROM paceport.webhook_subscription WHERE (oauth_origin, client_id) = (%s, %s)"
_SAVE = """
INSERT INTO paceport.webhook_subscription (oauth_origin, client_id, subscription_id) VALUES (%s, %s, %s)
ON CONFLICT (oauth_origin, client_id) DO UPDATE SET subscription_id = excluded.subscription_id
"""
_REMOVE = "DELETE FROM paceport.webhook_subscription WHERE (oauth_origin, client_id) = (%s, %s)"


class Subscriptions:
    """The subscription of one app at one server. Raises StoreErrors."""

    def __init__(self, database: Database, *, oauth_origin: str, client_id: str) -> None:
        self._database, self._key = database, (oauth_origin, client_id)

    def id(self) -> int | None:
        """Its id; None where there is none."""
        row = self._database.run(lambda connection: connection.execute(_READ.encode(), self._key).fetchone())
        return None if row is None else int(row[0])

    def save(self, subscription_id: int) -> None:
        """Keep the id that Strava gave."""
        self._database.run(lambda connection: connection.execute(_SAVE.encode(), (*self._key, subscription_id)))

    def remove(self) -> None:
        """There is none any more."""
        self._database.run(lambda connection: connection.execute(_REMOVE.encode(), self._key))
