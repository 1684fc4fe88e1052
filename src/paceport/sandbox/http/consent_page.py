"""The consent page: what an app may ask for, what the athlete answers, and where the browser goes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from werkzeug import Response

from paceport.sandbox.http.answers import html_answer
from paceport.sandbox.http.html_pages import render
from paceport.sandbox.http.routing import Call
from paceport.sandbox.state.grants import App
from paceport.sandbox.state.refusals import bad_request

# What a box on the page says; the last words of each are ours, but for the one of activity:read_all.
SCOPE_WORDS = {
    "read": "View data about your public profile, public routes, segments and clubs",
    "read_all": "View your private routes, private segments and private events",
    "profile:read_all": "View your complete profile and your heart rate and power zones",
    "profile:write": "Change your weight and threshold, and star segments for you",
    "activity:read": "View data about your activities, save what you keep private",
    "activity:read_all": "View data about your private activities",
    "activity:write": "Upload activities, create them by hand, and edit them",
}
LISTED = 100  # athletes that the page offers; the form takes any
_ALWAYS_ALLOWED = ("localhost", "127.0.0.1")
# These schemes run in a browser instead of leading to an app.
_NEVER_ALLOWED = ("javascript", "data", "vbscript", "file", "blob", "about")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRequest:
    """One request for consent that has passed every check."""

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    must_ask: bool


def authorize(call: Call) -> Response:
    """Show the page, or go straight back; with the page's form, take the athlete's answer."""
    asked = read_consent_request(call)
    capacity = call.world.switches.number("athlete_capacity")
    connected = call.world.grants.connected(asked.app.client_id)
    if call.request.method == "POST":
        return _decide(call, asked, connected, capacity)
    if not connected and capacity == 0:
        return _over_capacity()
    granted = call.world.grants.granted(asked.app.client_id, call.world.signed_in)
    passes = set(asked.scopes) <= granted or call.world.switches["auto_with_new_scopes"] == "pass"
    if granted and passes and not asked.must_ask:
        scopes = tuple(scope for scope in asked.scopes if scope in granted) or tuple(sorted(granted))
        return _go_back(call, asked, call.world.signed_in, scopes)
    return _show(call, asked)


def read_consent_request(call: Call) -> ConsentRequest:
    """The parameters, checked in the order client id, redirect, response type, scope."""
    world, given = call.world, call.request.args
    app = world.find_app(given.get("client_id", ""))
    if app is None:
        raise bad_request("Application", "client_id")
    redirect_uri = given.get("redirect_uri", "")
    if not redirect_allowed(redirect_uri, app.callback_domain, ipv6=bool(world.switches["ipv6_loopback_redirect"])):
        raise bad_request("Application", "redirect_uri")
    if given.get("response_type") != "code":
        raise bad_request("Application", "response_type")
    words = [word for word in re.split(r"[\s,+]+", given.get("scope", "")) if word]
    if not words or any(word not in SCOPE_WORDS for word in words):
        raise bad_request("Authorize", "scope")
    prompt = given.get("approval_prompt", "auto") or "auto"
    if prompt not in ("auto", "force"):
        raise bad_request("Authorize", "approval_prompt")
    return ConsentRequest(
        app=app,
        redirect_uri=redirect_uri,
        scopes=tuple(scope for scope in SCOPE_WORDS if scope in words),
        state=given.get("state", ""),
        must_ask=prompt == "force",
    )


def redirect_allowed(uri: str, domain: str, *, ipv6: bool = False) -> bool:
    """Whether the service would send a browser there: the registered domain, below it, or this machine."""
    if not uri.isascii() or not uri.isprintable() or " " in uri:
        return False
    try:
        parts = urlsplit(uri)
        host = (parts.hostname or "").lower()
        _ = parts.port
    except ValueError:
        return False
    if not host or not parts.scheme or parts.scheme.lower() in _NEVER_ALLOWED:
        return False
    if host in _ALWAYS_ALLOWED or (ipv6 and host == "::1"):
        return True
    domain = domain.lower()
    return host == domain or host.endswith("." + domain)


def redirect_url(asked: ConsentRequest, **answer: str) -> str:
    """Where the browser goes: state first, also an empty one; commas and colons stay as they are."""
    base, hash_sign, fragment = asked.redirect_uri.partition("#")
    pairs = {"state": asked.state, **answer}
    query = "&".join(f"{name}={quote(value, safe=',:')}" for name, value in pairs.items())
    return f"{base}{'&' if '?' in base else '?'}{query}{hash_sign}{fragment}"


def _decide(call: Call, asked: ConsentRequest, connected: set[int], capacity: int) -> Response:
    form = call.request.form
    chosen = form.get("athlete", str(call.world.signed_in))
    person = call.world.person(int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    if person is None:
        raise bad_request("Athlete", "id")
    if form.get("decision") != "authorize":
        return _redirect(redirect_url(asked, error="access_denied"))
    if person.id not in connected and len(connected) >= capacity:
        return _over_capacity()
    # A page's form always says that its boxes were shown; a script that sends none takes all that was asked.
    ticked = set(form.getlist("granted")) if "boxes" in form or "granted" in form else set(asked.scopes)
    scopes = tuple(scope for scope in asked.scopes if scope in ticked)
    if not scopes and call.world.switches["read_scope"] == "as_ticked":
        return _redirect(redirect_url(asked, error="access_denied"))
    call.world.sign_in(person.id)
    return _go_back(call, asked, person.id, scopes)


def _go_back(call: Call, asked: ConsentRequest, athlete_id: int, scopes: tuple[str, ...]) -> Response:
    if call.world.switches["read_scope"] == "always" and "read" not in scopes:
        scopes = ("read", *scopes)
    code = call.world.grants.make_code(asked.app.client_id, athlete_id, scopes, call.now)
    return _redirect(redirect_url(asked, code=code, scope=",".join(scopes)))


def _show(call: Call, asked: ConsentRequest) -> Response:
    return html_answer(
        render(
            "consent.html",
            app=asked.app,
            people=_offered(call),
            others=max(0, len(call.world.people) - LISTED),
            signed_in=call.world.signed_in,
            boxes=[(scope, SCOPE_WORDS[scope]) for scope in asked.scopes],
            goes_to=urlsplit(asked.redirect_uri).netloc,
        )
    )


def _offered(call: Call) -> list[tuple[int, str]]:
    """The first athletes by id and name, and whoever is signed in."""
    offered = list(call.world.population.named(LISTED))
    person = call.world.person(call.world.signed_in)
    if person is not None and person.id not in dict(offered):
        offered.append((person.id, f"{person.firstname} {person.lastname}"))
    return offered


def _over_capacity() -> Response:
    return html_answer(
        render("message.html", title="Error 403", text="Limit of connected athletes exceeded"), status=403
    )


def _redirect(url: str) -> Response:
    result = Response(b"", status=302, content_type="text/html; charset=utf-8")
    result.autocorrect_location_header = False
    result.headers["Location"] = url
    result.headers["Cache-Control"] = "no-store"
    return result
