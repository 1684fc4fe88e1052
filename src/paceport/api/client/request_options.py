"""How a client works: its server, its request budget, how it waits and whom it informs."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import field
from typing import Protocol

from paceport.api.models.decoding import LeftOut
from paceport.api.rate_limit.budget import Budget, MemoryBudget
from paceport.api.rate_limit.headers import WaitPlan
from paceport.errors import UnexpectedAnswer
from paceport.lazy_dataclass import dataclass
from paceport.scopes import Scopes

DEFAULT_API_URL = "https://www.strava.com/api/v3"


class GrantedScopes(Protocol):
    """Tells the scopes of the login, None where they are not known; `again` looks anew instead of remembering."""

    def __call__(self, *, again: bool = False) -> Scopes | None: ...


def unknown_scopes(*, again: bool = False) -> Scopes | None:
    """None: nobody knows what the login grants."""
    del again
    return None


def log_warning(text: str) -> None:
    """Tell the log: where nobody else listens."""
    logging.getLogger("paceport").warning("%s", text)


def log_left_out(part: LeftOut) -> None:
    """Tell the log of a part that could not be read."""
    log_warning(str(part))


def refuse_left_out(part: LeftOut) -> None:
    """Raise UnexpectedAnswer for a part that could not be read: for callers who want all of an answer or none of it."""
    raise UnexpectedAnswer(
        what="A part of Strava's answer could not be read",
        why=str(part),
        fix="call again without refuse_left_out to get the rest of the answer",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """All that a requester may be told beside its network, its token and its clock.

    `granted` tells the scopes of the login where they are known. `wait` hears of every wait before it begins; with
    `no_wait` RateLimited is raised instead. `keep` requests of each window are left for others (for long work in the
    background). `threads` read a list at once. `spread` gives 0..1, so that processes waiting for the same edge do not
    all start at once. `left_out` hears of every row and part that could not be read, `warn` of a list that ended
    because it repeats itself.
    """

    api_url: str = DEFAULT_API_URL
    granted: GrantedScopes = unknown_scopes
    budget: Budget = field(default_factory=MemoryBudget)
    wait: Callable[[WaitPlan], None] | None = None
    no_wait: bool = False
    keep: int = 0
    threads: int = 8
    spread: Callable[[], float] = random.random
    left_out: Callable[[LeftOut], None] = log_left_out
    warn: Callable[[str], None] = log_warning
