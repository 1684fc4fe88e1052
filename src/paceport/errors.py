"""Every error that Paceport raises, in one tree: a class for each decision a caller can take, not for each message.

    PaceportError                 1   any error of Paceport
    ├── UsageError                2   the call itself is wrong
    │   ├── OriginMismatch        2   the stored login belongs to another server
    │   └── AppMismatch           2   the stored login or secret belongs to another app
    ├── AuthError                 1
    │   ├── LoginNeeded           3   the user must log in again, in a browser
    │   │   ├── LoginDenied       3   the user declined on the consent page
    │   │   ├── LoginTimeout      3   the browser did not come back in time
    │   │   ├── CodeRefused       3   the authorization code was used, has expired or is another app's
    │   │   └── TokenRefused      3   the access token is not accepted; a new one may be
    │   ├── RedirectRefused       2   that address does not belong to this login
    │   ├── ScopeMissing          4   the token works but lacks a scope
    │   └── AppCredentialsWrong   2   client id or secret is wrong; the login is unaffected
    ├── AppInactive               5   the app's owner has no subscription; the token is fine
    ├── RateLimited               6   wait, then continue
    ├── NetworkError              7
    │   ├── NotSent               7   the request never reached the server: safe to repeat
    │   ├── AnswerLost            7   the request may have reached the server: check before repeating
    │   ├── StravaDown            7   the server answered with a server error
    │   └── GatewayAnswer         7   a proxy, gateway or sign-in page answered in its place
    ├── StoreError                8
    │   ├── StoreUnreadable       8   a stored file is damaged or not Paceport's
    │   ├── StoreUnsafe           8   other users could read or replace a stored file
    │   ├── StoreUnwritable       8   nothing could be saved, so nothing was done
    │   ├── StoreChanged          8   another process wrote first: read again
    │   └── StoreTooNew           8   written by a newer version
    ├── Busy                      9   another process holds the lock
    ├── ApiError                  1   the service refused the call
    │   ├── BadRequest            1
    │   ├── NotFound              1
    │   ├── SubscriptionNeeded    1   this endpoint needs the athlete's own subscription
    │   ├── CapacityReached       1   the app may not have more athletes
    │   └── UnexpectedAnswer      1   the answer is not what the documentation says
    ├── FileError                 1   a file of the user's cannot be read
    └── MissingExtra              1   an optional part is not installed

The number is the exit code. Every error says what happened, why, and what to do; further facts are
attributes. No text contains a secret.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paceport.error_body import ErrorBody


class PaceportError(Exception):
    """The root of all errors: `what` happened, `why`, and the `fix` that a person can type or do."""

    exit_code = 1

    def __init__(self, *, what: str, why: str, fix: str) -> None:
        self.what, self.why, self.fix = what, why, fix
        super().__init__(f"{what}: {why}. To do: {fix}" if why else f"{what}. To do: {fix}")


class UsageError(PaceportError):
    """The call itself is wrong; nothing was sent and nothing changed."""

    exit_code = 2


class OriginMismatch(UsageError):
    """The stored login belongs to a server other than the one in use."""

    def __init__(self, *, stored: str, wanted: str) -> None:
        self.stored, self.wanted = stored, wanted
        super().__init__(
            what="This login belongs to another server",
            why=f"it was granted by {stored}, but the settings now point at {wanted}",
            fix="unset PACEPORT_OAUTH_URL and PACEPORT_API_URL, or log in there: paceport login",
        )


class AppMismatch(UsageError):
    """The stored login or secret belongs to an app (client id) other than the one in use."""

    def __init__(self, *, stored: str, wanted: str) -> None:
        self.stored, self.wanted = stored, wanted
        super().__init__(
            what="Two different client ids are in use",
            why=f"this login or command is for app {stored}, the environment names app {wanted}",
            fix="unset STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET, or use another profile: --profile NAME",
        )


class AuthError(PaceportError):
    """The login, the app or a permission is the problem."""


class LoginNeeded(AuthError):
    """The user must log in again, in a browser."""

    exit_code = 3

    def __init__(self, *, what: str = "You are not logged in", why: str, fix: str = "paceport login") -> None:
        super().__init__(what=what, why=why, fix=fix)


class LoginDenied(LoginNeeded):
    """The user declined on the consent page."""

    def __init__(self) -> None:
        super().__init__(
            what="The login was refused on Strava's page", why="Cancel was chosen there", fix="paceport login"
        )


class LoginTimeout(LoginNeeded):
    """The browser did not come back from the consent page in time."""


class CodeRefused(LoginNeeded):
    """The authorization code was used, has expired or belongs to another app."""

    def __init__(self, *, expired: bool = False) -> None:
        self.expired = expired
        super().__init__(
            what="Strava refused the authorization code",
            why="it is too old"
            if expired
            else "a code works once and for a short time; this one was used, has expired or belongs to another app",
            fix="paceport login",
        )


class TokenRefused(LoginNeeded):
    """Strava does not accept this access token. A new one may work; if not, the user must log in again."""

    def __init__(self, *, in_doubt: ErrorBody | None = None) -> None:
        self.in_doubt = in_doubt  # the answer, where its words leave open whether they mean the token
        super().__init__(
            what="Strava does not accept this access token",
            why="it has expired, or the athlete disconnected this app",
        )


class RedirectRefused(AuthError):
    """An address does not belong to this login: it has the wrong state or no code, or is another page.

    `is_final` says that it is the answer after all (its state is right) and reports an error: nothing else will come.
    """

    exit_code = 2

    def __init__(self, *, what: str, why: str, fix: str, is_final: bool = False) -> None:
        self.is_final = is_final
        super().__init__(what=what, why=why, fix=fix)


class ScopeMissing(AuthError):
    """The token works but lacks a scope. `needed` and `granted` are scope words with commas.

    `wider` is a scope that covers `needed` and shows private things too, "" without one: the better one to ask for.
    """

    exit_code = 4

    def __init__(
        self,
        *,
        needed: str,
        granted: str | None,
        what: str = "This login may not do that",
        fix: str | None = None,
        wider: str = "",
    ) -> None:
        self.needed, self.granted, self.wider = needed, granted, wider
        plus = " ".join(f"+{word}" for word in (wider or needed).split(","))
        has = f"this login grants {granted}" if granted else "it is not known what this login grants"
        more = f" ({wider} for private ones too)" if wider and wider != needed else ""
        super().__init__(what=what, why=f"{has}; it needs {needed}{more}", fix=fix or f"paceport grant {plus}")


class AppCredentialsWrong(AuthError):
    """Client id or client secret is wrong. The login itself is unaffected. `part` is "client id" or "client secret"."""

    exit_code = 2

    def __init__(self, *, part: str, why: str | None = None) -> None:
        self.part = part
        super().__init__(
            what=f"Strava does not accept the {part}",
            why=why or f"the stored or given {part} is not the one on the app's page",
            fix="compare both with https://www.strava.com/settings/api, then: paceport init --force",
        )


class AppInactive(PaceportError):
    """The app's owner has no Strava subscription, so every API call is refused. The token is fine; keep it."""

    exit_code = 5

    def __init__(self) -> None:
        super().__init__(
            what="Strava has set this app to Inactive",
            why="since 30 June 2026 the owner of an API app needs a paid Strava subscription; the login itself is fine",
            fix="subscribe and press Reactivate on https://www.strava.com/settings/api, "
            "or work without the API: paceport import export.zip",
        )


