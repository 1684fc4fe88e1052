import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from oauth.browser import visit
from oauth.conftest import LogIn
from oauth.person import Person, code_of
from paceport.clock import ManualClock
from paceport.errors import LoginDenied, LoginTimeout, UsageError
from paceport.oauth.login.environment import LoginEnvironment
from paceport.oauth.login.flow import add_scopes
from paceport.oauth.login.login_plan import LoginContext, LoginPlan
from paceport.oauth.token_store.base import App, TokenStore
from paceport.sandbox.http.server import Address
from paceport.sandbox.state.world import World
from paceport.scopes import Scopes, parse_granted
from paceport.transport.http_transport import open_transport


def test_a_login_ends_with_a_saved_grant(
    plan: LoginPlan, log_in: LogIn, token_store: TokenStore, world: World, clock: ManualClock
) -> None:
    result = log_in(plan)

    grant = token_store.read(result.grant.key)
    assert grant == result.grant
    assert (grant.athlete_id, grant.generation, grant.status) == (world.people[0].id, 1, "ok")
    assert world.people[0].firstname in grant.athlete_name
    assert (grant.scopes, grant.scopes_known_by) == (plan.requested_scopes, "redirect")
    assert grant.expires_at == clock.now() + timedelta(hours=6)
    assert not result.missing_scopes
    assert result.notes == ()


def test_the_browser_is_sent_with_a_fresh_state_to_a_literal_address(
    plan: LoginPlan, log_in: LogIn, person: Person
) -> None:
    log_in(plan)
    log_in(plan)

    asked = [parse_qs(urlsplit(url).query) for url in person.asked]
    states = {query["state"][0] for query in asked}
    assert len(states) == 2
    # 256 bits are 43 characters of base64.
    assert all(len(state) == 43 for state in states)
    assert all(query["redirect_uri"][0].startswith("http://127.0.0.1:") for query in asked)
    assert "Permission given" in person.pages[0]


def test_a_journey_over_a_real_socket(
    plan: LoginPlan, log_in: LogIn, person: Person, server: Address, token_store: TokenStore
) -> None:
    app = App(oauth_url=server.url, client_id=plan.app.client_id, client_secret=plan.app.client_secret)

    with open_transport() as send:
        result = log_in(replace(plan, app=app, api_url=server.api_url), send=send)

    assert token_store.grants() == [result.grant]
    assert result.grant.key.oauth_origin == server.url


