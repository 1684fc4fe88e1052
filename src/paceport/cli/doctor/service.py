"""Whether Strava answers, and whether it accepts this app and this login."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from paceport.api.rate_limit.headers import Rates, read_rates
from paceport.cli.doctor.finding import Finding
from paceport.error_body import read_error_body
from paceport.errors import AppCredentialsWrong, LoginNeeded, NetworkError, PaceportError
from paceport.http_message import Request, Response
from paceport.oauth.login.try_app_credentials import try_app_credentials
from paceport.oauth.protocol.server_time import clock_offset_s
from paceport.oauth.token_store.base import App
from paceport.profile.profile import Profile

_CLOCK_LEEWAY_S = 60.0


def about_service(profile: Profile) -> Iterator[Finding]:
    """Reachability, clock, secret, API and rates: four requests at the most."""
    try:
        sent_at = profile.clock.now()
        answer = profile.send(Request(method="GET", url=f"{_api(profile)}/athlete"), timeout_s=10.0)
    except NetworkError as error:
        yield Finding(
            check="network",
            state="bad",
            text=f"{error.what}: {error.why}",
            public=type(error).__name__,
            fix="check the network, a proxy (HTTPS_PROXY), and https://status.strava.com",
        )
        return
    received_at = profile.clock.now()
    if answer.status >= 500:
        text = f"the API answers {answer.status}"
        yield Finding(
            check="network", state="bad", text=text, public=text, fix="wait, and see https://status.strava.com"
        )
        return
    yield Finding(check="network", state="ok", text=f"{_api(profile)} answers", public="answers")
    yield about_clock(clock_offset_s(answer, sent_at=sent_at, received_at=received_at))
    yield _about_secret(profile)
    yield from _about_api(profile)


def about_clock(offset_s: float) -> Finding:
    """How far this machine's clock is from the service's."""
    if abs(offset_s) <= _CLOCK_LEEWAY_S:
        return Finding(check="clock", state="ok", text=f"within {_CLOCK_LEEWAY_S:.0f} s of the service's", public="ok")
    side = "behind" if offset_s > 0 else "ahead of"
    text = f"{abs(offset_s):.0f} s {side} the service's; the expiry of tokens is judged by the service's clock"
    return Finding(check="clock", state="note", text=text, public=f"{offset_s:+.0f} s", fix="set this machine's clock")


def _about_secret(profile: Profile) -> Finding:
    try:
        app = profile.find_app()
        if app is None:
            return Finding(check="secret", state="skipped", text="no app is known")
        return _try_credentials(profile, app)
    except (AppCredentialsWrong, NetworkError) as error:
        return Finding(
            check="secret", state="bad", text=f"{error.what}: {error.why}", public=type(error).__name__, fix=error.fix
        )
    except PaceportError as error:
        return Finding(check="secret", state="skipped", text=f"{error.what}: {error.why}", public=type(error).__name__)


def _try_credentials(profile: Profile, app: App) -> Finding:
    if try_app_credentials(app, send=profile.send, clock=profile.clock):
        return Finding(check="secret", state="ok", text="client id and secret are accepted", public="accepted")
    return Finding(check="secret", state="skipped", text="the service accepted a token that does not exist")


def _about_api(profile: Profile) -> Iterator[Finding]:
    try:
        token = profile.token()
        headers = {"authorization": f"Bearer {token}"}
        answer = profile.send(Request(method="GET", url=f"{_api(profile)}/athlete", headers=headers), timeout_s=10.0)
    except PaceportError as error:
        yield Finding(
            check="API",
            state="bad",
            text=f"{error.what}: {error.why}",
            public=type(error).__name__,
            fix=error.fix,
            repair="login" if isinstance(error, LoginNeeded) else "",
        )
        return
    yield about_answer(answer, command=profile.command)
    rates = read_rates(answer.headers, now=profile.clock.now())
    if rates is not None:
        yield about_rates(rates)


def about_answer(answer: Response, *, command: Callable[[str], str]) -> Finding:
    """What the API says to a token that should live. `command` writes a command line for this profile."""
    if answer.status == 200:
        return Finding(check="API", state="ok", text="it accepts the token", public="200")
    fault = read_error_body(answer.status, answer.body)
    if fault.has_detail("Application", "Status", "Inactive"):
        return Finding(
            check="API",
            state="bad",
            text="the app is inactive: since 30 June 2026 its owner needs a Strava subscription; the login is fine",
            public="inactive",
            fix="subscribe, then reactivate it on https://www.strava.com/settings/api; or: paceport import export.zip",
        )
    if answer.status == 429:
        return Finding(
            check="API", state="note", text="the rate limit is used up", public="429", fix="wait; nothing was lost"
        )
    if answer.status == 401 and fault.has_detail("AccessToken"):
        text = "it accepts the token, which lacks the permission to read whose it is"
        return Finding(check="API", state="note", text=text, public="401, a permission", fix=command("grant +read"))
    if answer.status == 401:
        fix = command("login")
        return Finding(check="API", state="bad", text="it refuses the token", public="401", fix=fix, repair="login")
    said = f"it answers {fault}"
    return Finding(check="API", state="bad", text=said, public=str(answer.status), fix="try again later")


def about_rates(rates: Rates) -> Finding:
    """What the app may still send."""
    parts = [
        f"{name}: {_count(usage.quarter_used)} of {_count(usage.quarter_limit)} this quarter hour, "
        f"{_count(usage.day_used)} of {_count(usage.day_limit)} today"
        for name, usage in (("overall", rates.overall), ("read", rates.read))
        if not usage.is_empty()
    ]
    return Finding(check="rate limits", state="ok", text="; ".join(parts), public="; ".join(parts))


def _count(number: int | None) -> str:
    return "?" if number is None else f"{number:,}"


def _api(profile: Profile) -> str:
    return profile.settings.api_url.rstrip("/")
