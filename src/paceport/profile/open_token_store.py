"""The token store that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.storage.private_files import check_private_folder

if TYPE_CHECKING:
    from paceport.clock import Clock
    from paceport.oauth.token_store.base import TokenStore
    from paceport.profile.settings import Settings
    from paceport.storage.postgres.database import Database
    from paceport.storage.postgres.sealing import Key
    from paceport.storage.postgres.waiting import Waits


def has_no_grants(settings: Settings) -> bool:
    """Whether nobody ever logged in here: seen as the token store in files would, without importing it."""
    state = settings.directories.state
    return settings.vault == "file" and not (check_private_folder(state) and check_private_folder(state / "grants"))


def open_token_store(settings: Settings, clock: Clock) -> TokenStore:
    """The store of `settings.vault`; only its own module is loaded. Raises UsageError where it is of no known kind."""
    kind, _, _rest = settings.vault.partition(":")
    if kind == "file":
        from paceport.oauth.token_store.file import FileTokenStore

        return FileTokenStore(settings.directories.state, clock=clock)
    if kind == "keyring":
        from paceport.oauth.token_store.keyring import KeyringTokenStore

        return KeyringTokenStore(settings.directories.state, clock=clock)
    if kind == "postgres":
        return _open_postgres(settings, clock)
    raise UsageError(
        what=f"vault = {settings.vault!r} is not known",
        why='the choices are "file", "keyring:" and "postgres:"',
        fix='vault = "file"',
    )


def open_database(settings: Settings, clock: Clock, *, connections: int = 4, waits: Waits | None = None) -> Database:
    """The database that DATABASE_URL names, with at most so many connections in each of its pools.

    `waits` says how long it is waited for. Raises MissingExtra, and UsageError where it names none.
    """
    from paceport.storage.postgres.database import Database
    from paceport.storage.postgres.waiting import Waits

    if settings.database_url is None:
        raise UsageError(
            what="DATABASE_URL is not set",
            why='vault = "postgres:" stores logins in the PostgreSQL database that it names',
            fix="export DATABASE_URL=postgresql://user:password@host:5432/database",
        )
    return Database(settings.database_url, clock=clock, connections=connections, waits=waits or Waits())


def open_shared_database(settings: Settings, clock: Clock, *, waits: Waits | None = None) -> Database:
    """The database of a service, waited for so long. Raises UsageError where logins are not in PostgreSQL."""
    if not settings.vault.startswith("postgres"):
        raise UsageError(
            what="A service needs its logins in PostgreSQL",
            why=f"vault = {settings.vault!r} is for one person on one machine",
            fix=f'set vault = "postgres:" in {settings.directories.config / "config.toml"}',
        )
    return open_database(settings, clock, waits=waits)


def read_keys(settings: Settings) -> tuple[Key, ...]:
    """The keys that logins in PostgreSQL are encrypted with, newest first. Raises UsageError where there is none."""
    from paceport.storage.postgres.sealing import keys_of_command, no_key, parse_keys

    if settings.keys is not None:
        return parse_keys(settings.keys.reveal(), source="PACEPORT_KEY or PACEPORT_KEYS")
    if settings.key_command:
        return keys_of_command(settings.key_command)
    raise no_key()


def _open_postgres(settings: Settings, clock: Clock) -> TokenStore:
    database = open_database(settings, clock)
    from paceport.oauth.token_store.postgres import PostgresTokenStore
    from paceport.storage.postgres.sealing import Sealer

    return PostgresTokenStore(database, Sealer(lambda: read_keys(settings)), clock=clock)
