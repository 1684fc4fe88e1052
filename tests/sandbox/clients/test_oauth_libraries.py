"""requests-oauthlib and authlib, unmodified: the login, and a refresh whose token is handed to the updater."""

from __future__ import annotations

from typing import Any

from authlib.integrations.requests_client import OAuth2Session as AuthlibSession  # type: ignore[import-untyped]  # brings no types
from requests_oauthlib import OAuth2Session as OauthlibSession  # type: ignore[import-untyped]  # brings no types

from sandbox.clients.conftest import agree
from sandbox.visitor import Visitor

AUTHORIZE, TOKEN = "https://www.strava.com/oauth/authorize", "https://www.strava.com/oauth/token"
ATHLETE = "https://www.strava.com/api/v3/athlete"
REDIRECT = "http://127.0.0.1:9/back"


def oauthlib_login(person: Visitor, **options: Any) -> OauthlibSession:  # what the library takes
    """Strava separates scopes by commas, so its users give one scope text."""
    app = person.world.app
    session = OauthlibSession(
        str(app.client_id), redirect_uri=REDIRECT, scope=["read,profile:read_all,activity:read_all"], **options
    )
    where, state = session.authorization_url(AUTHORIZE)
    landed = agree(person, where)
    assert f"state={state}" in landed
    code = landed.split("code=")[1].split("&")[0]
    session.fetch_token(TOKEN, code=code, client_secret=app.client_secret, include_client_id=True)
    return session


def test_requests_oauthlib_logs_in_and_asks(person: Visitor) -> None:
    session = oauthlib_login(person)

    assert session.get(ATHLETE).json()["id"] == person.world.people[0].id
    assert session.token["expires_at"] > person.world.now().timestamp()


def test_requests_oauthlib_hands_a_refreshed_token_to_the_updater(person: Visitor) -> None:
    app, saved = person.world.app, list[dict[str, Any]]()
    old = oauthlib_login(person).token
    person.world.clock.advance(7 * 3600)
    session = OauthlibSession(
        str(app.client_id),
        token={**old, "expires_at": 1},
        auto_refresh_url=TOKEN,
        auto_refresh_kwargs={"client_id": str(app.client_id), "client_secret": app.client_secret},
        token_updater=saved.append,
    )

    answer = session.get(ATHLETE)

    assert answer.status_code == 200
    assert [token["refresh_token"] == old["refresh_token"] for token in saved] == [False]
    assert saved[0]["access_token"] != old["access_token"]


def authlib_session(person: Visitor, **options: Any) -> AuthlibSession:  # what the library takes
    app = person.world.app
    return AuthlibSession(
        str(app.client_id),
        app.client_secret,
        token_endpoint_auth_method="client_secret_post",
        redirect_uri=REDIRECT,
        scope="read,profile:read_all,activity:read_all",
        **options,
    )


def test_authlib_logs_in_and_asks(person: Visitor) -> None:
    session = authlib_session(person)
    where, state = session.create_authorization_url(AUTHORIZE)

    session.fetch_token(TOKEN, authorization_response=agree(person, where), state=state)

    assert session.get(ATHLETE).json()["id"] == person.world.people[0].id


def test_authlib_refreshes_an_expired_token_before_it_asks(person: Visitor) -> None:
    first, saved = authlib_session(person), list[tuple[dict[str, Any], str]]()
    where, state = first.create_authorization_url(AUTHORIZE)
    old = dict(first.fetch_token(TOKEN, authorization_response=agree(person, where), state=state))
    person.world.clock.advance(7 * 3600)

    def save(token: dict[str, Any], refresh_token: str) -> None:
        saved.append((token, refresh_token))

    session = authlib_session(person, token={**old, "expires_at": 1}, token_endpoint=TOKEN, update_token=save)

    assert session.get(ATHLETE).status_code == 200
    assert [replaced for _, replaced in saved] == [old["refresh_token"]]
    assert saved[0][0]["refresh_token"] != old["refresh_token"]


def test_authlib_takes_the_refusal_of_a_revoked_login_for_a_token(person: Visitor) -> None:
    """It looks for `error`, and the service writes `errors`: on the service as here."""
    session = authlib_session(person)
    where, state = session.create_authorization_url(AUTHORIZE)
    session.fetch_token(TOKEN, authorization_response=agree(person, where), state=state)
    person.world.revoke()

    answer = session.refresh_token(TOKEN)

    assert answer["message"] == "Bad Request"
    assert "access_token" not in answer
