"""What a login asks for, what it needs, and its result."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import field

from paceport.clock import Clock
from paceport.http_message import Send
from paceport.lazy_dataclass import dataclass
from paceport.oauth.login.environment import LoginEnvironment
from paceport.oauth.protocol.authorization_url import authorize_url
from paceport.oauth.token_store.base import App, Grant, TokenStore
from paceport.scopes import Scopes

LOCK_TIMEOUT_S = 30.0
_STATE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPlan:
    """What a login is to ask for, and how it is to treat the answer.

    `force_consent` shows the consent page even to an athlete who has agreed before. `is_strict` refuses a grant of
    fewer scopes than asked. `replaces_athlete` lets another athlete take over the profile, `only_athlete_id` allows one
    athlete alone. `port` 0 takes a free one.
    """

    app: App
    api_url: str
    profile: str
    requested_scopes: Scopes
    force_consent: bool = False
    is_strict: bool = False
    replaces_athlete: bool = False
    only_athlete_id: int | None = None
    port: int = 0
    timeout_s: float = 300.0

    def consent_url(self, *, redirect_uri: str, state: str) -> str:
        """The address of the consent page that asks for this, and sends its answer to `redirect_uri`."""
        return authorize_url(
            oauth_url=self.app.oauth_url,
            client_id=self.app.client_id,
            redirect_uri=redirect_uri,
            scopes=self.requested_scopes,
            state=state,
            force=self.force_consent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginContext:
    """What a login needs of the world around it.

    `say` gets lines for a person. `open_browser` is given the consent address unless `environment` advises against it;
    None opens none. `paste_fd` is the file descriptor a pasted address is read from, None where there is no terminal.
    """

    token_store: TokenStore
    send: Send
    clock: Clock
    say: Callable[[str], None]
    open_browser: Callable[[str], bool] | None = None
    paste_fd: int | None = None
    environment: LoginEnvironment = field(default_factory=lambda: LoginEnvironment(kind="desktop"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginResult:
    """A login that is saved. `missing_scopes` were asked for and not granted; `notes` are lines for a person."""

    grant: Grant
    requested_scopes: Scopes
    missing_scopes: Scopes
    notes: tuple[str, ...]


def new_state() -> str:
    """A state that nobody can guess, for one login."""
    return secrets.token_urlsafe(_STATE_BYTES)
