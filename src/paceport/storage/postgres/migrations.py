"""The tables in PostgreSQL, made step by step: each step has a number, is done once, and is never changed afterwards.

Several processes may start at once: one makes the tables while the others wait. A step whose text differs from the one
that the database has noted, or a database that knows a later step than this program, is refused.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from paceport.errors import StoreUnreadable
from paceport.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from psycopg import Connection

# Any number that no other program takes for its lock: "paceport" in ASCII, cut to 63 bits.
_LOCK = int.from_bytes(b"paceport") >> 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step. `sql` may have several statements."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the SQL, hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


MIGRATIONS = (
    Migration(
        number=1,
        name="tokens",
        sql="""
CREATE TABLE paceport.grant_lock (
    oauth_origin text NOT NULL, client_id text NOT NULL, athlete text NOT NULL,
    PRIMARY KEY (oauth_origin, client_id, athlete)
);
CREATE TABLE paceport.grant_record (
    oauth_origin text NOT NULL, client_id text NOT NULL, athlete text NOT NULL,
    profile text NOT NULL, generation bigint NOT NULL, expires_at timestamptz NOT NULL, status text NOT NULL,
    sealed bytea NOT NULL, saved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (oauth_origin, client_id, athlete)
);
CREATE INDEX grant_record_profile ON paceport.grant_record (profile);
CREATE TABLE paceport.grant_journal (
    oauth_origin text NOT NULL, client_id text NOT NULL, athlete text NOT NULL,
    head bytea NOT NULL, sealed_answer bytea,
    holder text NOT NULL, is_over boolean NOT NULL DEFAULT false, noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (oauth_origin, client_id, athlete)
);
CREATE TABLE paceport.app (
    oauth_origin text NOT NULL, client_id text NOT NULL, sealed bytea NOT NULL,
    PRIMARY KEY (oauth_origin, client_id)
);
""",
    ),
    Migration(
        number=2,
        name="rate budget",
        sql="""
CREATE TABLE paceport.rate_budget (
    origin text NOT NULL, client_id text NOT NULL, reservations text NOT NULL DEFAULT '',
    PRIMARY KEY (origin, client_id)
);
CREATE TABLE paceport.rate_waiter (
    origin text NOT NULL, client_id text NOT NULL, athlete text NOT NULL, is_person boolean NOT NULL,
    served bigint NOT NULL DEFAULT 0, wants_until timestamptz,
    PRIMARY KEY (origin, client_id, athlete, is_person)
);
CREATE SEQUENCE paceport.rate_turn;
""",
    ),
    Migration(
        number=3,
        name="rows of athletes",
        sql="""
CREATE TABLE paceport.reply (
    athlete_id bigint NOT NULL, endpoint text NOT NULL, object_id bigint NOT NULL, body bytea NOT NULL,
    fetched_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
    PRIMARY KEY (athlete_id, endpoint, object_id)
);
CREATE INDEX reply_expires_at ON paceport.reply (expires_at);
CREATE TABLE paceport.own_file (
    athlete_id bigint NOT NULL, sha256 text NOT NULL, name text NOT NULL, content bytea NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (athlete_id, sha256)
);
CREATE TABLE paceport.result (
    athlete_id bigint NOT NULL, activity_id bigint NOT NULL, metrics jsonb NOT NULL, schema_number integer NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (athlete_id, activity_id)
);
CREATE INDEX result_expires_at ON paceport.result (expires_at);
""",
    ),
    Migration(
        number=4,
        name="work for athletes",
        sql="""
CREATE TABLE paceport.athlete (
    athlete_id bigint PRIMARY KEY, oauth_origin text NOT NULL, client_id text NOT NULL,
    state text NOT NULL DEFAULT 'member', joined_at timestamptz NOT NULL,
    listing_at timestamptz NOT NULL, listed_at timestamptz, listed_to timestamptz,
    check_at timestamptz, check_since timestamptz, trouble text NOT NULL DEFAULT ''
);
CREATE INDEX athlete_listing_at ON paceport.athlete (listing_at);
CREATE TABLE paceport.inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    athlete_id bigint NOT NULL, subscription_id bigint NOT NULL,
    object_type text NOT NULL, object_id bigint NOT NULL, aspect text NOT NULL,
    event_at timestamptz NOT NULL, updates text NOT NULL, updates_sha256 text NOT NULL,
    raw bytea NOT NULL, received_at timestamptz NOT NULL, repeats integer NOT NULL DEFAULT 0, done_at timestamptz
);
CREATE UNIQUE INDEX inbox_event ON paceport.inbox
    (subscription_id, athlete_id, object_type, object_id, aspect, event_at, updates_sha256);