class RateLimited(PaceportError):
    """The app's requests of this window are used up. `until` is its end by this machine's clock, where it is known."""

    exit_code = 6

    def __init__(self, *, limit: str, until: datetime | None, usage: str = "") -> None:
        self.limit, self.until, self.usage = limit, until, usage
        when = f"{until:%H:%M:%S} UTC" if until else "the next quarter of an hour"
        super().__init__(
            what=f"Strava's {limit} rate limit is reached",
            why=f"all requests of the window are used{f' ({usage})' if usage else ''}; it opens again at {when}",
            fix="wait until then; nothing was lost",
        )


class NetworkError(PaceportError):
    """Strava could not be reached, or could not answer."""

    exit_code = 7


class NotSent(NetworkError):
    """The request never reached the server (name lookup, refused connection, TLS): safe to repeat.

    `is_lasting` says that the next try would end the same way: a certificate that is not trusted, a proxy that refuses.
    """

    def __init__(
        self,
        *,
        host: str,
        why: str,
        fix: str = "check the network, then try again; nothing was sent",
        is_lasting: bool = False,
    ) -> None:
        self.host, self.is_lasting = host, is_lasting
        super().__init__(what=f"{host} could not be reached", why=why, fix=fix)


class AnswerLost(NetworkError):
    """The request may have been sent, but no whole answer came. `is_lasting`: another try would end the same way."""

    def __init__(self, *, host: str, why: str, is_lasting: bool = False) -> None:
        self.host = host
        self.is_lasting = is_lasting
        super().__init__(
            what=f"The answer of {host} did not arrive completely",
            why=why,
            fix="try again; a call that only reads loses nothing",
        )


