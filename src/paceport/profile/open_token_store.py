"""The token store that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paceport.errors import UsageError
from paceport.storage.private_files import check_private_folder

if TYPE_CHECKING:
    from paceport.clock import Clock
    from paceport.oauth.token_store.base import TokenStore
    from paceport.profile.settings import Settings


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
    raise UsageError(
        what=f"vault = {settings.vault!r} is not known",
        why='the choices are "file" and "keyring:"',
        fix='vault = "file"',
    )
