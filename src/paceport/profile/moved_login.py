"""Logins on the way between this machine and PostgreSQL: finishing what a move that died has left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from paceport.clock import Clock
from paceport.oauth.move_login import is_being_moved, settle_move
from paceport.oauth.token_store.base import Grant, TokenStore
from paceport.profile.open_token_store import open_token_store
from paceport.profile.settings import Settings


def settled_grants(found: Iterable[Grant], settings: Settings, clock: Clock, *, local: TokenStore) -> list[Grant]:
    """The grants, each that a move has marked as it is after asking PostgreSQL; without those that lie there now.

    Where no database is named a marked one stays as it is: what it says names the command that finishes the move.
    """
    if settings.database_url is None or settings.vault.startswith("postgres"):
        return list(found)
    shared = open_token_store(replace(settings, vault="postgres:"), clock)
    try:
        settled = [
            settle_move(grant, local=local, shared=shared) if is_being_moved(grant) else grant for grant in found
        ]
    finally:
        shared.close()
    return [grant for grant in settled if grant is not None]
