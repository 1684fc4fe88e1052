"""What a keeper and each of its refreshes need."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import field

from paceport.clock import Clock
from paceport.http_message import Send
from paceport.lazy_dataclass import dataclass
from paceport.oauth.token_store.base import App, GrantKey, TokenStore


def log_warning(text: str) -> None:
    """Log a warning under the package's name."""
    logging.getLogger("paceport").warning(text)


def ignore_step(step: str) -> None:
    """Nobody watches the steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreContext:
    """Where grants are stored. `on_step` is told the name of each step when it is done."""

    token_store: TokenStore
    clock: Clock
    on_step: Callable[[str], None] = ignore_step


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshContext(StoreContext):
    """One grant, where it is stored, and the way to its server.

    `app` is asked only when something has to be sent, and its secret goes to the grant's own server alone. `warn` gets
    a sentence where a token is handed out that will not last; by default it is logged. `lock_timeout_s` is how long to
    wait for another process, `retry_s` how long an unreachable server is tried. `is_exchanging` is set
    while a token may be on its way that is not yet saved.
    """

    key: GrantKey
    app: Callable[[], App]
    send: Send
    warn: Callable[[str], None] = log_warning
    lock_timeout_s: float = 30.0
    retry_s: float = 10.0
    is_exchanging: threading.Event = field(default_factory=threading.Event)