class StravaDown(NetworkError):
    """The server answered with a server error (5xx), often with a gateway's page."""

    def __init__(self, *, status: int, why: str = "") -> None:
        self.status = status
        super().__init__(
            what=f"Strava cannot answer now ({status})",
            why=why or "the problem is on Strava's side; your login and your data here are safe",
            fix="try again in a few minutes, and see https://status.strava.com",
        )


class GatewayAnswer(NetworkError):
    """Something between this machine and Strava answered instead: a proxy, a firewall, a network's sign-in page.

    `status` is its status, `title` the heading of its page, "" without one. It says nothing about login or data.
    """

    def __init__(self, *, status: int, title: str = "") -> None:
        self.status, self.title = status, title
        shown = f"; its page says {title!r}" if title else ""
        super().__init__(
            what=f"A proxy, gateway or sign-in page answered in place of Strava ({status})",
            why=f"the answer is not in Strava's format{shown}",
            fix="check the network and its proxy, or sign in to this network, then repeat; the login here is unchanged",
        )


class StoreError(PaceportError):
    """The place where logins and settings are stored is the problem."""

    exit_code = 8


class StoreUnreadable(StoreError):
    """A stored file is damaged or not Paceport's. `path` names it; it was not changed."""

    def __init__(self, *, path: str, why: str, fix: str = "move that file away, then: paceport login") -> None:
        self.path = path
        super().__init__(what=f"{path} cannot be read", why=why, fix=fix)


class StoreUnsafe(StoreError):
    """Other users could read or replace a stored file. `path` names it; it was not used."""

    def __init__(self, *, path: str, why: str, fix: str) -> None:
        self.path = path
        super().__init__(what=f"{path} is not a safe place for a login", why=why, fix=fix)


class StoreUnwritable(StoreError):
    """Nothing could be saved, so nothing was sent that would have needed saving."""

    def __init__(self, *, path: str, why: str, fix: str = "make room or make it writable, then try again") -> None:
        self.path = path
        super().__init__(what=f"{path} cannot be written", why=why, fix=fix)


class StoreChanged(StoreError):
    """Another process wrote between our reading and our writing, and its version was kept. Read again, then decide."""

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            what=f"{path} has changed in the meantime",
            why="another process wrote it first, and that version was kept",
            fix="repeat the command",
        )


class StoreTooNew(StoreError):
    """Written by a newer version. `path`, the `found` schema number and the newest we `know`."""

    def __init__(self, *, path: str, found: int, know: int) -> None:
        self.path, self.found, self.know = path, found, know
        super().__init__(
            what=f"{path} was written by a newer Paceport",
            why=f"it has schema {found}, this version knows up to {know}",
            fix="update this Paceport; nothing was changed",
        )


class Busy(PaceportError):
    """Another process holds the lock. `holder` says which, where it is known."""

    exit_code = 9

    def __init__(self, *, what: str, holder: str) -> None:
        self.holder = holder
        super().__init__(what=what, why=f"{holder} is using it", fix="wait for it to end, or stop it, then try again")


class ApiError(PaceportError):
    """The service refused the call. `fault` is what it said."""

    def __init__(self, *, what: str, why: str, fix: str, fault: ErrorBody | None = None) -> None:
        self.fault = fault
        super().__init__(what=what, why=why, fix=fix)


class BadRequest(ApiError):
    """A parameter or body is wrong, and the answer says which."""


class NotFound(ApiError):
    """Not found, or not visible to this token."""


class SubscriptionNeeded(ApiError):
    """This endpoint needs the athlete's own subscription (402)."""


class CapacityReached(ApiError):
    """The app may not have more athletes."""


class UnexpectedAnswer(ApiError):
    """The answer is not what the documentation says. It is shown without control characters and shortened."""


class FileError(PaceportError):
    """A file of the user's cannot be read. `path` names it; it was not changed."""

    def __init__(self, *, path: str, why: str, fix: str) -> None:
        self.path = path
        super().__init__(what=f"{path} cannot be used", why=why, fix=fix)


class MissingExtra(PaceportError):
    """An optional part is not installed. `extra` names it."""

    def __init__(self, *, extra: str, needed_for: str) -> None:
        from paceport.install import install_fix

        self.extra = extra
        super().__init__(
            what=f"{needed_for} needs an optional part",
            why=f"the extra '{extra}' is not installed",
            fix=install_fix(extra),
        )