def test_wrong_redirects_and_a_favicon_in_between_do_no_harm(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    person.before = [
        lambda where: visit(where.partition("?")[0], path="/favicon.ico"),
        lambda where: visit(where.partition("?")[0], f"state=other&code={'0' * 40}"),
        lambda where: visit(where.partition("?")[0], "state=other&error=access_denied"),
    ]

    assert log_in(plan).grant.generation == 1


def test_cancel_is_a_denial_and_stores_nothing(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore
) -> None:
    person.decision = "deny"

    with pytest.raises(LoginDenied):
        log_in(plan)

    assert token_store.grants() == []
    assert "No permission given" in person.pages[0]


PASTES: dict[str, Callable[[str], str]] = {
    "whole address": lambda where: where,
    "address in quotes": lambda where: f'  "{where}"',
    "query": lambda where: where.partition("?")[2],
    "bare code": code_of,
}


@pytest.mark.parametrize("name", PASTES)
def test_a_login_by_paste(plan: LoginPlan, log_in: LogIn, person: Person, name: str) -> None:
    person.pastes = [PASTES[name]]

    result = log_in(plan)

    assert result.grant.generation == 1
    assert (result.grant.scopes_known_by == "unknown") == (name == "bare code")


def test_a_bare_code_is_said_to_leave_state_and_scopes_unknown(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    person.pastes = [code_of]

    result = log_in(plan)

    assert result.grant.scopes is None
    assert not result.missing_scopes
    assert "which login it answers" in result.notes[0]
    assert "does not say which scopes" in result.notes[1]


def test_wrong_pastes_are_explained_and_the_login_goes_on(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    person.pastes = [
        lambda where: "",
        lambda where: person.asked[0],
        lambda where: "no idea",
        lambda where: where.replace("state=", "state=x"),
        lambda where: where,
    ]

    assert log_in(plan).grant.generation == 1

    assert "address of the consent page" in person.text
    assert "no authorization code" in person.text
    assert "its state does not match" in person.text


def test_a_pasted_denial_is_a_denial(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    person.decision = "deny"
    person.pastes = [lambda where: where]

    with pytest.raises(LoginDenied):
        log_in(plan)


def test_the_browser_wins_against_a_terminal_where_nobody_types(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    silent, keyboard = os.pipe()

    result = log_in(plan, paste_fd=silent)

    assert result.grant.generation == 1
    os.write(keyboard, b"for the shell\n")
    assert os.read(silent, 100) == b"for the shell\n"


def test_nobody_coming_back_names_the_three_silent_causes(
    plan: LoginPlan, log_in: LogIn, clock: ManualClock, token_store: TokenStore
) -> None:
    def stare(url: str) -> bool:
        clock.advance(301)
        return True

    with pytest.raises(LoginTimeout) as caught:
        log_in(plan, open_browser=stare)

    assert all(cause in caught.value.why for cause in ("limit", "another machine", "closed"))
    assert token_store.grants() == []


def test_ctrl_c_leaves_nothing_behind(plan: LoginPlan, log_in: LogIn, token_store: TokenStore) -> None:
    ports: list[str] = []

    def interrupt(url: str) -> bool:
        ports.append(parse_qs(urlsplit(url).query)["redirect_uri"][0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        log_in(plan, open_browser=interrupt)

    with pytest.raises(ConnectionRefusedError):
        visit(ports[0])
    assert token_store.grants() == []


def broken(url: str) -> bool:
    raise OSError("no such program")


@pytest.mark.parametrize("browser", [lambda url: False, broken])
def test_a_browser_that_does_not_open_is_said(
    plan: LoginPlan, log_in: LogIn, person: Person, browser: Callable[[str], bool]
) -> None:
    person.pastes = [lambda where: where]

    log_in(plan, open_browser=browser)

    assert "No browser could be opened" in person.text


def test_over_ssh_no_browser_is_opened_and_the_line_to_copy_names_the_port(
    plan: LoginPlan, log_in: LogIn, person: Person
) -> None:
    person.pastes = [lambda where: where]

    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return True

    log_in(plan, open_browser=browser, environment=LoginEnvironment(kind="ssh", host="me@box"))

    assert opened == []
    port = urlsplit(parse_qs(urlsplit(person.asked[0]).query)["redirect_uri"][0]).port
    assert f"ssh -L {port}:127.0.0.1:{port} me@box" in person.text
    assert "opened in your browser" not in person.text


def test_no_secret_is_said(plan: LoginPlan, log_in: LogIn, person: Person) -> None:
    result = log_in(plan)

    secrets = [plan.app.client_secret, result.grant.access_token, result.grant.refresh_token]
    assert not any(secret.reveal() in f"{person.text} {result!r} {plan!r}" for secret in secrets)


def more(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock, words: str
) -> Scopes | None:
    grant = token_store.grants()[0]
    context = LoginContext(
        token_store=token_store, send=person.visitor.send, clock=clock, say=person.hear, open_browser=person.browse
    )
    result = add_scopes(grant, parse_granted(words), plan, context)
    assert token_store.read(grant.key) == result.grant
    return result.grant.scopes


def test_widening_asks_for_the_old_and_the_new(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock
) -> None:
    log_in(plan)

    scopes = more(plan, log_in, person, token_store, clock, "activity:write")

    assert str(scopes) == "read,activity:read_all,activity:write"
    assert "approval_prompt=force" in person.asked[-1]
    assert token_store.grants()[0].generation == 2


def test_widening_to_what_is_granted_asks_nobody(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock
) -> None:
    log_in(plan)

    more(plan, log_in, person, token_store, clock, "activity:read")

    assert len(person.asked) == 1
    assert token_store.grants()[0].generation == 1


def test_widening_a_grant_of_unknown_scopes_does_not_narrow_it(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock
) -> None:
    person.pastes = [code_of]
    log_in(plan)

    scopes = more(plan, log_in, person, token_store, clock, "profile:read_all")

    assert str(scopes) == "read,profile:read_all,activity:read_all"


def test_a_failed_widening_keeps_the_old_token(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock
) -> None:
    before = log_in(plan).grant
    person.decision = "deny"

    with pytest.raises(LoginDenied):
        more(plan, log_in, person, token_store, clock, "activity:write")

    assert token_store.grants() == [before]


def test_widening_refuses_another_athlete_whatever_the_plan_allows(
    plan: LoginPlan, log_in: LogIn, person: Person, token_store: TokenStore, clock: ManualClock, world: World
) -> None:
    plan = replace(plan, replaces_athlete=True)
    before = log_in(plan).grant
    world.sign_in(world.people[1].id)

    with pytest.raises(UsageError, match=f"athlete {world.people[0].id}.*{world.people[1].firstname}"):
        more(plan, log_in, person, token_store, clock, "activity:write")

    assert token_store.grants() == [before]
