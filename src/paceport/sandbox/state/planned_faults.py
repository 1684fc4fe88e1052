"""Planned faults: what shall go wrong, where, when and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

FaultKind = Literal["status", "html", "rate_limited", "revoked", "inactive", "slow", "cut", "lost", "dropped"]
KINDS: tuple[str, ...] = get_args(FaultKind)
SOCKET_KINDS = ("slow", "cut", "lost", "dropped")


class InvalidFault(Exception):
    """A plan that names nothing the sandbox can do; the text says what is wrong with it."""


class FaultNeedsSocket(ConnectionError):
    """In-process there is no connection to slow down or cut. Raised after `lost` and `cut` have committed."""


@dataclass(slots=True, kw_only=True)
class PlannedFault:
    """One planned fault: matching requests pass `after` times, then go wrong `times` times.

    kind      what the caller sees
    status    a JSON error of `status` (default 500); nothing is done
    html      a gateway's HTML page of `status` (default 502); nothing is done
    rate_limited  the 429 of the overall limit; nothing is done
    revoked   the 401 of a dead access token, or at the token endpoint the 400 of a dead refresh token
    inactive  the 403 of an app whose owner has no subscription
    slow      the answer, after `seconds`
    cut       the request is done; the answer ends in the middle and the connection closes
    lost      the request is done; the connection closes without an answer
    dropped   the connection closes and nothing is done
    """

    kind: FaultKind
    path: str = "/"
    method: str = ""
    times: int = 1
    after: int = 0
    status: int = 0
    seconds: float = 1.0

    def matches(self, method: str, path: str) -> bool:
        """Whether this is meant for such a request; `path` is a prefix, an empty method means any."""
        return path.startswith(self.path) and self.method in ("", method)


class PlannedFaults:
    """The plans in force, oldest first."""

    def __init__(self) -> None:
        self._pending: list[PlannedFault] = []

    def plan(self, fault: PlannedFault) -> None:
        """Add a plan. Raises InvalidFault for one that could never happen."""
        if fault.kind not in KINDS:
            raise InvalidFault(f"kind is one of {', '.join(KINDS)}, not {fault.kind!r}")
        if fault.times < 1 or fault.after < 0 or not 0 <= fault.seconds <= 600:
            raise InvalidFault("times is 1 or more, after 0 or more, seconds 0 to 600")
        if fault.status and not 400 <= fault.status <= 599:
            raise InvalidFault("status is 400 to 599")
        self._pending.append(fault)

    def next_fault(self, method: str, path: str) -> PlannedFault | None:
        """What shall go wrong with this request, if anything; counts it as done."""
        for fault in self._pending:
            if not fault.matches(method, path):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                self._pending.remove(fault)
            return fault
        return None

    def pending(self) -> tuple[PlannedFault, ...]:
        """The faults that are still to come."""
        return tuple(self._pending)

    def clear(self) -> None:
        """Forget every plan."""
        self._pending.clear()
