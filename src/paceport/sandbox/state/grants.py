"""Codes, grants and tokens: who may do what for how long. State and rules, no HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from paceport.sandbox.athletes.random_streams import RandomStreams
from paceport.sandbox.state.refusals import bad_request
from paceport.sandbox.state.switch import Switches

ACCESS_TOKEN_S = 6 * 3600
SAME_TOKEN_ABOVE_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A registered app. Inside the callback domain a redirect may go; localhost is always allowed."""

    client_id: int
    client_secret: str = field(repr=False)
    name: str
    callback_domain: str


@dataclass(slots=True, kw_only=True)
class AuthorizationCode:
    """An authorization code, from the consent page to the token endpoint."""

    client_id: int
    athlete_id: int
    scopes: tuple[str, ...]
    made_at_s: float
    refusals_left: int
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class Grant:
    """What one athlete has given one app, with one set of scopes. Each set has tokens of its own (assumed)."""

    client_id: int
    athlete_id: int
    scopes: tuple[str, ...]
    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    expires_at_s: int

    def allows(self, needed: str) -> bool:
        """Whether the scopes hold the needed one, or a wider one."""
        wider = {"read": "read_all", "activity:read": "activity:read_all"}.get(needed)
        return needed in self.scopes or wider in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedTokens:
    """What the token endpoint gives out."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at_s: int
    expires_in_s: int
    athlete_id: int
    scopes: tuple[str, ...]


class Grants:
    """All codes and grants of the world, and the counters that prove how they were used.

    `revoked` is called with the app that has lost an athlete, and the athlete.
    """

    def __init__(
        self,
        random_streams: RandomStreams,
        switches: Switches,
        revoked: Callable[[int, int], None] | None = None,
    ) -> None:
        self._random_streams, self._switches, self._revoked = random_streams, switches, revoked
        self._codes: dict[str, AuthorizationCode] = {}
        self._grants: list[Grant] = []
        self._access: dict[str, tuple[Grant, int]] = {}
        self._rotated_away: set[str] = set()
        self._consents: dict[tuple[int, int], set[str]] = {}
        self.exchanges = self.refreshes = self.replays = 0

    def connected(self, client_id: int) -> set[int]:
        """The athletes who have let this app in."""
        return {athlete_id for app, athlete_id in self._consents if app == client_id}

    def granted(self, client_id: int, athlete_id: int) -> set[str]:
        """All scopes this athlete has ever given this app and not taken back."""
        return set(self._consents.get((client_id, athlete_id), ()))

    def make_code(self, client_id: int, athlete_id: int, scopes: tuple[str, ...], now: datetime) -> str:
        """A fresh authorization code for what the athlete has just allowed."""
        self._consents.setdefault((client_id, athlete_id), set()).update(scopes)
        value = self._random_streams.hex40("code")
        self._codes[value] = AuthorizationCode(
            client_id=client_id,
            athlete_id=athlete_id,
            scopes=scopes,
            made_at_s=now.timestamp(),
            refusals_left=self._switches.number("fresh_code_refusals"),
        )
        return value

    def owner_of_code(self, value: str) -> int | None:
        """The athlete a living code belongs to."""
        code = self._codes.get(value)
        return None if code is None or code.is_used else code.athlete_id

    def exchange(self, client_id: int, value: str, now: datetime) -> IssuedTokens:
        """Tokens for a code. Raises the refusal of an unknown, used, foreign, too fresh or expired one."""
        code = self._codes.get(value)
        invalid = bad_request("AuthorizationCode", "code")
        if code is None or code.is_used or code.client_id != client_id:
            raise invalid
        age_s = now.timestamp() - code.made_at_s
        if age_s > self._switches.number("code_lifetime_s"):
            raise bad_request("AuthorizationCode", "", "expired")
        if code.refusals_left > 0 or age_s < self._switches.number("fresh_code_delay_s"):
            code.refusals_left = max(0, code.refusals_left - 1)
            raise invalid
        code.is_used = True
        self.exchanges += 1
        for grant in self._grants:
            if (grant.client_id, grant.athlete_id, set(grant.scopes)) == (
                client_id,
                code.athlete_id,
                set(code.scopes),
            ):
                return self._issue(grant, now)
        return self._issue(self._open(client_id, code.athlete_id, code.scopes, now), now, is_new=True)

    def refresh(self, client_id: int, refresh_token: str, now: datetime) -> IssuedTokens:
        """Tokens for a refresh token. Raises the refusal of an unknown, rotated-away, revoked or foreign one."""
        for grant in self._grants:
            if grant.refresh_token == refresh_token and grant.client_id == client_id:
                self.refreshes += 1
                return self._issue(grant, now)
        if refresh_token in self._rotated_away:
            self.replays += 1
        raise bad_request("RefreshToken", "refresh_token")

    def holder(self, access_token: str, now: datetime) -> Grant | None:
        """The grant behind a living access token."""
        grant, expires_at_s = self._access.get(access_token, (None, 0))
        return grant if now.timestamp() < expires_at_s else None

    def client_of(self, token: str) -> tuple[int, int] | None:
        """App and athlete an access or refresh token belongs to."""
        for grant in self._grants:
            if token == grant.refresh_token or (token in self._access and self._access[token][0] is grant):
                return grant.client_id, grant.athlete_id
        return None

    def drop_access_token(self, token: str) -> None:
        """End one access token and nothing else."""
        grant, _ = self._access.pop(token, (None, 0))
        if grant is not None and grant.access_token == token:
            grant.expires_at_s = 0

    def revoke(self, client_id: int, athlete_id: int) -> None:
        """End everything this athlete has given this app, waiting codes included."""
        pair = (client_id, athlete_id)
        had_access = self._consents.pop(pair, None) is not None
        self._grants = [grant for grant in self._grants if (grant.client_id, grant.athlete_id) != pair]
        self._access = {
            token: (grant, end)
            for token, (grant, end) in self._access.items()
            if (grant.client_id, grant.athlete_id) != pair
        }
        self._codes = {value: code for value, code in self._codes.items() if (code.client_id, code.athlete_id) != pair}
        if had_access and self._revoked is not None:
            self._revoked(client_id, athlete_id)

    def living(self) -> list[tuple[Grant, list[tuple[str, int]]]]:
        """Every grant with its access tokens and when each expires (epoch seconds): for tests, never for an app."""
        return [
            (grant, [(token, end) for token, (holder, end) in self._access.items() if holder is grant])
            for grant in self._grants
        ]

    def _open(self, client_id: int, athlete_id: int, scopes: tuple[str, ...], now: datetime) -> Grant:
        grant = Grant(
            client_id=client_id,
            athlete_id=athlete_id,
            scopes=scopes,
            refresh_token=self._random_streams.hex40("refresh_token"),
            access_token="",
            expires_at_s=0,
        )
        self._grants.append(grant)
        self._renew(grant, now)
        return grant

    def _issue(self, grant: Grant, now: datetime, *, is_new: bool = False) -> IssuedTokens:
        left_s = grant.expires_at_s - int(now.timestamp())
        needs_new = left_s <= SAME_TOKEN_ABOVE_S
        if needs_new:
            self._renew(grant, now)
        rotation = self._switches["refresh_rotation"]
        if not is_new and (rotation == "always" or (rotation == "on_new_token" and needs_new)):
            self._rotated_away.add(grant.refresh_token)
            grant.refresh_token = self._random_streams.hex40("refresh_token")
        return IssuedTokens(
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
            expires_at_s=grant.expires_at_s,
            expires_in_s=grant.expires_at_s - int(now.timestamp()),
            athlete_id=grant.athlete_id,
            scopes=grant.scopes,
        )

    def _renew(self, grant: Grant, now: datetime) -> None:
        # The token before stays in `_access`: it works until its own end.
        grant.access_token = self._random_streams.hex40("access_token")
        grant.expires_at_s = int(now.timestamp()) + ACCESS_TOKEN_S
        self._access[grant.access_token] = (grant, grant.expires_at_s)