CREATE INDEX inbox_object ON paceport.inbox (athlete_id, object_id);
CREATE INDEX inbox_waiting ON paceport.inbox (athlete_id) WHERE done_at IS NULL;
CREATE INDEX inbox_received_at ON paceport.inbox (received_at);
CREATE TABLE paceport.fetch (
    athlete_id bigint NOT NULL, activity_id bigint NOT NULL, started_at timestamptz,
    digest text NOT NULL DEFAULT '', listed_digest text NOT NULL DEFAULT '', fetched_at timestamptz,
    due_at timestamptz, turn smallint NOT NULL DEFAULT 0, parts text NOT NULL DEFAULT 'all',
    attempts smallint NOT NULL DEFAULT 0, expires_at timestamptz NOT NULL,
    PRIMARY KEY (athlete_id, activity_id)
);
CREATE INDEX fetch_due_at ON paceport.fetch (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX fetch_expires_at ON paceport.fetch (expires_at);
CREATE TABLE paceport.own_file_done (
    athlete_id bigint NOT NULL, sha256 text NOT NULL, schema_number integer NOT NULL, trouble text NOT NULL DEFAULT '',
    PRIMARY KEY (athlete_id, sha256)
);
ALTER TABLE paceport.result ADD COLUMN started_at timestamptz, ADD COLUMN source text NOT NULL DEFAULT 'api',
    ADD COLUMN own_file text NOT NULL DEFAULT '', ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX result_own_file ON paceport.result (athlete_id, own_file) WHERE own_file <> '';
""",
    ),
    Migration(
        number=5,
        name="service",
        sql="""
CREATE TABLE paceport.connect_state (
    state_sha256 bytea PRIMARY KEY, browser_sha256 bytea NOT NULL, scopes text NOT NULL,
    expires_at timestamptz NOT NULL, used_at timestamptz, sealed_answer bytea
);
CREATE INDEX connect_state_expires_at ON paceport.connect_state (expires_at);
CREATE TABLE paceport.api_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, key_sha256 bytea NOT NULL UNIQUE,
    scopes text NOT NULL, athletes bigint[], made_at timestamptz NOT NULL, used_at timestamptz
);
CREATE TABLE paceport.token_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key_name text NOT NULL, athlete_id bigint NOT NULL,
    need text NOT NULL, outcome text NOT NULL, used_at timestamptz NOT NULL
);
CREATE INDEX token_use_athlete ON paceport.token_use (athlete_id, used_at);
CREATE INDEX token_use_used_at ON paceport.token_use (used_at);
CREATE TABLE paceport.webhook_subscription (
    oauth_origin text NOT NULL, client_id text NOT NULL, subscription_id bigint NOT NULL,
    PRIMARY KEY (oauth_origin, client_id)
);
""",
    ),
    Migration(
        number=6,
        name="dead logins",
        sql="""
ALTER TABLE paceport.athlete ADD COLUMN dead_at timestamptz;
UPDATE paceport.athlete SET dead_at = coalesce(listed_at, now()) WHERE trouble <> '';
""",
    ),
    Migration(
        number=7,
        name="ended sessions and places",
        sql="""
CREATE TABLE paceport.ended_session (cookie_sha256 bytea PRIMARY KEY, expires_at timestamptz NOT NULL);
CREATE TABLE paceport.capacity (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), places integer NOT NULL
);
""",
    ),
)
NEWEST = MIGRATIONS[-1].number


def apply_migrations(connection: Connection[Any]) -> int:
    """Do the steps that are missing, in one transaction; the number of the last step that the database knows.

    A later one than `NEWEST` is left for the caller to refuse. Raises StoreUnreadable where a step was changed.
    """
    with connection.transaction():
        done = _steps_done(connection)
        if any(step.number not in done for step in MIGRATIONS):
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            connection.execute("CREATE SCHEMA IF NOT EXISTS paceport")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS paceport.migration (number integer PRIMARY KEY, name text NOT NULL,"
                " sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
            done = _steps_done(connection)
        for step in MIGRATIONS:
            if step.number not in done and max(done, default=0) <= NEWEST:
                connection.execute(step.sql.encode())
                connection.execute(
                    "INSERT INTO paceport.migration (number, name, sha256) VALUES (%s, %s, %s)",
                    [step.number, step.name, step.checksum],
                )
    for step in MIGRATIONS:
        if done.get(step.number, step.checksum) != step.checksum:
            raise StoreUnreadable(
                path="the PostgreSQL database",
                why=f"step {step.number} ({step.name}) of its tables is not the one that this version makes",
                fix="use the Paceport that made it, or another database",
            )
    return max(done, default=NEWEST)


def _steps_done(connection: Connection[Any]) -> dict[int, str]:
    found = connection.execute("SELECT to_regclass('paceport.migration')").fetchone()
    if found is None or found[0] is None:
        return {}
    return dict(connection.execute("SELECT number, sha256 FROM paceport.migration").fetchall())
