"""Logins of a service that are under way: each has a one-time state, tied to the browser that began it.

The state and the browser's mark are stored as digests. The row is the journal of its login, too: Strava's raw answer is
kept there, encrypted, until the grant is saved, so that a process which dies in between loses nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from paceport.storage.postgres.database import Connection, Database

STATE_LIVES = timedelta(minutes=10)
# So many people may be at Strava's consent page at once. Beyond that somebody floods us.
MOST_WAITING = 20_000
# Any number that no other lock of ours has.
_PLACES_LOCK = int.from_bytes(b"pacespot") >> 1

_BEGIN = """
INSERT INTO paceport.connect_state (state_sha256, browser_sha256, scopes, expires_at)
SELECT %(state)s, %(browser)s, %(scopes)s, %(until)s
WHERE (SELECT count(*) FROM paceport.connect_state WHERE expires_at > %(now)s) < %(most)s
ON CONFLICT DO NOTHING
"""
_USE = """
UPDATE paceport.connect_state SET used_at = %(now)s
WHERE state_sha256 = %(state)s AND browser_sha256 = %(browser)s AND used_at IS NULL AND expires_at > %(now)s
RETURNING scopes
"""
_KEEP = "UPDATE paceport.connect_state SET sealed_answer = %s WHERE state_sha256 = %s"
_END = "DELETE FROM paceport.connect_state WHERE state_sha256 = %s"
_KEPT = """
SELECT state_sha256, sealed_answer FROM paceport.connect_state WHERE sealed_answer IS NOT NULL AND used_at <= %s
"""
_EXPIRED = "DELETE FROM paceport.connect_state WHERE expires_at <= %s AND sealed_answer IS NULL"
_CLAIM = """
INSERT INTO paceport.athlete (athlete_id, oauth_origin, client_id, joined_at, listing_at)
SELECT %(athlete)s, %(origin)s, %(client)s, %(now)s, %(now)s
WHERE (SELECT count(*) FROM paceport.athlete) < %(capacity)s
ON CONFLICT DO NOTHING
"""
_IS_IN = "SELECT 1 FROM paceport.athlete WHERE athlete_id = %(athlete)s"
_COUNT = "SELECT count(*) FROM paceport.athlete"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """A login whose answer was kept and whose grant is not saved. `place` is what the answer was encrypted for."""

    state_sha256: bytes
    sealed_answer: bytes

    @property
    def place(self) -> str:
        """The row in words."""
        return place_of(self.state_sha256)


class ConnectStates:
    """All logins that are under way. Raises StoreErrors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, *, state: str, browser: str, scopes: str, now: datetime) -> bool:
        """Note a login that begins; False where too many are under way."""
        values = {
            "state": digest(state),
            "browser": digest(browser),
            "scopes": scopes,
            "until": now + STATE_LIVES,
            "now": now,
            "most": MOST_WAITING,
        }
        return self._change(_BEGIN, values) > 0

    def use(self, *, state: str, browser: str, now: datetime) -> str | None:
        """The scopes that were asked for, once; None for a state that is unknown, used, too old or another browser's.

        A state that the wrong browser brings stays good for the right one.
        """
        values = {"state": digest(state), "browser": digest(browser), "now": now}
        row = self._database.run(lambda connection: connection.execute(_USE.encode(), values).fetchone())
        return None if row is None else str(row[0])

    def keep_answer(self, state_sha256: bytes, sealed_answer: bytes) -> None:
        """Keep the encrypted answer of the code exchange."""
        self._change(_KEEP, (sealed_answer, state_sha256))

    def end(self, state_sha256: bytes) -> None:
        """The login is settled."""
        self._change(_END, (state_sha256,))

    def kept_answers(self, *, used_before: datetime) -> list[KeptAnswer]:
        """Logins that have an answer and were used before then: those of processes that died."""
        rows = self._database.run(lambda connection: connection.execute(_KEPT.encode(), (used_before,)).fetchall())
        return [KeptAnswer(state_sha256=bytes(row[0]), sealed_answer=bytes(row[1])) for row in rows]

    def erase_expired(self, *, now: datetime) -> int:
        """Forget logins that nobody has finished; how many."""
        return self._change(_EXPIRED, (now,))

    def claim_place(self, athlete_id: int, *, oauth_origin: str, client_id: str, capacity: int, now: datetime) -> bool:
        """Take one of the app's places for an athlete; False where all are taken. Who is in stays in."""
        values = {
            "athlete": athlete_id,
            "origin": oauth_origin,
            "client": client_id,
            "capacity": capacity,
            "now": now,
        }

        def work(connection: Connection) -> bool:
            with connection.transaction():
                # One after the other: two who come at once must not get the one place that is left.
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [_PLACES_LOCK])
                connection.execute(_CLAIM.encode(), values)
                return connection.execute(_IS_IN.encode(), values).fetchone() is not None

        return self._database.run(work)

    def places_taken(self) -> int:
        """How many athletes have a place."""
        row = self._database.run(lambda connection: connection.execute(_COUNT.encode()).fetchone())
        return int(row[0]) if row is not None else 0

    def _change(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> int:
        return self._database.run(lambda connection: connection.execute(statement.encode(), values).rowcount)


def digest(text: str) -> bytes:
    """What is stored in place of a state or a browser's mark, which are too long to be guessed."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


def place_of(state_sha256: bytes) -> str:
    """A row in words; what was encrypted for it can be opened nowhere else."""
    return f"paceport.connect_state {state_sha256.hex()}"
